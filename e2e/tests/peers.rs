//! What other systems get wrong about Atlassian's permissions, each as a company of a few lines.
//!
//! Beside what each story asserts, every sync compares all layers about all pairs: oracle, REST, clauses, both indexes, API.

use e2e::proof::named::{Company, parse, world};
use simulator::drawn::TOKEN;
use simulator::drawn::change::Change;
use std::fmt::Write as _;

/// A space for all of the company with these pages.
fn space(pages: &str) -> String {
    format!("[[space]]\nkey = \"DOC\"\nread = [\"group:staff\"]\n{pages}")
}

/// A scheme with these holders of Browse, and a project under it.
fn project(browse: &str, rest: &str) -> String {
    format!(
        "[[permission_scheme]]\nname = \"S\"\ngrants = {{ BROWSE_PROJECTS = [{browse}], EDIT_ISSUES = [\"licensed\"] }}\n\
         [[project]]\nkey = \"P\"\nlead = \"cat\"\nscheme = \"S\"\n{rest}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_without_a_restriction_is_as_restricted_as_its_parent() {
    let pages = r#"
page = [
  { slug = "top", title = "Parentone", view = ["@ann", "@robot"], attachments = [{ name = "Topfile.txt" }] },
  { slug = "mid", title = "Middleone", parent = "top" },
  { title = "Childone", parent = "mid", attachments = [{ name = "Childfile.txt" }], comments = [{ by = "ann", text = "Childnote" }] },
]"#;
    let company = Company::of(&space(pages)).await;
    for word in ["Parentone", "Middleone", "Childone", "Topfile", "Childfile", "Childnote"] {
        assert_eq!(company.finders(word).await, "ann", "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_is_wider_than_its_parent_widens_nothing() {
    let pages = r#"
page = [
  { slug = "top", title = "Parentone", view = ["@ann", "@robot"] },
  { title = "Childone", parent = "top", view = ["group:staff"] },
]"#;
    assert_eq!(Company::of(&space(pages)).await.finders("Childone").await, "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_on_the_child_and_a_group_on_the_parent_must_be_the_same_person() {
    let pages = r#"
page = [
  { slug = "top", title = "Parentone", view = ["group:legal", "@robot"] },
  { title = "Forann", parent = "top", view = ["@ann", "@robot"] },
  { title = "Forbob", parent = "top", view = ["@bob", "@robot"] },
]"#;
    let company = Company::of(&space(pages)).await;
    assert_eq!(company.finders("Forann").await, "ann");
    assert_eq!(company.finders("Forbob").await, "", "bob is on the child's list and not in the parent's group");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_above_closes_what_is_below_it_and_nothing_else() {
    let pages = r#"
page = [
  { slug = "draft", title = "Draftone", status = "draft", by = "cat" },
  { title = "Belowdraft", parent = "draft" },
  { title = "Besideit" },
]"#;
    let company = Company::of(&space(pages)).await;
    assert_eq!(company.finders("Besideit").await, "ann bob cat");
    assert_eq!(company.finders("Belowdraft").await, "", "nobody knows what restricts the draft");
    let excused = company.agree().await;
    assert_eq!(excused.get("ancestor-unreadable"), Some(&3), "the reason is listed: {excused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_page_that_is_not_shared_with_the_service_account_nobody_finds_anything() {
    let pages = r#"
page = [
  { slug = "top", title = "Parentone", view = ["@ann"] },
  { title = "Childone", parent = "top" },
  { title = "Besideit" },
]"#;
    let company = Company::of(&space(pages)).await;
    assert_eq!(company.finders("Childone").await, "");
    assert_eq!(company.finders("Besideit").await, "ann bob cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_names_nobody_who_counts_is_no_open_page() {
    let lines = r#"
[[group]]
name = "gone"
members = ["bob"]
deleted = true
[[group]]
name = "hollow"
[[person]]
handle = "ivy"
active = false
groups = ["staff"]
"#;
    let pages = r#"
page = [
  { title = "Forgone", view = ["group:gone", "@robot"] },
  { title = "Forhollow", view = ["group:hollow", "@robot"] },
  { title = "Forivy", view = ["@ivy", "@robot"] },
  { title = "Forrobot", view = ["@robot"] },
  { title = "Editorsonly", edit = ["@ann"] },
]"#;
    let company = Company::of(&format!("{lines}{}", space(pages))).await;
    for word in ["Forgone", "Forhollow", "Forivy", "Forrobot"] {
        assert_eq!(company.finders(word).await, "", "{word}");
    }
    assert_eq!(company.finders("Editorsonly").await, "ann bob cat", "a list of editors restricts no viewer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moves_takes_the_restrictions_of_where_it_is() {
    let pages = r#"
page = [
  { slug = "closed", title = "Closedone", view = ["@ann", "@robot"] },
  { slug = "open", title = "Openone" },
  { slug = "moved", title = "Movedone", parent = "closed", attachments = [{ name = "Movedfile.txt" }] },
  { title = "Belowit", parent = "moved" },
]"#;
    let company = Company::of(&space(pages)).await;
    let moved = |under: &str| Change::Move { page: "Movedone".to_owned(), under: Some(under.to_owned()) };
    for (under, finders) in [("Openone", "ann bob cat"), ("Closedone", "ann")] {
        company.change(&moved(under));
        company.sync().await;
        for word in ["Movedone", "Movedfile", "Belowit"] {
            assert_eq!(company.finders(word).await, finders, "{word} below {under}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_and_browse_must_both_admit_and_a_role_counts_in_its_own_project() {
    let levels = r#"
[[security_scheme]]
name = "L"
levels = [
  { name = "Developers", members = ["role:Developers", "@robot"] },
  { name = "Nobody", members = [] },
  { name = "Robots", members = ["@robot"] },
]
"#;
    let rest = r#"security = "L"
roles = { Developers = ["@bob", "@max"] }
issue = [
  { summary = "Openmatter", comments = [{ by = "cat", text = "Openremark" }] },
  { summary = "Developersmatter", level = "Developers", comments = [{ by = "cat", text = "Developersremark" }] },
  { summary = "Robotsmatter", level = "Robots" },
  { summary = "Nobodysmatter", level = "Nobody" },
]
[[project]]
key = "Q"
lead = "cat"
scheme = "S"
roles = { Developers = ["@ann"] }
issue = [{ summary = "Elsewhere" }]"#;
    let company = Company::of(&format!("{levels}{}", project("\"group:staff\"", rest))).await;
    for (word, finders) in [
        ("Openmatter", "ann bob cat"),
        ("Openremark", "ann bob cat"),
        ("Developersmatter", "bob"),
        ("Developersremark", "bob"),
        ("Robotsmatter", ""),
        ("Nobodysmatter", ""),
        ("Elsewhere", "ann bob cat"),
    ] {
        assert_eq!(company.finders(word).await, finders, "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browse_for_reporters_shows_each_their_own_issues_of_today() {
    let rest = r#"issue = [
  { summary = "Annsmatter", reporter = "ann" },
  { summary = "Bobsmatter", reporter = "bob" },
]"#;
    let company = Company::of(&project("\"reporter\", \"@robot\"", rest)).await;
    assert_eq!(company.finders("Annsmatter").await, "ann");
    assert_eq!(company.finders("Bobsmatter").await, "bob");
    company.change(&Change::Report { issue: "Annsmatter".to_owned(), person: "cat".to_owned() });
    company.sync().await;
    assert_eq!(company.finders("Annsmatter").await, "cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_for_their_audience_and_files_that_came_through_them_too() {
    let people = r#"
[[person]]
handle = "cus"
type = "customer"
groups = ["staff"]
[[group]]
name = "support"
members = ["cat", "robot"]
"#;
    let rest = r#"type = "service_desk"
roles = { Developers = ["@bob", "@robot"] }
issue = [{ summary = "Matterone", comments = [
  { by = "cat", text = "Forall" },
  { by = "cat", text = "Internalnote", internal = true },
  { by = "cat", text = "Forsupport", only = "group:support" },
  { by = "bob", text = "Fordevelopers", only = "role:Developers" },
] }]"#;
    let company = Company::of(&format!("{people}{}", project("\"group:staff\"", rest))).await;
    for (word, finders) in [
        ("Matterone", "ann bob cat"),
        ("Forall", "ann bob cat"),
        ("Internalnote", "ann bob cat"),
        ("Forsupport", "cat"),
        ("Fordevelopers", "bob"),
    ] {
        assert_eq!(company.finders(word).await, finders, "{word}: a customer sees nothing, agents see internal notes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_administers_the_wiki_enters_spaces_by_name_only() {
    let lines = r#"
[[person]]
handle = "gus"
guest = true
groups = ["admins", "legal"]
[[space]]
key = "LAW"
read = ["group:legal", "@robot"]
page = [{ title = "Lawone", kind = "blogpost" }]
[[space]]
key = "HIS"
read = ["@gus", "@robot"]
page = [{ title = "Hisone" }]
"#;
    let company = Company::of(lines).await;
    assert_eq!(
        company.finders("Lawone").await,
        "ann",
        "gus is in the group, and only a group of administrators lets him in"
    );
    assert_eq!(company.finders("Hisone").await, "gus");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hides_the_address_is_joined_by_the_organization() {
    let people = "[[person]]\nhandle = \"shy\"\nemail_shown = \"absent\"\ngroups = [\"staff\"]\n";
    let company = Company::of(&format!("{people}{}", space("page = [{ title = \"Pageone\" }]"))).await;
    assert_eq!(company.finders("Pageone").await, "ann bob cat shy");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_with_one_address_are_joined_to_nobody() {
    let people = "[[person]]\nhandle = \"twin\"\nemail = \"ann@named.example\"\ngroups = [\"staff\", \"legal\"]\n";
    let pages = "page = [{ title = \"Pageone\" }, { title = \"Legalone\", view = [\"group:legal\", \"@robot\"] }]";
    let company = Company::unsynced(&world(&format!("{people}{}", space(pages)), &["staff", "admins"])).await;
    company.try_sync().await.unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(company.finders("Pageone").await, "bob cat", "neither ann nor twin can be told from the other");
    assert_eq!(company.finders("Legalone").await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_keeps_its_meaning_when_its_name_goes_to_another() {
    let pages = "page = [{ title = \"Legalone\", view = [\"group:legal\", \"@robot\"] }]";
    let company = Company::of(&space(pages)).await;
    let rename = |group: &str, name: &str| Change::RenameGroup { group: group.to_owned(), name: name.to_owned() };
    company.change(&rename("legal", "law"));
    company.change(&rename("ops", "legal"));
    company.sync().await;
    assert_eq!(company.finders("Legalone").await, "ann", "bob is in the group that has the old name now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_loses_nothing_and_shows_nothing_more() {
    let company = Company::of(&space("page = [{ title = \"Pageone\" }, { title = \"Pagetwo\" }]")).await;
    let revoked = company.edit(|world| {
        let token = world.credentials.token(TOKEN).cloned();
        world.credentials.revoke(TOKEN);
        token
    });
    company.change(&Change::View { page: "Pageone".to_owned(), list: vec!["@ann".to_owned(), "@robot".to_owned()] });
    assert!(company.try_sync().await.is_err(), "a cycle that was refused does not pass as completed");
    assert_eq!(company.finders("Pagetwo").await, "ann bob cat");
    company.edit(|world| revoked.map(|token| world.credentials.put(token)));
    company.sync().await;
    assert_eq!(company.finders("Pageone").await, "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_cannot_be_read_open_no_project() {
    let rest = "roles = { Developers = [\"@bob\", \"@robot\"] }\nissue = [{ summary = \"Matterone\" }]";
    let lines = project("\"role:Developers\", \"@robot\"", rest);
    let company = Company::unsynced(&world(&lines, &["staff"])).await;
    // Whether such a cycle counts as complete is not the question; what it shows is.
    let _ended = company.try_sync().await;
    assert_eq!(company.finders("Matterone").await, "");
    let problems = company.problems().await;
    assert!(
        problems.iter().any(|told| told.starts_with("project P: ") && told.contains("Administer projects")),
        "{problems:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_with_more_rows_than_fit_on_a_page_is_read_to_its_end() {
    let (mut groups, mut read) = (String::new(), Vec::new());
    for n in 0..260 {
        let members = if n == 259 { "members = [\"bob\"]\n" } else { "" };
        let _ = write!(groups, "[[group]]\nname = \"row{n}\"\n{members}");
        read.push(format!("\"group:row{n}\""));
    }
    let lines = format!(
        "{groups}[[space]]\nkey = \"ROWS\"\nread = [{}, \"@robot\"]\npage = [{{ title = \"Pageone\" }}]",
        read.join(", ")
    );
    assert_eq!(Company::of(&lines).await.finders("Pageone").await, "bob", "the last row counts, and no row is public");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_space_with_more_pages_than_fit_on_a_page_is_read_to_its_end() {
    let mut pages = String::new();
    for n in 0..260 {
        let _ = write!(pages, "[[space.page]]\ntitle = \"Pageone {n}\"\n");
    }
    let company = Company::of(&space(&pages)).await;
    assert_eq!(company.answers("Pageone").await["ann"]["total"], 260);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_viewers_of_its_own_stays_for_readers_of_its_space() {
    let lines = r#"
[[space]]
key = "LAW"
read = ["group:legal", "@robot"]
page = [{ title = "Lawone", view = ["@ann", "@bob", "@max", "@robot"] }, { title = "Lawtwo" }]
"#;
    let company = Company::of(lines).await;
    assert_eq!(
        company.finders("Lawone").await,
        "ann",
        "bob and max are viewers of the page and no readers of the space"
    );
    assert_eq!(company.finders("Lawtwo").await, "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_without_browse_browses_nothing() {
    let rest = "roles = { Developers = [\"@ann\", \"@robot\"], Users = [\"@bob\"], Administrators = [\"@cat\"] }\n\
                issue = [{ summary = \"Matterone\" }]";
    assert_eq!(Company::of(&project("\"role:Developers\"", rest)).await.finders("Matterone").await, "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_a_level_see_what_is_secured() {
    let levels =
        "[[security_scheme]]\nname = \"L\"\nlevels = [{ name = \"Legal\", members = [\"group:legal\", \"@robot\"] }]\n";
    let rest = "security = \"L\"\nissue = [{ summary = \"Securedone\", level = \"Legal\" }]";
    let company = Company::of(&format!("{levels}{}", project("\"group:staff\"", rest))).await;
    assert_eq!(company.finders("Securedone").await, "ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_without_an_author_costs_nothing_but_its_author() {
    let rest = r#"issue = [
  { summary = "Matterone", comments = [{ by = "cat", text = "Authorless" }, { by = "ann", text = "Beside" }] },
  { summary = "Mattertwo" },
]"#;
    let mut company = parse(&world(&project("\"group:staff\"", rest), &["staff", "admins"]));
    for comment in company.jira.comments.values_mut().take(1) {
        comment.author = "nobody-knows".into();
        comment.update_author = "nobody-knows".into();
    }
    let company = Company::in_world(company).await;
    company.sync().await;
    for word in ["Matterone", "Authorless", "Beside", "Mattertwo"] {
        assert_eq!(company.finders(word).await, "ann bob cat", "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_custom_fields_hide_no_issue() {
    let mut fields = String::new();
    for n in 0..500 {
        let _ = write!(fields, "[[field]]\nname = \"Field {n}\"\ntype = \"text\"\n");
    }
    let rest = "issue = [{ summary = \"Matterone\", fields = { \"Field 499\" = \"Fieldtext\" } }]";
    let company = Company::of(&format!("{fields}{}", project("\"group:staff\"", rest))).await;
    assert_eq!(company.finders("Matterone").await, "ann bob cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_is_found_by_the_words_of_all_its_fields() {
    let fields = [
        ("Severity", "select", r#"["Grievous", "Slight"]"#),
        ("Hulls", "multiselect", r#"["Oaken", "Steel", "Canvas"]"#),
        ("Berth", "cascading", r#"["Harbourside", "Quaytwelve"]"#),
        ("Tags", "labels", "[]"),
        ("Audit", "date", "[]"),
        ("Draught", "number", "[]"),
    ];
    let field =
        |(name, kind, options)| format!("[[field]]\nname = \"{name}\"\ntype = \"{kind}\"\noptions = {options}\n");
    let fields: String = fields.map(field).concat();
    let rest = r#"
[[project.issue]]
summary = "Matterone"
labels = ["leewardly"]
due = "2031-05-17"
[project.issue.fields]
Severity = "Grievous"
Hulls = ["Oaken", "Canvas"]
Berth = ["Harbourside", "Quaytwelve"]
Tags = ["tarred"]
Audit = "2032-06-18"
Draught = 4711.0
"#;
    let project = project("\"group:legal\", \"group:admins\"", rest);
    let mut company = parse(&world(&format!("{fields}{project}"), &["staff", "admins"]));
    let mut project = company.jira.projects.values().next().unwrap().clone();
    project.components.insert(1, "Bilgepump".to_owned());
    project.versions.extend([(2, "Windlass 3".to_owned()), (3, "Capstan 4".to_owned())]);
    company.jira.put_project(project);
    company.jira.resolutions.insert(9, "Scuttled".to_owned());
    let mut issue = company.jira.issues.values().next().unwrap().clone();
    (issue.components, issue.affects_versions, issue.fix_versions) = (vec![1], vec![2], vec![3]);
    issue.resolution = Some(9);
    company.jira.put_issue(issue);
    let company = Company::in_world(company).await;
    company.sync().await;
    let named = ["Bilgepump", "Windlass", "Capstan", "Scuttled", "leewardly", "2031-05-17"];
    let custom = ["Grievous", "Oaken", "Canvas", "Harbourside", "Quaytwelve", "tarred", "4711", "2032-06-18"];
    for word in named.iter().chain(&custom) {
        assert_eq!(company.finders(word).await, "ann", "{word}: whoever browses the project, and nobody else");
    }
    assert_eq!(company.finders("Steel").await, "", "an option that nobody chose");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cycle_over_many_changed_pages_ends() {
    let mut pages = String::new();
    for n in 0..120 {
        let _ = write!(pages, "[[space.page]]\ntitle = \"Page {n}\"\n");
    }
    let company = Company::of(&space(&pages)).await;
    for n in 0..120 {
        company.change(&Change::Retitle { page: format!("Page {n}"), title: format!("Retitled {n}") });
    }
    company.sync().await;
    assert_eq!(company.answers("Retitled").await["ann"]["total"], 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_20_megabytes_is_found_by_its_last_word_after_the_first_cycle() {
    let mut company = parse(&world(&space("page = [{ title = \"Pageone\" }]"), &["staff", "admins"]));
    let mut page = company.confluence.content.values().find(|page| page.title == "Pageone").unwrap().clone();
    let line = format!("<p>{}</p>", "many words of a long page ".repeat(400));
    page.body = format!("{}<p>Lastword</p>", line.repeat((20 << 20) / line.len())).into();
    company.confluence.put_content(page);
    let company = Company::in_world(company).await;
    // Its text is too much for a comparison of all layers.
    company.try_sync().await.unwrap();
    assert_eq!(company.finders("Lastword").await, "ann bob cat");
}

#[tokio::test(flavor = "multi_thread")]
async fn code_links_entities_and_paragraphs_are_found_as_people_read_them() {
    let body = "<p>alpha</p><p>Beta</p><p>caf&eacute; &amp; <a href=\\\"https://example.com\\\">Linkword</a></p>\
                <ac:structured-macro ac:name=\\\"code\\\"><ac:plain-text-body><![CDATA[let goldnugget = 1;]]>\
                </ac:plain-text-body></ac:structured-macro>";
    let company = Company::of(&space(&format!("page = [{{ title = \"Pageone\", body = \"{body}\" }}]"))).await;
    for word in ["goldnugget", "Linkword", "café", "alpha", "Beta"] {
        assert_eq!(company.finders(word).await, "ann bob cat", "{word}");
    }
    for glued in ["alphabeta", "eacute"] {
        assert_eq!(company.finders(glued).await, "", "{glued}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn created_and_updated_are_each_their_own() {
    let lines = format!(
        "{}\n{}",
        space("page = [{ title = \"Pageone\", at = \"2026-02-01T10:00:00Z\" }]"),
        project("\"group:staff\"", "issue = [{ summary = \"Matterone\", at = \"2026-02-02T11:30:00Z\" }]")
    );
    let company = Company::of(&lines).await;
    company.change(&Change::Retitle { page: "Pageone".to_owned(), title: "Pageone again".to_owned() });
    company.change(&Change::Assign { issue: "Matterone".to_owned(), person: Some("ann".to_owned()) });
    company.sync().await;
    for (word, created) in [("Pageone", "2026-02-01T10:00"), ("Matterone", "2026-02-02T11:30")] {
        let hit = company.answers(word).await["ann"]["hits"][0].clone();
        let [made, updated] = ["created", "updated"].map(|key| hit[key].as_str().unwrap_or_default().to_owned());
        assert!(made.starts_with(created), "{hit}");
        assert!(!updated.is_empty() && updated > made, "{hit}");
    }
}
