//! Samples of every shape, as the sheet's appendix A gives them, and their traps.

use super::{Assignment, Attachment, Comment, Content, FoundComment, Permission, Place, Restricted, Space, SpaceV1};
use model::{DocumentKey, Kind, Millis, NodeKey, NodeKind};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_page_with_its_body_and_place() {
    let page: Content = read(json!({
        "id": "70001", "status": "current", "title": "Runbook", "spaceId": "65540", "parentId": "65600",
        "parentType": "page", "position": 3, "authorId": "acc-1", "ownerId": "acc-1", "lastOwnerId": null,
        "subtype": null, "createdAt": "2026-01-02T03:04:05.678Z",
        "version": { "number": 4, "message": "", "minorEdit": false, "authorId": "acc-2",
                     "createdAt": "2026-01-31T09:00:00.000Z" },
        "body": { "storage": { "representation": "storage", "value": "<p>Hi</p>" } },
        "_links": { "webui": "/spaces/ENG/pages/70001/Runbook", "editui": "/x", "tinyui": "/x/IQAB" }
    }));
    assert_eq!(page.above(), NodeKey::new(NodeKind::Content, "65600"));
    assert_eq!(page.body.storage(), Some("<p>Hi</p>"));
    assert_eq!(page.created_at.0, Millis(1_767_323_045_678));
    assert_eq!(page.version.number, 4);
}

#[test]
fn a_live_doc_at_the_root_of_its_space_and_a_body_that_was_not_asked_for() {
    let page: Content = read(json!({
        "id": 70002, "status": "current", "title": "Live", "spaceId": 65540, "parentId": null, "subtype": "live",
        "createdAt": "2026-01-02T03:04:05Z", "version": { "number": 1, "createdAt": "2026-01-02T03:04:05Z" }, "body": {}
    }));
    assert_eq!(page.above(), NodeKey::new(NodeKind::Space, "65540"));
    assert_eq!(page.body.storage(), None);
}

#[test]
fn comments_name_a_page_a_post_or_only_the_comment_above() {
    let comment = |more: Value| {
        let mut whole = json!({ "id": "1", "status": "current", "version": { "number": 1,
            "createdAt": "2026-01-02T03:04:05Z" }, "body": {} });
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        read::<Comment>(whole)
    };
    assert_eq!(comment(json!({ "pageId": "7" })).owner(), Some(DocumentKey::new(Kind::Page, "7")));
    assert_eq!(comment(json!({ "blogPostId": "8" })).owner(), Some(DocumentKey::new(Kind::BlogPost, "8")));
    let reply = comment(json!({ "pageId": null, "parentCommentId": "9" }));
    assert_eq!((reply.owner(), reply.parent_comment_id.unwrap().0.as_str()), (None, "9"));
}

#[test]
fn an_attachment() {
    let file: Attachment = read(json!({
        "id": "att123", "status": "current", "title": "a.pdf", "createdAt": "2026-01-02T03:04:05Z", "pageId": "70001",
        "mediaType": "application/pdf", "comment": "", "fileId": "uuid", "fileSize": 1234,
        "webuiLink": "/pages/viewpageattachments.action?pageId=70001", "downloadLink": "/download/x",
        "version": { "number": 1, "createdAt": "2026-01-02T03:04:05Z", "authorId": "acc-1" }
    }));
    assert_eq!(file.owner(), Some(DocumentKey::new(Kind::Page, "70001")));
    assert_eq!(file.file_size, Some(1234));
}

#[test]
fn only_read_on_the_space_itself_counts() {
    let row = |key: &str, target: &str| {
        let row = json!({ "id": "900", "principal": { "type": "group", "id": "g-1" },
            "operation": { "key": key, "targetType": target } });
        read::<Permission>(row).operation.reads_space()
    };
    assert!(row("read", "space"));
    assert!(!row("administer", "space") && !row("read", "page") && !row("create", "page"));
}

#[test]
fn spaces_roles_and_public_access() {
    let space: Space = read(json!({ "id": "65540", "key": "~acc-1", "name": "Ana", "type": "personal",
        "status": "current", "homepageId": null, "description": null, "_links": { "webui": "/spaces/~acc-1" } }));
    assert_eq!(space.kind.as_deref(), Some("personal"));
    let assigned: Assignment = read(json!({ "roleId": "r-1",
        "principal": { "principalType": "ACCESS_CLASS", "principalId": "all-licensed-users" } }));
    assert_eq!(assigned.principal.principal_id.0, "all-licensed-users");
    let space = |anonymous: bool, unlicensed: bool| {
        let operation = json!({ "operation": "read", "targetType": "space" });
        read::<SpaceV1>(json!({ "id": 65540, "key": "ENG", "permissions": [{ "id": 1, "operation": operation,
            "anonymousAccess": anonymous, "unlicensedAccess": unlicensed }] }))
    };
    assert!(space(true, false).is_public());
    assert!(!space(false, true).is_public(), "portal customers are not everybody");
}

#[test]
fn a_list_that_is_full_may_go_on() {
    let listed = |results: usize, limit: usize, size: usize| {
        let users: Vec<_> = (0..results).map(|at| json!({ "accountId": at.to_string() })).collect();
        let content: Restricted = read(json!({ "id": "70001", "type": "page", "restrictions": { "read": {
            "operation": "read", "restrictions": {
                "user": { "results": users, "start": 0, "limit": limit, "size": size },
                "group": { "results": [], "start": 0, "limit": limit, "size": 0 } } } } }));
        let principals = content.restrictions.unwrap().read.unwrap().restrictions.unwrap();
        principals.user.unwrap().may_go_on()
    };
    assert!(listed(200, 200, 200));
    assert!(listed(3, 200, 250), "the list says that it is longer");
    assert!(!listed(3, 200, 3) && !listed(0, 200, 0));
}

#[test]
fn a_place_without_parent_hangs_in_its_space_and_one_without_both_nowhere() {
    let place = |more: Value| read::<Place>(more).above();
    let space = place(json!({ "id": "5", "type": "folder", "parentId": null, "spaceId": "65540" }));
    assert_eq!(space, Some(NodeKey::new(NodeKind::Space, "65540")));
    assert_eq!(place(json!({ "id": "5", "parentId": "6" })), Some(NodeKey::new(NodeKind::Content, "6")));
    assert_eq!(place(json!({ "id": "5" })), None);
    let stands = |status: Value| read::<Place>(json!({ "id": "5", "spaceId": "6", "status": status })).stands();
    assert!(stands(json!("current")) && stands(json!("archived")) && stands(json!(null)));
    assert!(!stands(json!("draft")) && !stands(json!("trashed")) && !stands(json!("deleted")));
}

#[test]
fn a_found_reply_names_the_comment_that_it_answers() {
    let reply: FoundComment = read(json!({ "id": "3", "type": "comment",
        "ancestors": [{ "id": "1", "type": "comment" }, { "id": "2", "type": "comment" }],
        "container": { "id": "70001", "type": "page", "title": "T" } }));
    assert_eq!(reply.answers().map(|id| id.0.as_str()), Some("2"));
    assert_eq!(reply.owner(), Some(DocumentKey::new(Kind::Page, "70001")));
}
