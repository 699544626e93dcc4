//! Files: uploads, listings, the signed address.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::site::{Got, Site, titles};

async fn upload(site: &Site, method: Method, who: &str, text: &str) -> Got {
    let path = format!("/wiki/rest/api/content/{}/child/attachment", site.id("Home"));
    let part = Part::text(text.to_owned()).file_name("map.txt").mime_str("text/plain").unwrap();
    let form = Form::new().part("file", part).text("comment", "hand drawn");
    let request = site.request(method, who, &path).header("X-Atlassian-Token", "nocheck").multipart(form);
    Site::sent(request).await
}

#[tokio::test]
async fn a_second_upload_of_a_name_must_say_that_it_replaces() {
    let site = Site::start().await;
    let made = upload(&site, Method::POST, "ann", "left").await.ok();
    let id = made["results"][0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("att"));
    assert_eq!(upload(&site, Method::POST, "ann", "right").await.status, 400);
    let replaced = upload(&site, Method::PUT, "ann", "right").await.ok();
    assert_eq!((&replaced["results"][0]["id"], &replaced["results"][0]["version"]["number"]), (&json!(id), &json!(2)));
    let listed = site.get("ben", "/wiki/api/v2/attachments?sort=-modified-date&filename=map.txt").await.ok();
    let row = &listed["results"][0];
    assert_eq!((&row["fileSize"], &row["pageId"]), (&json!(5), &json!(site.id("Home").to_string())));
    assert!(row["downloadLink"].as_str().unwrap().starts_with("/download/attachments/"));
}

#[tokio::test]
async fn a_form_without_the_header_against_forgery_is_refused() {
    let site = Site::start().await;
    let path = format!("/wiki/rest/api/content/{}/child/attachment", site.id("Home"));
    let form = Form::new().part("file", Part::text("x").file_name("a.txt"));
    let got = Site::sent(site.request(Method::POST, "ann", &path).multipart(form)).await;
    assert_eq!((got.status.as_u16(), &got.body["message"]), (403, &json!("XSRF check failed")));
}

#[tokio::test]
async fn the_signed_address_is_elsewhere_refuses_the_token_and_works_once() {
    let site = Site::start().await;
    let id = upload(&site, Method::POST, "ann", "left").await.ok()["results"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/rest/api/content/{}/child/attachment/{id}/download", site.id("Home"));
    let moved = site.robot(&path).await;
    assert_eq!(moved.status, 302);
    let address = moved.headers["location"].to_str().unwrap().to_owned();
    assert!(!address.starts_with(&site.running.base()), "{address}");
    let http = reqwest::Client::builder().build().unwrap();
    let with_token = http.get(&address).bearer_auth(crate::site::ROBOT).send().await.unwrap();
    assert_eq!(with_token.status(), 400);
    let bytes = http.get(&address).send().await.unwrap();
    assert_eq!(bytes.text().await.unwrap(), "left");
    assert_eq!(http.get(&address).send().await.unwrap().status(), 403);
    assert_eq!(site.get("", &format!("/wiki{path}")).await.status, 403);
}

#[tokio::test]
async fn readers_cannot_upload_and_deleted_files_go_to_the_trash() {
    let site = Site::with(
        "[[space]]\nkey = \"RO\"\nowner = \"cat\"\nread = [\"group:staff\"]\nadmin = [\"@cat\"]\n\
         page = [{ title = \"Read me\", attachments = [{ name = \"a.txt\", text = \"a\" }] }]\n",
    )
    .await;
    let page = site.id("Read me");
    let form = || Form::new().part("file", Part::text("x").file_name("b.txt"));
    let path = format!("/wiki/rest/api/content/{page}/child/attachment");
    let request =
        |who| site.request(Method::POST, who, &path).header("X-Atlassian-Token", "no-check").multipart(form());
    assert_eq!(Site::sent(request("ann")).await.status, 403);
    Site::sent(request("cat")).await.ok();
    let of_page = format!("/wiki/api/v2/pages/{page}/attachments");
    let rows = site.get("ann", &of_page).await.ok();
    assert_eq!(titles(&rows), ["a.txt", "b.txt"]);
    let id = rows["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(site.delete("ann", &format!("/wiki/api/v2/attachments/{id}")).await.status, 404);
    assert_eq!(site.delete("cat", &format!("/wiki/api/v2/attachments/{id}")).await.status, 204);
    assert_eq!(titles(&site.get("cat", &of_page).await.ok()), ["b.txt"]);
    assert_eq!(titles(&site.get("cat", &format!("{of_page}?status=trashed")).await.ok()), ["a.txt"]);
    assert!(titles(&site.get("ann", &format!("{of_page}?status=trashed")).await.ok()).is_empty());
}
