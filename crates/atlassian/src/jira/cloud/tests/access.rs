//! Which clauses come out, and that nothing unreadable widens one.

use super::site::{Kept, SOURCE, Site, all, clause, comment, crawl, documents, jira, project};
use access::{Clause, Hidden, Principal};
use model::{ClauseKey, Kind, NodeKey, NodeKind, OpenProjects, Origin, ProblemKind, Scope};
use serde_json::{Value, json};
use sync::{Batch, Item, Stream};

fn key(origin: Origin, native: &str) -> ClauseKey {
    ClauseKey::new(origin, native)
}

fn browse(batch: &Batch) -> Clause {
    clause(batch, &key(Origin::BrowseProject, "10000")).unwrap()
}

fn groups(ids: &[&str]) -> Clause {
    Clause::any_of(ids.iter().map(|id| Principal::group(SOURCE, id)))
}

fn refusal() -> Value {
    json!({"errorMessages": ["You do not have permission."], "errors": {}})
}

#[tokio::test]
async fn a_project_comes_with_its_clauses_then_its_place_then_its_layers() {
    let double = Site::new().start().await;
    let (batch, _) = crawl(&double).await;
    let node = NodeKey::new(NodeKind::Project, "10000");
    let browse = key(Origin::BrowseProject, "10000");
    let [container, first, second, place, layers] = batch.items.as_slice() else { panic!("{:?}", batch.items) };
    assert!(matches!(container, Item::Container(container) if container.short == "ENG"));
    assert_eq!(first, &Item::Clause { key: browse.clone(), clause: groups(&["g-1"]) });
    let level = key(Origin::SecurityLevel, "10021@10000");
    assert_eq!(second, &Item::Clause { key: level, clause: groups(&["g-2"]) });
    assert_eq!(place, &Item::Place { node: node.clone(), parent: None });
    assert_eq!(layers, &Item::Layers { node, own: vec![browse], inline: vec![] });
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
}

#[tokio::test]
async fn a_role_that_may_not_be_read_admits_nobody_and_others_stay() {
    let grant = |holder: Value| json!({"id": 1, "permission": "BROWSE_PROJECTS", "holder": holder});
    let role = grant(json!({"type": "projectRole", "value": "10002"}));
    let group = grant(json!({"type": "group", "parameter": "ops", "value": "g-9"}));
    for (grants, expected) in
        [(json!([role, group]), groups(&["g-9"])), (json!([role]), Clause::nobody(Hidden::Forbidden))]
    {
        for status in [403, 404] {
            let mut site = Site::new().instead("/role/10002", status, refusal());
            site.grants = grants.clone();
            let (batch, _) = crawl(&site.start().await).await;
            assert_eq!(browse(&batch), expected);
            assert_eq!(batch.problems.len(), 1, "{:?}", batch.problems);
            assert_eq!(batch.problems[0].kind, ProblemKind::Permission);
        }
    }
}

#[tokio::test]
async fn a_scheme_that_may_not_be_read_hides_the_project() {
    let double = Site::new().instead("10000/permissionscheme", 403, refusal()).start().await;
    let (batch, _) = crawl(&double).await;
    assert_eq!(browse(&batch), Clause::nobody(Hidden::Forbidden));
    assert!(batch.problems.iter().any(|problem| problem.item == "project ENG"), "{:?}", batch.problems);
}

#[tokio::test]
async fn a_scheme_that_the_list_does_not_show_is_read_by_itself() {
    let grants = json!([{"id": 1, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}]);
    let site = Site::new().instead("10000/permissionscheme", 200, json!({"id": 99, "permissions": grants}));
    let (batch, _) = crawl(&site.start().await).await;
    assert_eq!(browse(&batch), Clause::any_of([Principal::new(SOURCE, access::Holder::Anyone)]));
}

#[tokio::test]
async fn team_managed_projects_admit_the_actors_of_their_roles() {
    for private in [true, false] {
        let mut site = Site::new();
        site.projects = vec![project(10000, "TEAM")];
        site.projects[0]["style"] = json!("next-gen");
        site.projects[0]["isPrivate"] = json!(private);
        site.grants = json!([{"id": 1, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}]);
        let (batch, _) = crawl(&site.start().await).await;
        assert_eq!(browse(&batch), groups(&["g-1"]), "never what a scheme grants to everybody");
    }
}

/// An open project with people to ask for, of whom Jira lets `acc-1` and `acc-2` browse.
fn open_project(people: usize) -> Site {
    let person = |at: usize| json!({"accountId": format!("acc-{at}"), "accountType": "atlassian", "active": at != 3});
    let mut site = Site::new();
    site.projects[0]["style"] = json!("next-gen");
    site.people = (1..=people).map(person).collect();
    site.people.push(json!({"accountId": "acc-2c", "accountType": "customer", "active": true}));
    site.browsers = vec!["acc-1", "acc-2", "acc-2c", "acc-3"];
    site
}

#[tokio::test]
async fn an_open_team_managed_project_admits_those_for_whom_jira_says_so() {
    let double = open_project(5).start().await;
    let (batch, _) = crawl(&double).await;
    let people = ["acc-1", "acc-2"].map(|id| Principal::account(SOURCE, id));
    let expected = Clause::any_of(people.into_iter().chain([Principal::group(SOURCE, "g-1")]));
    assert_eq!(browse(&batch), expected, "no customer and nobody who is deactivated is asked for");
    assert!(batch.problems.is_empty(), "{:?}", batch.problems);
    assert_eq!(double.asked("permissions/check").len(), 4);
}

#[tokio::test]
async fn an_open_project_that_jira_does_not_answer_for_admits_its_roles_and_says_so() {
    let refused = |site: Site| site.instead("permissions/check", 403, refusal());
    let unlisted = |site: Site| site.instead("users/search", 403, refusal());
    for site in [refused(open_project(5)), unlisted(open_project(5)), open_project(400)] {
        let (batch, _) = crawl(&site.start().await).await;
        assert_eq!(browse(&batch), groups(&["g-1"]));
        assert_eq!(batch.problems.len(), 1, "{:?}", batch.problems);
        assert!(batch.problems[0].reason.contains("source's settings"), "{:?}", batch.problems);
    }
}

#[tokio::test]
async fn an_administrators_word_opens_a_project_by_id_unless_it_is_private() {
    let licensed = Principal::new(SOURCE, access::Holder::Class(access::AccessClass::LicensedUsers));
    let open = Clause::any_of([Principal::group(SOURCE, "g-1"), licensed]);
    let ids = |id: &str| OpenProjects { ids: [model::ContainerKey(id.into())].into(), ..OpenProjects::default() };
    let every = OpenProjects { all: true, ..OpenProjects::default() };
    let cases = [(every.clone(), false, open.clone()), (ids("10000"), false, open), (every, true, groups(&["g-1"]))];
    for (word, private, expected) in cases {
        let mut site = open_project(0);
        site.projects[0]["isPrivate"] = json!(private);
        let double = site.start().await;
        let source = jira(&double, Scope::default()).with_open_projects(word);
        let batch = all(&source, Stream::Containers, &Kept::default()).await;
        assert_eq!(browse(&batch), expected);
        assert!(batch.problems.is_empty(), "{:?}", batch.problems);
        assert_eq!(double.asked("permissions/check").len(), 0);
    }
    let double = open_project(0).start().await;
    let source = jira(&double, Scope::default()).with_open_projects(ids("ENG"));
    let batch = all(&source, Stream::Containers, &Kept::default()).await;
    assert_eq!(browse(&batch), groups(&["g-1"]), "a key is no id");
}

#[tokio::test]
async fn a_team_managed_project_with_a_scheme_of_its_own_admits_whom_that_names() {
    let grants = json!([{"id": 1, "permission": "BROWSE_PROJECTS", "holder": {"type": "projectRole", "value": "10003"}},
        {"id": 2, "permission": "BROWSE_PROJECTS", "holder": {"type": "group", "value": "g-9"}}]);
    let scope = json!({"type": "PROJECT", "project": {"id": "10000"}});
    let cases = [
        (200, json!({"id": 9, "scope": scope, "permissions": grants}), groups(&["g-9"])),
        (200, json!({"id": 9, "scope": scope, "permissions": []}), groups(&["g-1"])),
        (403, refusal(), Clause::nobody(Hidden::Forbidden)),
    ];
    for (status, scheme, expected) in cases {
        let mut site = Site::new().instead("10000/permissionscheme", status, scheme);
        site.projects[0]["style"] = json!("next-gen");
        site.projects[0]["isPrivate"] = json!(true);
        let (batch, _) = crawl(&site.start().await).await;
        assert_eq!(browse(&batch), expected, "role 10002 has no Browse there; without grants roles tell");
    }
}

#[tokio::test]
async fn files_of_an_issue_with_a_comment_that_cannot_be_read_are_closed() {
    let files = json!([{"id": "301", "filename": "plan.pdf"}]);
    let open = comment(1, "open", json!(null));
    let comments = [
        json!({"comments": [open, {"body": 7}], "total": 2}),
        json!({"comments": [open], "total": 3, "maxResults": 1}),
    ];
    for comments in comments {
        let site = Site::new().with(1, json!({"comment": comments, "attachment": files}));
        let (_, batch) = crawl(&site.start().await).await;
        let audience = documents(&batch, Kind::Attachment)[0].audience.clone().unwrap();
        assert_eq!(clause(&batch, &audience), Some(Clause::nobody(Hidden::NotUnderstood)));
        assert!(batch.problems.iter().any(|problem| problem.item == "files of issue 1"), "{:?}", batch.problems);
        assert_eq!(documents(&batch, Kind::Issue)[0].audience, None);
    }
}

#[tokio::test]
async fn levels_that_may_not_be_read_hide_their_issues() {
    // A missing scope is a 401, which must not end the run.
    let scope = json!({"code": 401, "message": "Unauthorized; scope does not match"});
    let site = Site::new().with(1, json!({"security": {"id": "10021"}})).with(2, json!({"security": {"name": "?"}}));
    let double = site.instead("level/member", 401, scope).start().await;
    let (containers, issues) = crawl(&double).await;
    assert!(containers.problems.iter().any(|problem| problem.item == "issue security levels"));
    let level = key(Origin::SecurityLevel, "10021@10000");
    assert_eq!(clause(&issues, &level), Some(Clause::nobody(Hidden::Forbidden)));
    let unreadable = key(Origin::SecurityLevel, "unreadable@10000");
    assert_eq!(clause(&issues, &unreadable), Some(Clause::nobody(Hidden::NotUnderstood)));
    for (issue, level) in [("1", level), ("2", unreadable)] {
        let node = NodeKey::new(NodeKind::Issue, issue);
        assert!(issues.items.contains(&Item::Layers { node, own: vec![level], inline: vec![] }), "{issue}");
    }
}

#[tokio::test]
async fn a_level_of_a_scheme_that_no_project_was_said_to_use_is_read_when_it_is_met() {
    let site = Site::new().with(1, json!({"security": {"id": "10021"}}));
    let double = site.instead("issuesecurityschemes/project", 403, refusal()).start().await;
    let (_, issues) = crawl(&double).await;
    assert_eq!(clause(&issues, &key(Origin::SecurityLevel, "10021@10000")), Some(groups(&["g-2"])));
}

#[tokio::test]
async fn after_a_restart_the_clauses_that_issues_point_to_are_handed_over_again() {
    let double = Site::new().with(1, json!({"security": {"id": "10021"}})).start().await;
    let kept = Kept::holding(&[("10000", "ENG")]);
    let issues = all(&jira(&double, Scope::default()), Stream::Issues, &kept).await;
    assert_eq!(clause(&issues, &key(Origin::SecurityLevel, "10021@10000")), Some(groups(&["g-2"])));
}

#[tokio::test]
async fn restricted_comments_have_their_audience_and_so_have_their_files() {
    let media = json!({"type": "doc", "content": [{"type": "mediaSingle", "content": [
        {"type": "media", "attrs": {"type": "file", "id": "u", "collection": "", "alt": "plan.pdf"}}]}]});
    let mut shows = comment(5, "", json!({"type": "group", "value": "staff", "identifier": "g-2"}));
    shows["body"] = media;
    let mut internal = comment(6, "for agents", json!(null));
    internal["jsdPublic"] = json!(false);
    let comments = json!([
        comment(1, "open", json!(null)),
        comment(2, "for developers", json!({"type": "role", "value": "Developers", "identifier": "Developers"})),
        comment(3, "for nobody", json!({"type": "role", "value": "Gone", "identifier": "Gone"})),
        comment(4, "old", json!({"type": "group", "value": "staff", "identifier": null})),
        shows,
        internal,
        comment(7, "odd", json!({"type": "team", "value": "x"}))
    ]);
    let files = json!([{"id": "301", "filename": "plan.pdf"}, {"id": "302", "filename": "open.pdf"}]);
    let site = Site::new().with(1, json!({"comment": {"comments": comments, "total": 7}, "attachment": files}));
    let double = site.start().await;
    let (_, batch) = crawl(&double).await;
    let audience = |kind, id: &str| {
        let found = documents(&batch, kind).into_iter().find(|document| document.key.native == id).unwrap();
        found.audience.clone().map(|key| (key.native.clone(), clause(&batch, &key).unwrap()))
    };
    let closed = || Clause::nobody(Hidden::NotUnderstood);
    let staff = || Some(("group:g-2".to_owned(), groups(&["g-2"])));
    assert_eq!(audience(Kind::Comment, "1"), None);
    assert_eq!(audience(Kind::Comment, "2"), Some(("role:10002@10000".to_owned(), groups(&["g-1"]))));
    assert_eq!(audience(Kind::Comment, "3"), Some(("role:name=Gone@10000".to_owned(), closed())));
    assert_eq!(audience(Kind::Comment, "4"), staff());
    assert_eq!(audience(Kind::Comment, "5"), staff());
    assert_eq!(audience(Kind::Comment, "6"), None, "agents are those who browse");
    assert_eq!(audience(Kind::Comment, "7"), Some(("unknown:team@10000".to_owned(), closed())));
    assert_eq!(audience(Kind::Attachment, "301"), staff());
    assert_eq!(audience(Kind::Attachment, "302"), None);
    let first = batch.items.iter().position(|item| !matches!(item, Item::Clause { .. })).unwrap();
    assert!(!batch.items[first..].iter().any(|item| matches!(item, Item::Clause { .. })), "clauses stand first");
}

#[tokio::test]
async fn an_audience_role_that_may_not_be_read_admits_nobody() {
    let restricted = comment(2, "x", json!({"type": "role", "value": "Developers", "identifier": "Developers"}));
    let mut site = Site::new().with(1, json!({"comment": {"comments": [restricted], "total": 1}}));
    site.grants = json!([{"id": 1, "permission": "BROWSE_PROJECTS", "holder": {"type": "anyone"}}]);
    for end in ["10000/role", "role/10002"] {
        let double = site.clone().instead(end, 403, refusal()).start().await;
        let (_, batch) = crawl(&double).await;
        let audience = documents(&batch, Kind::Comment)[0].audience.clone().unwrap();
        assert_eq!(clause(&batch, &audience), Some(Clause::nobody(Hidden::Forbidden)), "{end}");
        assert!(!batch.problems.is_empty());
    }
}
