//! Members of many groups at a time, whichever product lists them.
//!
//! The products of a site share its groups and their ids. So where one product does not tell the members, the other is
//! asked, if the token may ask it (sheet section 3.9).

use super::Draft;
use crate::http::{CallError, unless_refused};
use access::{Group, User, UserId};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::Problem;
use std::collections::BTreeSet;
use sync::FetchError;

/// Groups asked for at a time; the governor sets the pace.
const AT_ONCE: usize = 10;

/// The members of one group, with what was noted on the way.
pub(super) type Members = (Vec<(String, User)>, Vec<Problem>);

/// Adds the members of all groups to the draft. A group that neither product tells the members of has none.
pub(super) async fn add<F, G>(
    draft: &mut Draft,
    groups: BTreeSet<String>,
    read: impl Fn(String) -> F,
    otherwise: impl Fn(String) -> G,
) -> Result<(), FetchError>
where
    F: Future<Output = Result<Members, CallError>>,
    G: Future<Output = Result<Members, CallError>>,
{
    let reads = groups.into_iter().map(|group| {
        let (read, otherwise) = (read(group.clone()), otherwise(group.clone()));
        async move {
            let reason = match unless_refused(read.await)? {
                Ok(members) => return Ok((group, true, Ok(members))),
                Err(reason) => reason,
            };
            // The other product may not be there at all, which is no failure of this one.
            Ok::<_, FetchError>((group, false, otherwise.await.map_err(|_| reason)))
        }
    });
    let read: Vec<_> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
    for (group, by_this_product, members) in read {
        draft.directory.members.entry(Group::Id(group.as_str().into())).or_default();
        match members {
            Ok((members, mut problems)) => {
                draft.problems.append(&mut problems);
                for (id, user) in members {
                    draft.member(&group, &id);
                    if by_this_product {
                        draft.told.insert(UserId::Account(id.as_str().into()));
                    }
                    draft.user(&id, user);
                }
            }
            Err(reason) => {
                draft.unreadable(&format!("group {group}"), &reason, "nobody is admitted through it");
            }
        }
    }
    Ok(())
}
