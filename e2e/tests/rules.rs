//! The rules of both products that no other story tells, each as a company of a few lines.
//!
//! Beside what each story asserts, every sync compares all layers about all pairs: oracle, REST, clauses, both indexes, API.

use e2e::proof::named::{Company, world};
use simulator::drawn::change::Change;
use simulator::drawn::{TOKEN, scopes};

/// A space for all of the company with these pages.
fn space(pages: &str) -> String {
    format!("[[space]]\nkey = \"DOC\"\nread = [\"group:staff\"]\npage = [{pages}]\n")
}

/// A scheme with these holders of Browse, and a project under it.
fn project(browse: &str, rest: &str) -> String {
    format!(
        "[[permission_scheme]]\nname = \"S\"\ngrants = {{ BROWSE_PROJECTS = [{browse}] }}\n\
         [[project]]\nkey = \"P\"\nlead = \"cat\"\nscheme = \"S\"\n{rest}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_pass_neither_browse_nor_levels_nor_restrictions_nor_audiences() {
    let lines = r#"
[[person]]
handle = "adm"
groups = ["staff", "admins"]
[[security_scheme]]
name = "L"
levels = [{ name = "Legal", members = ["group:legal", "@robot"] }]
"#;
    let rest = r#"security = "L"
roles = { Administrators = ["@adm"], Developers = ["@ann", "@robot"] }
issue = [
  { summary = "Securedone", level = "Legal" },
  { summary = "Openone", comments = [{ by = "ann", text = "Fordevelopers", only = "role:Developers" }] },
]
[[permission_scheme]]
name = "T"
grants = { BROWSE_PROJECTS = ["role:Developers"], ADMINISTER_PROJECTS = ["@adm"] }
[[project]]
key = "Q"
lead = "cat"
scheme = "T"
roles = { Developers = ["@bob", "@robot"] }
issue = [{ summary = "Unbrowsed" }]
"#;
    let pages = r#"{ title = "Restrictedone", view = ["@ann", "@robot"] }, { title = "Pageone" }"#;
    let company = Company::of(&format!("{lines}{}{}", project("\"group:staff\"", rest), space(pages))).await;
    for (word, finders) in [
        ("Openone", "adm ann bob cat"),
        ("Pageone", "adm ann bob cat"),
        ("Securedone", "ann"),
        ("Fordevelopers", "ann"),
        ("Unbrowsed", "bob"),
        ("Restrictedone", "ann"),
    ] {
        assert_eq!(company.finders(word).await, finders, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn default_actors_of_a_role_count_only_where_they_were_copied() {
    let rest = "roles = { Developers = [\"@ann\", \"@robot\"] }\nissue = [{ summary = \"Matterone\" }]";
    let company = Company::of(&project("\"role:Developers\"", rest)).await;
    company.edit(|world| {
        let developers = world.jira.role_by_name("Developers").unwrap().id;
        let bob = world.directory.people.values().find(|person| person.display_name == "bob");
        let bob = bob.unwrap().account_id.clone();
        world.jira.roles.get_mut(&developers).unwrap().default_actors.users.insert(bob);
    });
    company.sync().await;
    assert_eq!(company.finders("Matterone").await, "ann", "a default is for projects to come");
    let list = vec!["@ann".to_owned(), "@bob".to_owned(), "@robot".to_owned()];
    company.change(&Change::Actors { project: "P".to_owned(), role: "Developers".to_owned(), list });
    company.sync().await;
    assert_eq!(company.finders("Matterone").await, "ann bob");
}

/// A team-managed project of this access level, with Ann in a role.
fn team_managed(style: &str) -> String {
    format!(
        "[[project]]\nkey = \"T\"\nlead = \"cat\"\nstyle = \"{style}\"\n\
         roles = {{ Developers = [\"@ann\", \"@robot\"] }}\nissue = [{{ summary = \"Teammatter\" }}]\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_team_managed_project_is_for_its_roles_and_an_open_one_for_whom_jira_says_so() {
    for (style, finders) in [("private", "ann"), ("open", "ann bob cat"), ("limited", "ann bob cat")] {
        assert_eq!(Company::of(&team_managed(style)).await.finders("Teammatter").await, finders, "{style}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_project_that_nothing_can_be_learned_of_is_shown_to_nobody_and_named() {
    let company = Company::unsynced(&world(&team_managed("open"), &["staff"])).await;
    // Whether such a cycle counts as complete is not the question; what it shows is.
    let _ended = company.try_sync().await;
    assert_eq!(company.finders("Teammatter").await, "", "no administrator, so neither roles nor answers for others");
    let problems = company.problems().await;
    assert!(problems.iter().any(|told| told.starts_with("project T: ")), "{problems:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whiteboards_databases_folders_and_embeds_restrict_what_is_below_them() {
    for kind in ["whiteboard", "database", "folder", "embed"] {
        let pages = format!(
            r#"{{ slug = "top", title = "Topone", kind = "{kind}", view = ["@ann", "@robot"] }},
  {{ slug = "mid", title = "Midone", kind = "folder", parent = "top" }},
  {{ title = "Belowone", parent = "mid", comments = [{{ by = "ann", text = "Belownote" }}] }},
  {{ title = "Besideone" }}"#
        )
        .replace('\n', "");
        let company = Company::of(&space(&pages)).await;
        for (word, finders) in [("Belowone", "ann"), ("Belownote", "ann"), ("Besideone", "ann bob cat")] {
            assert_eq!(company.finders(word).await, finders, "{word} below a {kind}");
        }
    }
}

/// The company of these lines, with a token that lacks a scope.
async fn without_scope(scope: &str, lines: &str) -> Company {
    let granted: Vec<String> = scopes().into_iter().filter(|granted| granted != scope).collect();
    let (text, token) = (world(lines, &["staff", "admins"]), format!("token = \"{TOKEN}\""));
    let text = text.replace(&token, &format!("{token}\nscopes = {granted:?}"));
    let company = Company::unsynced(&text).await;
    company.sync().await;
    company
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_whiteboard_that_the_token_may_not_read_nobody_finds_anything_and_it_is_told() {
    let pages = r#"{ slug = "top", title = "Topone", kind = "whiteboard" }, { title = "Belowone", parent = "top" }"#;
    let company = without_scope("read:whiteboard:confluence", &space(pages)).await;
    assert_eq!(company.finders("Belowone").await, "", "its restriction is not known");
    assert_eq!(company.agree().await.get("ancestor-unreadable"), Some(&3));
    assert_eq!(Company::of(&space(pages)).await.finders("Belowone").await, "ann bob cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blog_post_has_its_own_viewers_and_so_has_what_hangs_on_it() {
    let pages = r#"{ title = "Newsone", kind = "blogpost", view = ["group:legal", "@robot"], comments = [{ by = "ann", text = "Newsnote" }], attachments = [{ name = "Newsfile.txt" }] }, { title = "Newstwo", kind = "blogpost" }"#;
    let company = Company::of(&space(pages)).await;
    for (word, finders) in [("Newsone", "ann"), ("Newsnote", "ann"), ("Newsfile", "ann"), ("Newstwo", "ann bob cat")] {
        assert_eq!(company.finders(word).await, finders, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_and_trash_are_found_by_nobody_not_even_their_authors() {
    let pages = r#"{ title = "Draftone", status = "draft", by = "ann", collaborators = ["bob"] }, { title = "Trashone", status = "trashed", by = "ann" }, { title = "Pageone", attachments = [{ name = "Trashfile.txt", trashed = true }] }"#;
    let company = Company::of(&space(pages)).await;
    for word in ["Draftone", "Trashone", "Trashfile"] {
        assert_eq!(company.finders(word).await, "", "{word}");
    }
    assert_eq!(company.finders("Pageone").await, "ann bob cat");
    company.change(&Change::PageStatus { page: "Pageone".to_owned(), status: "trashed".to_owned() });
    company.sync().await;
    assert_eq!(company.finders("Pageone").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_goes_to_another_space_is_for_that_spaces_readers() {
    let lines = format!(
        "{}[[space]]\nkey = \"LAW\"\nread = [\"group:legal\", \"@robot\"]\n",
        space(
            r#"{ slug = "top", title = "Movedone" }, { title = "Belowone", parent = "top", attachments = [{ name = "Belowfile.txt" }] }"#
        )
    );
    let company = Company::of(&lines).await;
    assert_eq!(company.finders("Belowfile").await, "ann bob cat");
    company.change(&Change::MoveToSpace { page: "Movedone".to_owned(), space: "LAW".to_owned() });
    company.sync().await;
    for word in ["Movedone", "Belowone", "Belowfile"] {
        assert_eq!(company.finders(word).await, "ann", "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_keeps_its_readers_when_its_key_goes_to_another() {
    let rest = r#"issue = [{ summary = "Openmatter" }]
[[permission_scheme]]
name = "T"
grants = { BROWSE_PROJECTS = ["group:legal", "@robot"] }
[[project]]
key = "Q"
lead = "cat"
scheme = "T"
issue = [{ summary = "Legalmatter" }]
"#;
    let company = Company::of(&project("\"group:staff\"", rest)).await;
    company.edit(|world| {
        let [open, legal] = ["P", "Q"].map(|key| world.jira.project(key).unwrap().id);
        assert!(world.rename_project_key(open, "WAS"));
        let mut renamed = world.jira.projects[&open].clone();
        renamed.previous_keys.clear();
        world.jira.put_project(renamed);
        assert!(world.rename_project_key(legal, "P"));
    });
    company.sync().await;
    assert_eq!(company.finders("Openmatter").await, "ann bob cat");
    assert_eq!(company.finders("Legalmatter").await, "ann", "the key that everybody could browse is its own now");
}

#[tokio::test(flavor = "multi_thread")]
async fn archived_projects_and_issues_are_found_by_nobody() {
    let rest = r#"issue = [{ summary = "Archivedone", archived = true }, { summary = "Livingone" }]
[[project]]
key = "OLD"
lead = "cat"
scheme = "S"
archived = true
issue = [{ summary = "Oldone" }]
"#;
    let company = Company::of(&project("\"group:staff\"", rest)).await;
    for (word, finders) in [("Livingone", "ann bob cat"), ("Archivedone", ""), ("Oldone", "")] {
        assert_eq!(company.finders(word).await, finders, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_in_the_trash_is_hidden_and_comes_back_with_its_readers() {
    let company = Company::of(&project("\"group:legal\", \"@robot\"", "issue = [{ summary = \"Matterone\" }]")).await;
    for (trashed, finders) in [(true, ""), (false, "ann")] {
        company.change(&Change::TrashProject { project: "P".to_owned(), trashed });
        company.sync().await;
        assert_eq!(company.finders("Matterone").await, finders, "trashed: {trashed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_of_worklogs_are_found_by_nobody() {
    let rest = r#"issue = [{ summary = "Matterone", worklogs = [
  { by = "cat", text = "Workedforall" },
  { by = "cat", text = "Workedforlegal", only = "group:legal" },
] }]"#;
    let company = Company::of(&project("\"group:staff\"", rest)).await;
    for word in ["Workedforall", "Workedforlegal"] {
        assert_eq!(company.finders(word).await, "", "{word}");
    }
    assert_eq!(company.finders("Matterone").await, "ann bob cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_came_through_restricted_comments_are_for_their_audience() {
    let rest = r#"roles = { Developers = ["@bob", "@robot"] }
issue = [{ summary = "Matterone", attachments = [{ name = "Openfile.txt" }], comments = [
  { by = "cat", text = "Forall", attachments = [{ name = "Allfile.txt" }] },
  { by = "ann", text = "Forlegal", only = "group:legal", attachments = [{ name = "Legalfile.txt" }] },
  { by = "bob", text = "Fordevelopers", only = "role:Developers", attachments = [{ name = "Developersfile.txt" }] },
] }]"#;
    let lines = project("\"group:staff\"", rest);
    let company = Company::served(&lines, &["staff", "admins", "legal"]).await;
    for (word, finders) in
        [("Openfile", "ann bob cat"), ("Allfile", "ann bob cat"), ("Legalfile", "ann"), ("Developersfile", "bob")]
    {
        assert_eq!(company.finders(word).await, finders, "{word}");
    }
}
