//! The pages in a real browser: what people click and type, that nothing is complained about, and how it looks.
//!
//! Pictures of the search page and the settings go to `screenshots` in the target directory, light and dark, wide and
//! narrow: they are there to be looked at.

use e2e::browser::{Scheme, Window};
use e2e::client::Client;
use e2e::program::{Program, fossick};
use e2e::skip;
use e2e::stack::{ADMIN, PASSWORD, Stack};
use std::process::Command;

const DEMO_PASSWORD: &str = "brightwater-demo";
const WIDE: i64 = 1280;
const NARROW: i64 = 390;

/// The demo as people start it, and where it answers.
fn demo() -> (Program, String) {
    let mut command = Command::new(fossick());
    command.env_clear().args(["demo", "--listen", "127.0.0.1:0"]);
    let mut program = Program::start("the demo", &mut command);
    let line = program.wait_for("Open ");
    let address = line.split_whitespace().next().unwrap_or_default().to_owned();
    (program, address)
}

fn browser_for(test: &str) -> Option<&'static str> {
    let found = skip::chromium();
    if found.is_none() {
        skip::skipped(test, "no Chromium on the path; `cargo xtask setup` installs one");
    }
    found
}

async fn sign_in(window: &Window, base: &str, email: &str, password: &str) {
    window.goto(&format!("{base}/login")).await;
    window.fill("#email", email).await;
    window.fill("#password", password).await;
    window.press("Enter").await;
    window.see("[data-menu]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_search_filter_and_turn_pages() {
    let Some(chromium) = browser_for("people_sign_in_search_filter_and_turn_pages") else { return };
    let (_demo, base) = demo();
    let window = Window::open(chromium).await;
    window.shape(WIDE, Scheme::Light).await;
    window.goto(&format!("{base}/search?q=station")).await;
    window.read("Sign in to Fossick").await;
    window.fill("#email", "priya@brightwater.example").await;
    window.fill("#password", "not the password").await;
    window.click(".login-card .button").await;
    window.read("do not fit together").await;
    window.forgive("401");
    window.fill("#email", "priya@brightwater.example").await;
    window.fill("#password", DEMO_PASSWORD).await;
    window.click(".login-card .button").await;
    // Signing in leads to what was asked for.
    window.see(".hits").await;
    assert!(window.url().await.ends_with("/search?q=station"), "{}", window.url().await);
    assert_eq!(window.count(".hit").await, 10, "a page has ten hits");
    assert!(window.count(".hit mark").await > 0, "nothing is highlighted");
    let all = window.text(".results-title").await;
    let first = window.text(".hit-title").await;
    window.click("a[rel=next]").await;
    window.wait("the second page", "location.search.includes('page=2')").await;
    window.see(".hits").await;
    assert_ne!(window.text(".hit-title").await, first);
    window.click("a[rel=prev]").await;
    window.wait("the first page", "!location.search.includes('page=2')").await;
    window.see(".hits").await;
    assert_eq!(window.text(".hit-title").await, first);
    window.click(".filters a[href*='type=issue']").await;
    window.see(".filters a[aria-current]").await;
    assert!(window.count(".hit .kind-issue").await > 0);
    assert_eq!(window.count(".hit-kind:not(.kind-issue)").await, 0, "a filter by kind lets only that kind through");
    assert_ne!(window.text(".results-title").await, all);
    window.click(".filter-clear").await;
    window.wait("no filter", "!document.querySelector('.filters a[aria-current]')").await;
    // The account's menu, and signing out.
    window.click("[data-menu] summary").await;
    window.click(".menu-sheet a[href='/account']").await;
    window.read("priya@brightwater.example").await;
    window.click("[data-menu] summary").await;
    window.click(".menu-sheet .menu-button").await;
    window.read("Sign in to Fossick").await;
    window.goto(&format!("{base}/search?q=station")).await;
    window.read("Sign in to Fossick").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_done_with_the_keyboard() {
    let Some(chromium) = browser_for("everything_can_be_done_with_the_keyboard") else { return };
    let (_demo, base) = demo();
    let window = Window::open(chromium).await;
    window.shape(WIDE, Scheme::Light).await;
    window.goto(&format!("{base}/login")).await;
    window.see("#email").await;
    // From the top: the skip link, the brand, then the form.
    let mut order = Vec::new();
    for _ in 0..5 {
        window.press("Tab").await;
        order.push(window.focus().await);
    }
    assert_eq!(order, ["a Skip to content", "a Fossick", "input email", "input password", "button Sign in"]);
    sign_in(&window, &base, "maya@brightwater.example", DEMO_PASSWORD).await;
    window.wait("the search box has the focus", "document.activeElement.id === 'query'").await;
    window.write("acquisition of Rivergauge").await;
    window.press("Enter").await;
    window.see(".hits").await;
    window.press("/").await;
    assert_eq!(window.focus().await, "input bar-query");
    window.fill("#bar-query", "\"board paper\"").await;
    window.press("Enter").await;
    window.wait("the new search", "location.search.includes('board')").await;
    window.see("[data-menu] summary").await;
    let _focused = window.ask("document.querySelector('[data-menu] summary').focus()").await;
    window.press("Enter").await;
    window.see("[data-menu][open]").await;
    window.press("Escape").await;
    window.wait("the menu is closed", "!document.querySelector('[data-menu][open]')").await;
    assert!(window.focus().await.starts_with("summary"), "{}", window.focus().await);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn different_people_find_different_things() {
    const RUNBOOK: &str = "Runbook: rotate the signing keys";
    const PAPER: &str = "Board meeting May: acquisition of Rivergauge";
    const BANDS: &str = "Salary bands 2026";
    // What `fossick demo` says of its three searches.
    let searches = [("signing keys", RUNBOOK), ("acquisition of Rivergauge", PAPER), ("salary bands", BANDS)];
    let (_demo, base) = demo();
    for (name, finds) in [
        ("maya", [false, true, true]),
        ("nadia", [false, true, false]),
        ("priya", [true, false, false]),
        ("ruth", [false, false, true]),
        ("sam", [false, false, false]),
        ("tomas", [true, false, false]),
    ] {
        let mut person = Client::program(&base, &format!("{name}@brightwater.example"), DEMO_PASSWORD).await;
        for ((query, title), finds) in searches.iter().zip(finds) {
            let found = person.search(query, 1).await;
            let hits = found["hits"].as_array().expect("a search has hits");
            assert_eq!(hits.iter().any(|hit| hit["title"] == *title), finds, "{query} for {name}: {found}");
        }
    }
    let mut sam = Client::program(&base, "sam@brightwater.example", DEMO_PASSWORD).await;
    assert!(sam.search("signing keys", 1).await["total"].as_u64() > Some(0), "Sam finds the public tickets");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_connect_choose_and_watch_the_sync() {
    let Some(chromium) = browser_for("administrators_connect_choose_and_watch_the_sync") else { return };
    let mut stack = Stack::of("demo").latency(120).start().await;
    stack.serve();
    stack.add_admin().await;
    let base = stack.hub().to_owned();
    let window = Window::open(chromium).await;
    window.shape(WIDE, Scheme::Light).await;
    sign_in(&window, &base, ADMIN, PASSWORD).await;
    window.read("Nothing is connected yet").await;
    window.click(".bar-link").await;
    window.click(".empty .button").await;
    window.read("Connect Atlassian").await;
    assert!(window.text(".steps").await.contains("read:page:confluence"), "the scopes to copy are missing");
    window.fill("#domain", "brightwater.atlassian.net").await;
    window.fill("#token", "ATSTT-mistyped").await;
    window.click("form[action='/settings/connect'] .button.primary").await;
    window.see(".checks").await;
    window.read("mistyped, revoked or has expired").await;
    window.forgive("422");
    window.picture("connect-refused", true).await;
    assert_eq!(
        window.ask("document.querySelector('#token').value").await.as_deref(),
        Some(""),
        "a token is never shown again"
    );
    assert_eq!(
        window.ask("document.querySelector('#domain').value").await.as_deref(),
        Some("brightwater.atlassian.net")
    );
    window.fill("#token", &stack.company.token).await;
    window.fill("#organization", &stack.company.world.site.org_id).await;
    window.fill("#organization-key", stack.organization_key().unwrap()).await;
    window.click("form[action='/settings/connect'] .button.primary").await;
    window.see(".checks + .buttons a").await;
    window.picture("connected", true).await;
    // Nothing is read before it is asked for.
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await;
    assert!(sources["sources"].as_array().unwrap().iter().all(|source| source["documents"] == 0), "{sources}");
    window.click(".checks + .buttons a").await;
    window.read("Save and sync").await;
    window.read("Company Handbook").await;
    window.picture("choose", true).await;
    window.click(".save-bar .button.primary").await;
    window.see("[data-events]").await;
    window
        .wait("live progress", "/[1-9]/.test(document.querySelector('[data-progress=documents]')?.innerText ?? '')")
        .await;
    window.picture("sync-running", true).await;
    // The page changes by itself when the sync ends.
    stack.site.turn("latency", serde_json::json!({"ms": 0})).await;
    window
        .wait(
            "the end of the sync",
            "!document.querySelector('[data-events]') && document.body.innerText.includes('Succeeded')",
        )
        .await;
    window.picture("sync-done", true).await;
    window.close().await;
    stack.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_look_right_in_light_and_dark_wide_and_narrow() {
    let Some(chromium) = browser_for("pages_look_right_in_light_and_dark_wide_and_narrow") else { return };
    let (_demo, base) = demo();
    let window = Window::open(chromium).await;
    window.shape(WIDE, Scheme::Light).await;
    window.goto(&format!("{base}/login")).await;
    window.see(".demo-button").await;
    looks(&window, &base, "login", "/login").await;
    sign_in(&window, &base, "tomas@brightwater.example", DEMO_PASSWORD).await;
    for (name, path) in [
        ("home", "/"),
        ("search", "/search?q=signing+keys"),
        ("search-nothing", "/search?q=xylophone"),
        ("search-filtered", "/search?q=station&type=issue"),
        ("sources", "/settings/sources"),
        ("source", "/settings/sources/1"),
        ("source-jira", "/settings/sources/2"),
        ("webhook", "/settings/sources/2/webhook"),
        ("run", "/settings/sources/1/runs/1"),
        ("owed", "/settings/sources/1/owed"),
        ("deletions", "/settings/sources/1/deletions"),
        ("scope", "/settings/sources/1/scope"),
        ("connect", "/settings/connect"),
        ("users", "/settings/users"),
        ("new-user", "/settings/users/new"),
        ("audit", "/settings/audit"),
        ("account", "/account"),
    ] {
        looks(&window, &base, name, path).await;
    }
    // The picture of the README, as one sees it without scrolling.
    window.shape(WIDE, Scheme::Light).await;
    window.goto(&format!("{base}/search?q=signing+keys")).await;
    window.see(".hits").await;
    window.picture("readme", false).await;
    window.close().await;
}

/// One page in all four shapes: nothing may stick out, and each shape is kept as a picture.
async fn looks(window: &Window, base: &str, name: &str, path: &str) {
    for width in [WIDE, NARROW] {
        for scheme in [Scheme::Light, Scheme::Dark] {
            window.shape(width, scheme).await;
            window.goto(&format!("{base}{path}")).await;
            window.see("main").await;
            window.fits().await;
            window.picture(&format!("{name}-{width}-{}", scheme.word()), true).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_people_still_sign_in_search_filter_and_turn_pages() {
    let (_demo, base) = demo();
    let mut felix = Client::browser(&base, "felix@brightwater.example", DEMO_PASSWORD).await;
    let home = felix.get("/").await.ended(200);
    assert!(home.body.contains("action=\"/search\""), "{}", home.body);
    let results = felix.get("/search?q=station").await.ended(200);
    assert!(results.header("content-security-policy").contains("default-src"), "{:?}", results.headers);
    assert!(results.body.contains("<mark>"), "{}", results.body);
    let next = link(&results.body, "rel=\"next\"");
    let second = felix.get(&next).await.ended(200);
    assert!(second.body.contains("rel=\"prev\"") && second.body.contains("class=\"hits\""), "{}", second.body);
    let filtered = felix.get(&link(&results.body, "class=\"filter\"")).await.ended(200);
    assert!(filtered.body.contains("aria-current=\"true\""), "{}", filtered.body);
    let mut tomas = Client::browser(&base, "tomas@brightwater.example", DEMO_PASSWORD).await;
    let page = tomas.get("/settings/sources/1").await.ended(200);
    let csrf = page.csrf();
    let begun = tomas.submit("/settings/sources/1/sync", &[("csrf", &csrf)]).await.ended(303);
    assert_eq!(begun.header("location"), "/settings/sources/1");
    felix.get("/settings/sources").await.ended(403);
    felix.submit("/settings/sources/1/sync", &[("csrf", "nonsense")]).await.ended(403);
}

/// The address of the first link that carries a mark.
fn link(page: &str, mark: &str) -> String {
    let tags = page.split("<a ").skip(1).map(|tag| tag.split('>').next().unwrap_or_default());
    let tag = tags.into_iter().find(|tag| tag.contains(mark)).unwrap_or_else(|| panic!("no link with {mark}"));
    let address = tag.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    address.replace("&amp;", "&").replace("&#38;", "&")
}
