//! Files: uploads, and bytes from another host that must not see the token.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::site::{Site, word};

async fn upload(site: &Site, who: &str, token: Option<&str>) -> (u16, Value) {
    let form =
        Form::new().part("file", Part::text("1234567890").file_name("digits.txt").mime_str("text/plain").unwrap());
    let mut request = site.request(Some(who), Method::POST, "/rest/api/3/issue/OPS-1/attachments").multipart(form);
    if let Some(token) = token {
        request = request.header("x-atlassian-token", token);
    }
    site.send(request).await
}

#[tokio::test]
async fn an_upload_needs_the_header_against_forged_forms() {
    let site = Site::tiny().await;
    assert_eq!(upload(&site, "bob", None).await, (403, json!("XSRF check failed")));
    let (status, files) = upload(&site, "bob", Some("no-check")).await;
    assert_eq!((status, &files[0]["size"], &files[0]["filename"]), (200, &json!(10), &json!("digits.txt")));
    assert_eq!(files[0]["author"]["accountId"], site.account("bob"));
    let listed = site.ok("alice", "/issue/OPS-1?fields=attachment").await;
    assert_eq!(listed["fields"]["attachment"][0]["id"], files[0]["id"]);
    let single = site.ok("alice", &format!("/attachment/{}", word(&files[0]["id"]))).await;
    assert_eq!(single["id"].to_string(), word(&files[0]["id"]), "a number here, text in the issue");
    assert_eq!(site.ok("alice", "/attachment/meta").await["enabled"], true);
}

#[tokio::test]
async fn bytes_come_by_a_redirect_that_works_once_without_the_token() {
    let site = Site::tiny().await;
    let (_, files) = upload(&site, "bob", Some("no-check")).await;
    let path = format!("/rest/api/3/attachment/content/{}", word(&files[0]["id"]));
    let answer = site.request(Some("bob"), Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let ticket = location.split_once("/media/").unwrap().1.to_owned();
    let fetch = async |who| site.send(site.request(who, Method::GET, &format!("/media/{ticket}"))).await;
    assert_eq!(fetch(Some("bob")).await.0, 400, "the token must not travel to the other host");
    assert_eq!(fetch(None).await, (200, json!(1_234_567_890)));
    assert_eq!(fetch(None).await.0, 403, "used up");
}

#[tokio::test]
async fn without_the_redirect_ranges_are_served() {
    let site = Site::tiny().await;
    let (_, files) = upload(&site, "bob", Some("no-check")).await;
    let path = format!("/rest/api/3/attachment/content/{}?redirect=false", word(&files[0]["id"]));
    let range = async |range: &str| {
        let answer = site.request(Some("bob"), Method::GET, &path).header("range", range).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(range("bytes=2-4").await, (206, "345".to_owned()));
    assert_eq!(range("bytes=7-").await, (206, "890".to_owned()));
    assert_eq!(range("bytes=-2").await, (206, "90".to_owned()));
    assert_eq!(range("bytes=20-30").await.0, 416);
}

#[tokio::test]
async fn files_of_a_restricted_comment_are_as_hidden_as_the_comment() {
    let site = Site::tiny().await;
    let (_, files) = upload(&site, "alice", Some("no-check")).await;
    let id: u64 = word(&files[0]["id"]).parse().unwrap();
    {
        let mut world = site.running.simulation.world_mut();
        let secret = world.jira.comments.values().find(|comment| comment.visibility.is_some()).unwrap().id;
        let mut file = world.jira.attachments[&id].clone();
        file.comment = Some(secret);
        world.jira.put_attachment(file);
    }
    for path in [format!("/attachment/{id}"), format!("/attachment/content/{id}?redirect=false")] {
        assert_eq!(site.get("alice", &path).await.0, 200);
        assert_eq!(site.get("bob", &path).await.0, 404);
    }
    assert_eq!(site.ok("bob", "/issue/OPS-1?fields=attachment").await["fields"]["attachment"], json!([]));
    assert_eq!(site.delete("bob", &format!("/attachment/{id}")).await.0, 404);
    assert_eq!(site.delete("alice", &format!("/attachment/{id}")).await.0, 204);
}
