//! Every route is called, and every answer that Atlassian's OpenAPI files describe must fit them, save a list of known
//! differences between those files and the product.
//!
//! The files are not part of the project: without `FOSSICK_REAL_DATA` the test says so and ends.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use simulator::route::Product;

use crate::schema::Spec;
use crate::site::{Got, Site};

/// (end of the fault's line, why the answer is right nevertheless).
const KNOWN: [(&str, &str); 5] = [
    (".description: null", "spaces without a description have null live"),
    (".icon: null", "spaces have null for an icon that was not asked for"),
    (".results.9: fits none of anyOf", "unknown ids have the type null"),
    ("status 403 is not documented", "the file forgets that restricting may be forbidden"),
    ("status 409 is not documented", "a stale version number is 409 live"),
];

struct Judge {
    site: Site,
    spec: Spec,
    faults: BTreeMap<String, BTreeSet<String>>,
    /// Entries of `KNOWN` that were needed.
    excused: BTreeSet<&'static str>,
}

impl Judge {
    fn judged(&mut self, method: &str, path: &str, got: &Got) {
        let Some(faults) = self.spec.faults(method, path, got.status.as_u16(), &got.body) else { return };
        for fault in faults {
            if let Some((end, _)) = KNOWN.iter().find(|(end, _)| fault.ends_with(end)) {
                self.excused.insert(end);
            } else {
                self.faults.entry(format!("{method} {path}")).or_default().insert(format!("{} {fault}", got.status));
            }
        }
    }

    async fn call(&mut self, method: Method, who: &str, path: &str, body: Option<&Value>) -> Value {
        let mut request = self.site.request(method.clone(), who, path);
        if let Some(body) = body {
            request = request.json(body);
        }
        let got = Site::sent(request).await;
        assert!(!got.status.is_server_error(), "{method} {path}: {} {}", got.status, got.body);
        self.judged(method.as_str(), path, &got);
        got.body
    }

    async fn get(&mut self, who: &str, paths: &[String]) {
        for path in paths {
            self.call(Method::GET, who, path, None).await;
        }
    }

    async fn upload(&mut self, method: Method, path: &str, name: &str) -> Value {
        let part = Part::text("hello").file_name(name.to_owned()).mime_str("text/plain").unwrap();
        let form = Form::new().part("file", part).text("minorEdit", "true");
        let request = self.site.request(method.clone(), "ann", path);
        let got = Site::sent(request.header("X-Atlassian-Token", "nocheck").multipart(form)).await;
        self.judged(method.as_str(), path, &got);
        got.body
    }
}

fn v2(path: impl AsRef<str>) -> String {
    format!("/wiki/api/v2{}", path.as_ref())
}

fn v1(path: impl AsRef<str>) -> String {
    format!("/wiki/rest/api{}", path.as_ref())
}

fn storage(text: &str) -> Value {
    json!({"representation": "storage", "value": format!("<p>{text}</p>")})
}

#[tokio::test]
async fn every_route_answers_as_the_openapi_files_say() {
    let Some(folder) = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from) else {
        println!("skipped: FOSSICK_REAL_DATA does not name the folder with the OpenAPI files");
        return;
    };
    let site = Site::start().await;
    let mut judge =
        Judge { site, spec: Spec::read(&folder.join("openapi")), faults: BTreeMap::new(), excused: BTreeSet::new() };
    pages(&mut judge).await;
    comments_and_files(&mut judge).await;
    spaces(&mut judge).await;
    old_routes(&mut judge).await;
    people(&mut judge).await;
    refusals(&mut judge).await;
    assert!(judge.faults.is_empty(), "{:#?}", judge.faults);
    let stale: Vec<_> = KNOWN.iter().filter(|(end, _)| !judge.excused.contains(end)).collect();
    assert!(stale.is_empty(), "no answer needs these exceptions: {stale:#?}");

    let called = judge.site.running.simulation.counters.snapshot();
    let routes = simulator::server::all_routes().into_iter().filter(|route| route.product == Product::Confluence);
    let missed: Vec<String> = routes
        .map(|route| format!("{} {}", route.method, route.template))
        .filter(|route| !called.contains_key(route))
        .collect();
    assert!(missed.is_empty(), "never called: {missed:#?}");
}

async fn pages(judge: &mut Judge) {
    let (space, home, plan) = (judge.site.space("ENG"), judge.site.id("Home"), judge.site.id("Plan"));
    let (post, sketch, container) = (judge.site.id("News"), judge.site.id("Sketch"), judge.site.id("Box"));
    let new = |title: &str| json!({"spaceId": space.to_string(), "title": title, "body": storage(title)});
    for kind in ["pages", "blogposts"] {
        let made = judge.call(Method::POST, "ann", &v2(format!("/{kind}")), Some(&new(&format!("New {kind}")))).await;
        let own = v2(format!("/{kind}/{}", made["id"].as_str().unwrap()));
        let edit = json!({"id": made["id"], "status": "current", "title": "Edited", "version": {"number": 2}, "body": storage("e")});
        judge.call(Method::PUT, "ann", &own, Some(&edit)).await;
        let listing = format!("/{kind}?body-format=atlas_doc_format&sort=-modified-date&limit=3");
        let includes = "include-labels=true&include-properties=true&include-operations=true&include-likes=true\
            &include-versions=true&include-version=true&include-favorited-by-current-user-status=true&include-collaborators=true";
        let one = |part: &str| format!("{own}{part}");
        let paths = [
            v2(listing),
            v2(format!("/spaces/{space}/{kind}?body-format=storage")),
            one(&format!("?body-format=view&{includes}")),
            one("?version=1&body-format=storage"),
            one("/operations"),
            one("/versions?body-format=storage"),
            one("/versions/1"),
            one("/labels"),
        ];
        judge.get("ann", &paths).await;
        judge.call(Method::DELETE, "ann", &own, None).await;
        judge.get("cat", &[v2(format!("/{kind}?status=trashed"))]).await;
    }
    judge
        .call(
            Method::PUT,
            "ann",
            &v2(format!("/pages/{plan}/title")),
            Some(&json!({"status": "current", "title": "Plan B"})),
        )
        .await;
    let mut paths = vec![
        v2(format!("/pages/{sketch}?get-draft=true")),
        v2(format!("/pages/{home}/children")),
        v2(format!("/blogposts/{post}")),
        v2("/tasks"),
        v2("/labels"),
        v2("/attachments"),
    ];
    let label = judge.call(Method::GET, "ann", &v2(format!("/pages/{home}/labels")), None).await;
    let label = label["results"][0]["id"].as_str().unwrap().to_owned();
    paths.extend(["pages", "blogposts"].map(|kind| v2(format!("/labels/{label}/{kind}"))));
    for kind in ["folders", "whiteboards", "databases", "embeds"] {
        let made = judge
            .call(
                Method::POST,
                "ann",
                &v2(format!("/{kind}")),
                Some(&json!({"spaceId": space.to_string(), "title": kind})),
            )
            .await;
        let own = v2(format!("/{kind}/{}", made["id"].as_str().unwrap()));
        judge
            .get("ann", &["", "/ancestors", "/descendants", "/direct-children"].map(|part| format!("{own}{part}")))
            .await;
        judge.call(Method::DELETE, "ann", &own, None).await;
    }
    paths.extend(
        ["/ancestors", "/descendants?depth=5", "/direct-children"].map(|part| v2(format!("/pages/{home}{part}"))),
    );
    paths.push(v2(format!("/folders/{container}?include-direct-children=true&include-operations=true")));
    judge.get("ann", &paths).await;
    let ids = json!({"contentIds": [home.to_string(), "9"]});
    judge.call(Method::POST, "ann", &v2("/content/convert-ids-to-types"), Some(&ids)).await;
    judge
        .call(Method::POST, "ann", &v2("/users-bulk"), Some(&json!({"accountIds": [judge.site.account("ben")]})))
        .await;
    for method in [Method::GET, Method::POST, Method::DELETE] {
        judge.call(method, "cat", &v2("/admin-key"), None).await;
    }
    let chores = "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status>\
        <ac:task-body>x</ac:task-body></ac:task></ac:task-list>";
    let chores = json!({"spaceId": space.to_string(), "title": "Chores", "body": {"representation": "storage", "value": chores}});
    judge.call(Method::POST, "ann", &v2("/pages"), Some(&chores)).await;
    let tasks = judge.call(Method::GET, "ann", &v2("/tasks?body-format=storage"), None).await;
    let task = tasks["results"][0]["id"].as_str().unwrap().to_owned();
    judge.get("ann", &[v2(format!("/tasks/{task}"))]).await;
}

async fn comments_and_files(judge: &mut Judge) {
    let (home, post) = (judge.site.id("Home"), judge.site.id("News"));
    let files = v1(format!("/content/{home}/child/attachment"));
    let made = judge.upload(Method::POST, &files, "a.txt").await;
    judge.upload(Method::PUT, &files, "a.txt").await;
    let file = made["results"][0]["id"].as_str().unwrap().to_owned();
    judge.upload(Method::POST, &format!("{files}/{file}/data"), "a.txt").await;
    let properties = json!({"id": file, "type": "attachment", "title": "b.txt", "version": {"number": 4}, "metadata": {"comment": "c"}});
    judge.call(Method::PUT, "ann", &format!("{files}/{file}"), Some(&properties)).await;
    let mut paths = vec![
        format!("{files}/{file}/download"),
        v2(format!("/attachments/{file}?include-labels=true&include-versions=true")),
        v2(format!("/attachments/{file}/versions")),
        v2(format!("/attachments/{file}/labels")),
        v2(format!("/attachments/{file}/footer-comments")),
        v2(format!("/pages/{home}/attachments")),
        v2(format!("/blogposts/{post}/attachments")),
        v2("/attachments?sort=-modified-date"),
    ];
    for kind in ["footer-comments", "inline-comments"] {
        for (key, id) in [("pageId", home.to_string()), ("blogPostId", post.to_string())] {
            let sent = json!({key: id, "body": storage("c"), "inlineCommentProperties": {"textSelection": "x"}});
            let root = judge.call(Method::POST, "ann", &v2(format!("/{kind}")), Some(&sent)).await;
            let reply = json!({"parentCommentId": root["id"], "body": storage("r")});
            judge.call(Method::POST, "ann", &v2(format!("/{kind}")), Some(&reply)).await;
            let own = v2(format!("/{kind}/{}", root["id"].as_str().unwrap()));
            let edit = json!({"version": {"number": 2}, "body": storage("d"), "resolved": true});
            judge.call(Method::PUT, "ann", &own, Some(&edit)).await;
            judge
                .get(
                    "ann",
                    &["?body-format=view", "/children?body-format=storage", "/versions"]
                        .map(|part| format!("{own}{part}")),
                )
                .await;
        }
        paths.push(v2(format!("/{kind}?body-format=storage&sort=-modified-date")));
        paths.push(v2(format!("/pages/{home}/{kind}?body-format=storage")));
        paths.push(v2(format!("/blogposts/{post}/{kind}")));
    }
    judge.get("ann", &paths).await;
    for kind in ["footer-comments", "inline-comments"] {
        let all = judge.call(Method::GET, "ann", &v2(format!("/{kind}?limit=1")), None).await;
        let id = all["results"][0]["id"].as_str().unwrap().to_owned();
        judge.call(Method::DELETE, "ann", &v2(format!("/{kind}/{id}")), None).await;
    }
    judge.call(Method::DELETE, "ann", &v2(format!("/attachments/{file}")), None).await;
}

async fn spaces(judge: &mut Judge) {
    let space = judge.site.space("ENG");
    let private = json!({"name": "Secret", "key": "SEC"});
    judge.call(Method::POST, "ann", &v1("/space/_private"), Some(&private)).await;
    judge.call(Method::POST, "ann", &v1("/space"), Some(&json!({"name": "Open", "key": "OPEN"}))).await;
    judge.call(Method::POST, "ann", &v2("/spaces"), Some(&json!({"name": "Second", "key": "SECOND"}))).await;
    let update = json!({"name": "Opened", "description": {"plain": {"value": "d", "representation": "plain"}}});
    judge.call(Method::PUT, "ann", &v1("/space/OPEN"), Some(&update)).await;
    let row = json!({"subject": {"type": "user", "identifier": judge.site.account("cat")}, "operation": {"key": "read", "target": "space"}});
    let row = judge.call(Method::POST, "ann", &v1("/space/SEC/permission"), Some(&row)).await;
    judge.call(Method::DELETE, "ann", &v1(format!("/space/SEC/permission/{}", row["id"])), None).await;
    judge.call(Method::DELETE, "ann", &v1("/space/OPEN"), None).await;
    judge.call(Method::POST, "cat", &v2(format!("/spaces/{space}/role-assignments")), Some(&json!([]))).await;
    let roles = judge.call(Method::GET, "ann", &v2("/space-roles"), None).await;
    let role = roles["results"][0]["id"].as_str().unwrap().to_owned();
    let parts = "include-permissions=true&include-role-assignments=true&include-labels=true&include-operations=true\
        &include-properties=true&include-icon=true&description-format=view";
    let paths = [
        v2("/spaces?description-format=plain&include-icon=true"),
        v2(format!("/spaces/{space}?{parts}")),
        v2(format!("/spaces/{space}/operations")),
        v2(format!("/spaces/{space}/permissions")),
        v2(format!("/spaces/{space}/role-assignments")),
        v2(format!("/spaces/{space}/labels")),
        v2(format!("/spaces/{space}/content/labels")),
        v2("/space-permissions"),
        v2(format!("/space-roles/{role}")),
        v2("/space-role-mode"),
        v1("/space?expand=permissions,description.plain,homepage,history,metadata.labels,operations,icon"),
        v1("/space/ENG?expand=permissions,description.view,homepage"),
        v1("/space/ENG/label"),
        v1("/space/ENG/content"),
        v1("/space/ENG/content/page?expand=version"),
    ];
    judge.get("ann", &paths).await;
}

async fn old_routes(judge: &mut Judge) {
    let (home, plan, inside) = (judge.site.id("Home"), judge.site.id("Plan B"), judge.site.id("Inside"));
    let sent = json!({"type": "page", "title": "Old", "space": {"key": "ENG"}, "body": {"storage": storage("o")}});
    let made = judge.call(Method::POST, "ann", &v1("/content"), Some(&sent)).await;
    let own = v1(format!("/content/{}", made["id"].as_str().unwrap()));
    let edit = json!({"type": "page", "title": "Older", "version": {"number": 2}, "body": {"storage": storage("p")}});
    judge.call(Method::PUT, "ann", &own, Some(&edit)).await;
    let comment =
        json!({"type": "comment", "container": {"id": home, "type": "page"}, "body": {"storage": storage("c")}});
    judge.call(Method::POST, "ann", &v1("/content"), Some(&comment)).await;
    let everything = "expand=body.storage,version,space,history,ancestors,container,metadata.labels,restrictions.read.restrictions.user,\
        restrictions.update.restrictions.group,operations,children.page,children.comment,children.attachment,childTypes";
    let restricted = v1(format!("/content/{plan}/restriction"));
    let (ann, legal) = (judge.site.account("ann"), judge.site.group("legal"));
    let paths = [
        v1(format!("/content?spaceKey=ENG&{everything}")),
        format!("{own}?{everything}"),
        format!("{own}/history"),
        format!("{own}/version"),
        format!("{own}/label"),
        v1(format!("/content/{home}/child?expand=page,comment")),
        v1(format!("/content/{home}/child/page?expand=version")),
        v1(format!("/content/{home}/descendant/page")),
        v1(format!("/content/search?cql=type in (page,comment,attachment)&{everything}")),
        v1("/search?cql=type=page or type=space&expand=content.version,content.space"),
        v1("/search/user?cql=type=user"),
        restricted.clone(),
        format!("{restricted}/byOperation"),
        format!("{restricted}/byOperation/read"),
        format!("{restricted}/byOperation/read/user?accountId={ann}"),
        format!("{restricted}/byOperation/read/byGroupId/{legal}"),
        v1("/longtask"),
        v1("/longtask/1"),
    ];
    judge.get("ann", &paths).await;
    let lists =
        json!([{"operation": "update", "restrictions": {"user": [{"type": "known", "accountId": ann}], "group": []}}]);
    for method in [Method::PUT, Method::POST] {
        judge.call(method.clone(), "ann", &restricted, Some(&lists)).await;
        judge
            .call(
                method,
                "ann",
                &v1(format!("/content/{inside}/label")),
                Some(&json!([{"prefix": "global", "name": "x"}])),
            )
            .await;
    }
    for subject in [format!("user?accountId={ann}"), format!("byGroupId/{legal}")] {
        for method in [Method::PUT, Method::DELETE] {
            judge.call(method, "ann", &format!("{restricted}/byOperation/update/{subject}"), None).await;
        }
    }
    judge.call(Method::DELETE, "ann", &restricted, None).await;
    judge.call(Method::DELETE, "ann", &v1(format!("/content/{inside}/label/x")), None).await;
    judge.call(Method::DELETE, "ann", &v1(format!("/content/{home}/label?name=start")), None).await;
    let question = json!({"subject": {"type": "user", "identifier": ann}, "operation": "update"});
    judge.call(Method::POST, "ann", &v1(format!("/content/{home}/permission/check")), Some(&question)).await;
    judge.call(Method::PUT, "ann", &v1(format!("/content/{inside}/move/append/{home}")), None).await;
    judge.call(Method::POST, "ann", &v1("/content/archive"), Some(&json!({"pages": [{"id": inside}]}))).await;
    judge.call(Method::DELETE, "ann", &own, None).await;
    judge.call(Method::DELETE, "ann", &v1(format!("/content/{home}/pageTree")), None).await;
}

async fn people(judge: &mut Judge) {
    let (ann, staff) = (judge.site.account("ann"), judge.site.group("staff"));
    let made = judge.call(Method::POST, "cat", &v1("/group"), Some(&json!({"name": "crew"}))).await;
    let crew = made["id"].as_str().unwrap().to_owned();
    let member = v1(format!("/group/userByGroupId?groupId={crew}"));
    judge.call(Method::POST, "cat", &member, Some(&json!({"accountId": ann}))).await;
    judge.call(Method::DELETE, "cat", &format!("{member}&accountId={ann}"), None).await;
    judge.call(Method::DELETE, "cat", &v1(format!("/group/by-id?id={crew}")), None).await;
    let paths = [
        v1("/group"),
        v1("/group/picker?query=sta&shouldReturnTotalSize=true"),
        v1(format!("/group/by-id?id={staff}")),
        v1(format!("/group/{staff}/membersByGroupId?shouldReturnTotalSize=true")),
        v1(format!("/user?accountId={ann}&expand=operations,personalSpace")),
        v1("/user/current"),
        v1("/user/anonymous"),
        v1(format!("/user/bulk?accountId={ann}")),
        v1(format!("/user/memberof?accountId={ann}")),
        v1("/settings/systemInfo"),
        v1("/audit"),
        v1("/audit/since"),
    ];
    judge.get("cat", &paths).await;
}

/// Answers that refuse, in each product version's own form.
async fn refusals(judge: &mut Judge) {
    for path in
        ["/pages/1", "/pages/x", "/pages?limit=0", "/spaces/1", "/footer-comments/1", "/attachments/1", "/folders/1"]
    {
        let path = v2(path);
        let got = judge.site.get("ben", &path).await;
        assert!(got.body["errors"][0]["code"].is_string(), "{path}: {}", got.body);
        judge.judged("GET", &path, &got);
    }
    for path in
        ["/content/1", "/content/1/restriction", "/space/NONE", "/content/search", "/audit", "/user?accountId=x"]
    {
        let path = v1(path);
        let got = judge.site.get("ben", &path).await;
        assert!(got.body["statusCode"].is_u64(), "{path}: {}", got.body);
        judge.judged("GET", &path, &got);
    }
    let home = judge.site.id("News");
    let stale = json!({"id": home.to_string(), "status": "current", "title": "N", "version": {"number": 9}, "body": storage("n")});
    judge.call(Method::PUT, "ann", &v2(format!("/blogposts/{home}")), Some(&stale)).await;
    let hidden = json!({"type": "page", "title": "X", "space": {"key": "HR"}});
    judge.call(Method::POST, "dan", &v1("/content"), Some(&hidden)).await;
    judge
        .call(Method::PUT, "dan", &v1(format!("/content/{}/restriction", judge.site.id("Pay"))), Some(&json!([])))
        .await;
    judge.call(Method::POST, "dan", &v1("/group"), Some(&json!({"name": "x"}))).await;
}
