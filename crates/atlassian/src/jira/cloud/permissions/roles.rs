//! Who acts in a project role (Appendix A5).

use super::Actors;
use crate::jira::cloud::wire::{self, each};
use access::{Group, Holder, UserId};

/// Reads the actors of a role. Those that could not be read act in nothing and are counted.
pub(crate) fn actors(role: wire::ProjectRole) -> Actors {
    let (actors, misfits) = each::<wire::Actor>(role.actors);
    let mut lost = misfits.len();
    let mut holders = Vec::with_capacity(actors.len());
    for actor in actors {
        match holder(&actor) {
            Some(holder) => holders.push(holder),
            None => lost += 1,
        }
    }
    Actors::Known { holders, lost }
}

/// A type and a part that contradict each other name nobody.
fn holder(actor: &wire::Actor) -> Option<Holder> {
    let kind = actor.r#type.as_deref().unwrap_or_default();
    let group = actor.actor_group.as_ref().and_then(|group| group.group_id.as_deref()).filter(|id| !id.is_empty());
    let user = actor.actor_user.as_ref().and_then(|user| user.account_id.as_deref()).filter(|id| !id.is_empty());
    match (kind, group, user) {
        ("atlassian-group-role-actor", Some(group), None) => Some(Holder::Group(Group::Id(group.into()))),
        ("atlassian-user-role-actor", None, Some(user)) => Some(Holder::User(UserId::Account(user.into()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn groups_and_users_act_and_anything_else_does_not() {
        let role = serde_json::from_value(json!({"id": 10002, "name": "Administrators", "actors": [
            {"id": 10240, "displayName": "eng", "type": "atlassian-group-role-actor", "name": "eng",
             "actorGroup": {"name": "eng", "displayName": "eng", "groupId": "g-uuid-1"}},
            {"id": 10241, "displayName": "Ana", "type": "atlassian-user-role-actor", "actorUser": {"accountId": "acc-1"}},
            {"id": 10242, "displayName": "?", "type": "atlassian-team-role-actor", "actorUser": {"accountId": "acc-2"}},
            {"id": 10243, "displayName": "gone", "type": "atlassian-group-role-actor", "actorGroup": {"name": "gone"}},
            7,
        ]}))
        .unwrap();
        let expected = [Holder::Group(Group::Id("g-uuid-1".into())), Holder::User(UserId::Account("acc-1".into()))];
        assert_eq!(actors(role), Actors::Known { holders: expected.to_vec(), lost: 3 });
    }

    #[test]
    fn ten_thousand_actors_all_act_and_the_odd_ones_among_them_are_counted() {
        let actor = |at: usize| match at % 10 {
            0 => {
                json!({"id": at, "type": "atlassian-robot-role-actor", "actorUser": {"accountId": format!("acc-{at}")}})
            }
            1 => json!({"id": at, "type": "atlassian-user-role-actor", "actorUser": {}}),
            _ => {
                json!({"id": at, "type": "atlassian-user-role-actor", "actorUser": {"accountId": format!("acc-{at}")}})
            }
        };
        let role = json!({"id": 10002, "name": "All", "actors": (0..10_000).map(actor).collect::<Vec<_>>()});
        let Actors::Known { holders, lost } = actors(serde_json::from_value(role).unwrap()) else {
            panic!("forbidden")
        };
        assert_eq!((holders.len(), lost), (8_000, 2_000));
    }
}
