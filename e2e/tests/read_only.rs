//! Fossick reads and never writes: every call that a hub makes, in whatever it does, is on the adapters' closed list.
//!
//! A proxy before the simulator notes what really goes over the wire, routes that lead nowhere included.

use atlassian::http::{Endpoint, Family, Method};
use e2e::people::well_served;
use e2e::stack::{Setting, Stack};
use futures_util::stream::{self, StreamExt};
use std::collections::BTreeSet;

/// The calls that may be made, as method and path; `{}` stands for one part of a path.
fn closed_list() -> BTreeSet<(&'static str, String)> {
    let of = |endpoint: &Endpoint| {
        let method = match endpoint.method() {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        let above = match endpoint.family() {
            Family::Jira => "/ex/jira/{}",
            Family::Confluence => "/ex/confluence/{}",
            Family::Organization => "/admin",
        };
        (method, format!("{above}{}", endpoint.template()))
    };
    let mut list: BTreeSet<_> = Endpoint::ALL.iter().map(of).collect();
    // How a site's cloud id is found: without a credential, at the site itself.
    list.insert(("GET", "/_edge/tenant_info".to_owned()));
    list
}

fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    let (mut parts, mut wanted) = (path.split('/'), template.split('/'));
    loop {
        match (parts.next(), wanted.next()) {
            (None, None) => return true,
            (Some(part), Some("{}")) if !part.is_empty() => {}
            (Some(part), Some(wanted)) if part == wanted => {}
            _ => return false,
        }
    }
}

/// Everything that an operator can have a hub do with a source.
async fn everything(setting: Setting) -> Vec<(String, String)> {
    let mut stack = setting.proxied().start().await;
    stack.serve();
    stack.add_admin().await;
    stack
        .run_beside(&["source", "add", &stack.company.world.site.host, "--token-file", "/dev/null"], "")
        .await
        .ended(2);
    stack.connect_with(&["--archived", "--personal"]).await;
    stack.sync().await;
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await["sources"].as_array().cloned().unwrap_or_default();
    for id in sources.iter().filter_map(|source| source["id"].as_u64()) {
        admin.json(&format!("/api/v1/sources/{id}/containers")).await;
        stack.run_beside(&["source", "check", &id.to_string()], "").await;
    }
    // A second crawl takes the paths of what is known already.
    stack.sync().await;
    for id in sources.iter().filter_map(|source| source["id"].as_u64()) {
        stack.run_beside(&["source", "remove", &id.to_string(), "--yes"], "").await.ended(0);
    }
    stack.stop();
    stack.proxy().requests()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_hub_does_it_calls_only_what_the_closed_list_names() {
    let allowed = closed_list();
    let mut called = BTreeSet::new();
    let worlds = [
        "every-kind-of-holder",
        "levels-and-audiences",
        "restrictions-above",
        "space-roles",
        "guests-and-strangers",
        "tiny",
    ];
    let settings = worlds.iter().flat_map(|world| [Stack::of(world), Stack::playing(well_served(world))]);
    // Several at a time: most of what a hub does here is to wait.
    let played: Vec<_> =
        stream::iter(settings.chain([Stack::of("demo")])).map(everything).buffer_unordered(4).collect().await;
    for requests in played {
        assert!(requests.len() > 20, "{requests:?}");
        for (method, path) in requests {
            let known = allowed.iter().find(|(known, template)| *known == method && fits(template, &path));
            called.insert(
                known.unwrap_or_else(|| panic!("`{method} {path}` is not on the list of reading calls")).clone(),
            );
        }
    }
    println!("{} of the {} calls of the list were made", called.len(), allowed.len());
    assert!(called.len() > allowed.len() / 2, "the story makes too few of the calls to prove much: {called:?}");
}

#[test]
fn the_closed_list_posts_only_where_atlassian_reads_by_post() {
    let reading = [
        "/permission/check",
        "/permissions/check",
        "/search/jql",
        "/search/approximate-count",
        "/issue/bulkfetch",
        "/comment/list",
        "/users-bulk",
        "/convert-ids-to-types",
        "/users/search",
        "/groups/search",
    ];
    for (method, path) in closed_list() {
        let reads = method == "GET" || reading.iter().any(|ending| path.ends_with(ending));
        assert!(reads, "`{method} {path}` does not look like a call that reads");
    }
}

#[test]
fn a_template_fits_its_own_paths_alone() {
    assert!(fits("/wiki/api/v2/pages/{}", "/wiki/api/v2/pages/17?x=/y"));
    for other in ["/wiki/api/v2/pages", "/wiki/api/v2/pages/", "/wiki/api/v2/pages/17/title", "/wiki/api/v2/blogs/17"] {
        assert!(!fits("/wiki/api/v2/pages/{}", other), "{other}");
    }
}
