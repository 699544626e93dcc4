//! Empty pages with a `next`, and switching from another process.

use reqwest::Method;
use serde_json::json;

use crate::site::{Site, each};

#[tokio::test]
async fn an_empty_page_in_v2_is_not_the_end() {
    let site = Site::start().await;
    let plain = each(&site.all("ann", "/wiki/api/v2/pages?limit=2").await, "title");
    let path = "/_sim/switches";
    let set = Site::sent(site.request(Method::POST, "", path).json(&json!({"empty_pages_with_next": true}))).await;
    assert_eq!(set.status, 204);
    let first = site.get("ann", "/wiki/api/v2/pages?limit=2").await.ok();
    let empty = site.get("ann", first["_links"]["next"].as_str().unwrap()).await.ok();
    assert_eq!(empty["results"], json!([]));
    assert!(empty["_links"]["next"].is_string());
    assert_eq!(each(&site.all("ann", "/wiki/api/v2/pages?limit=2").await, "title"), plain);
}

#[tokio::test]
async fn an_empty_page_in_a_v1_search_is_the_end_although_it_has_a_next() {
    let site = Site::with("[switches]\nempty_pages_with_next = true\n").await;
    let mut path = "/wiki/rest/api/content/search?cql=type=page&limit=3".to_owned();
    let mut sizes = Vec::new();
    for _ in 0..4 {
        let body = site.get("ann", &path).await.ok();
        sizes.push(body["size"].as_u64().unwrap());
        path = format!("/wiki{}", body["_links"]["next"].as_str().unwrap());
    }
    assert_eq!(sizes, [3, 1, 0, 0]);
}

#[tokio::test]
async fn a_wrong_switch_is_named() {
    let site = Site::start().await;
    let got = Site::sent(site.request(Method::POST, "", "/_sim/switches").json(&json!({"lag": 1}))).await;
    assert_eq!(got.status, 400);
    assert!(got.body["error"].as_str().unwrap().contains("empty_pages_with_next"));
}
