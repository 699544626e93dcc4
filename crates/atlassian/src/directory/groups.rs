//! Members of many groups at a time, whichever product lists them.

use super::Draft;
use crate::http::CallError;
use access::{Group, User};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use model::Problem;
use std::collections::BTreeSet;
use sync::FetchError;

/// Groups asked for at a time; the governor sets the pace.
const AT_ONCE: usize = 10;

/// The members of one group, with what was noted on the way.
pub(super) type Members = (Vec<(String, User)>, Vec<Problem>);

/// Adds the members of all groups to the draft. A group that may not be read has no members.
pub(super) async fn add<F>(
    draft: &mut Draft,
    groups: BTreeSet<String>,
    read: impl Fn(String) -> F,
) -> Result<(), FetchError>
where
    F: Future<Output = Result<Members, CallError>>,
{
    let reads = groups.into_iter().map(|group| {
        let read = read(group.clone());
        async move {
            match crate::http::unless_refused(read.await) {
                Ok(members) => Ok((group, members)),
                Err(error) => Err(error),
            }
        }
    });
    let read: Vec<_> = stream::iter(reads).buffered(AT_ONCE).try_collect().await?;
    for (group, members) in read {
        draft.directory.members.entry(Group::Id(group.as_str().into())).or_default();
        match members {
            Ok((members, mut problems)) => {
                draft.problems.append(&mut problems);
                for (id, user) in members {
                    draft.member(&group, &id);
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
