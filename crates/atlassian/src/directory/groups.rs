//! Members of many groups at a time, whichever product lists them.
//!
//! The products of a site share its groups and their ids. So where one product does not tell the members, the other is
//! asked, if the token may ask it (sheet section 3.9).

use super::Draft;
use crate::http::{CallError, unless_refused};
use access::{Group, User};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::Problem;
use std::collections::BTreeSet;
use sync::FetchError;

/// Groups asked for at a time; the governor sets the pace.
const AT_ONCE: usize = 10;

/// A member of a group, as a product lists one.
pub(super) struct Member {
    pub(super) id: String,
    pub(super) user: User,
    /// Whether the record says if this is a guest of Confluence.
    pub(super) tells_guests: bool,
}

/// The members of one group, with what was noted on the way.
pub(super) type Members = (Vec<Member>, Vec<Problem>);

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
                Ok(members) => return Ok((group, Ok(members))),
                Err(reason) => reason,
            };
            // The other product may not be there at all, which is no failure of this one.
            Ok::<_, FetchError>((group, otherwise.await.map_err(|_| reason)))
        }
    });
    let read: Vec<_> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
    for (group, members) in read {
        draft.directory.members.entry(Group::Id(group.as_str().into())).or_default();
        match members {
            Ok((members, mut problems)) => {
                draft.problems.append(&mut problems);
                for member in members {
                    draft.member(&group, &member.id);
                    draft.listed(member);
                }
            }
            Err(reason) => {
                draft.unreadable(&format!("group {group}"), &reason, "nobody is admitted through it");
            }
        }
    }
    Ok(())
}
