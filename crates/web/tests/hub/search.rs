//! What a person finds is what the reference index says for their viewer (WEB-2), and it is shown without harm.

use crate::stage::{ANA, BEN, CLEO, Stage};
use crate::world::{self, HOSTILE, SOURCE};
use axum::http::StatusCode;
use search::{Request, SearchIndex};
use std::collections::BTreeSet;

fn ids(answer: &serde_json::Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for hit in answer["hits"].as_array().unwrap() {
        found.insert(hit["id"].as_str().unwrap().to_owned());
        for nested in hit["nested"].as_array().unwrap() {
            found.insert(nested["id"].as_str().unwrap().to_owned());
        }
    }
    found
}

#[tokio::test]
async fn everybody_finds_exactly_what_the_reference_says_for_them() {
    let stage = Stage::open().await;
    let queries = ["gold", "\"gold deal\"", "gold -pan", "shiny", "initech", "unreadable", "soup"];
    let mut sizes = Vec::new();
    for email in [ANA, BEN, CLEO] {
        let account = stage.store.account_by_email(email).unwrap().unwrap();
        let viewer = stage.store.directory().viewer_of(&account.person());
        let mut program = stage.program_of(email).await;
        let mut browser = stage.browser_of(email).await;
        for query in queries {
            let expected = stage.index.reference().search(&viewer, &Request::of(query)).unwrap();
            let wanted: BTreeSet<String> = expected
                .hits
                .iter()
                .flat_map(|hit| [&hit.document].into_iter().chain(&hit.nested))
                .map(|document| document.key.native.clone())
                .collect();
            let address = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
            let answer = program.get(&format!("/api/v1/search?{address}")).await.json();
            assert_eq!(ids(&answer), wanted, "{email}: {query}");
            assert_eq!(answer["total"], expected.total, "{email}: {query}");
            let page = browser.get(&format!("/search?{address}")).await.body;
            for id in ["101", "102", "103", "104", "201", "901"] {
                let linked = page.contains(&format!("https://acme.atlassian.net/wiki/{id}\""));
                assert_eq!(linked, wanted.contains(id), "{email}: {query}: {id}");
            }
            sizes.push(wanted.len());
        }
    }
    assert_eq!(sizes, [5, 1, 4, 1, 1, 0, 2, 4, 0, 3, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
}

#[tokio::test]
async fn a_page_behind_the_last_says_so_and_not_that_nothing_is_found() {
    let stage = Stage::open().await;
    let mut ana = stage.browser_of(ANA).await;
    let page = ana.get("/search?q=gold&page=7").await.body;
    assert!(page.contains("There is no page 7: "), "{page}");
    assert!(page.contains("Show the first page") && !page.contains("Nothing"), "{page}");
}

#[tokio::test]
async fn a_changed_directory_counts_at_the_next_question() {
    let stage = Stage::open().await;
    let mut ben = stage.program_of(BEN).await;
    assert_eq!(ben.get("/api/v1/search?q=gold").await.json()["total"], 3);
    world::commit(&stage.store, vec![world::directory(false)], Vec::new()).await;
    let answer = ben.get("/api/v1/search?q=gold").await.json();
    assert_eq!((&answer["total"], &answer["facets"]["kinds"]), (&0.into(), &serde_json::json!([])));
    assert!(ben.get("/api/v1/me").await.json()["joined"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn hostile_titles_and_queries_stay_text() {
    let stage = Stage::open().await;
    let mut ben = stage.browser_of(BEN).await;
    let query: String = url::form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    for path in ["/search?q=gold".to_owned(), format!("/search?q={query}&in={query}&type={query}&page={query}")] {
        let answer = ben.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK);
        for piece in ["<script>alert", "<img src=x"] {
            assert!(!answer.body.contains(piece), "{path}");
        }
    }
    let answer = ben.get("/api/v1/search?q=rush").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.json()["hits"][0]["title"], HOSTILE);
}

#[tokio::test]
async fn the_name_of_a_space_is_shown_only_to_those_who_find_something_in_it() {
    let stage = Stage::open().await;
    let (mut ana, mut ben) = (stage.program_of(ANA).await, stage.program_of(BEN).await);
    let names = |answer: serde_json::Value| -> Vec<String> {
        let facets = answer["facets"]["containers"].as_array().unwrap().clone();
        facets.iter().map(|facet| facet["name"].as_str().unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(names(ana.get("/api/v1/search?q=gold").await.json()), ["Engineering", "Board papers"]);
    assert_eq!(names(ben.get("/api/v1/search?q=gold").await.json()), ["Engineering"]);
    assert_eq!(names(ben.get("/api/v1/search?q=gold&in=1:66").await.json()), ["Engineering", "-"]);
    let page = stage.browser_of(BEN).await.get("/search?q=gold&in=1:66&in=nonsense").await.body;
    assert!(!page.contains("Board papers") && page.contains("1:66") && page.contains("nonsense"), "{page}");
    assert!(page.contains("Nothing found"), "a mistyped filter lets nothing through");
}

#[tokio::test]
async fn filters_narrow_and_stay_in_the_list() {
    let stage = Stage::open().await;
    let mut ana = stage.program_of(ANA).await;
    let total = |answer: &serde_json::Value| answer["total"].as_u64().unwrap();
    assert_eq!(total(&ana.get("/api/v1/search?q=gold").await.json()), 4);
    assert_eq!(total(&ana.get("/api/v1/search?q=gold&in=1:66").await.json()), 1);
    assert_eq!(total(&ana.get("/api/v1/search?q=gold&in=1:66&in=1:65").await.json()), 4);
    let comments = ana.get("/api/v1/search?q=gold&type=comment").await.json();
    assert_eq!((total(&comments), comments["hits"][0]["matched"].as_bool()), (1, Some(false)));
    assert_eq!(comments["hits"][0]["nested"][0]["kind"], "comment");
    let page = stage.browser_of(ANA).await.get("/search?q=soup&in=1:66").await.body;
    assert!(page.contains("in=1%3A66") || page.contains("aria-current=\"true\""), "the filter can be lifted again");
}

#[tokio::test]
async fn a_program_is_told_what_it_asked_wrongly() {
    let stage = Stage::open().await;
    let mut ben = stage.program_of(BEN).await;
    for path in
        ["/api/v1/search", "/api/v1/search?q=a&type=x", "/api/v1/search?q=a&page=0", "/api/v1/search?q=a&in=ENG"]
    {
        let answer = ben.get(path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::BAD_REQUEST, "application/problem+json")
        );
    }
    let open = ben.get("/api/v1/search?q=%22gold").await.json();
    assert_eq!(open["hints"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn answers_hold_no_score_and_are_not_kept_by_caches() {
    let stage = Stage::open().await;
    let answer = stage.program_of(BEN).await.get("/api/v1/search?q=gold").await;
    assert!(!answer.body.contains("score"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let page = stage.browser_of(BEN).await.get("/search?q=gold").await;
    assert_eq!(page.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn the_home_page_says_when_nothing_can_be_found() {
    let stage = Stage::open().await;
    let joined = stage.browser_of(BEN).await.get("/").await.body;
    let alone = stage.browser_of(CLEO).await.get("/").await.body;
    assert_ne!(joined.contains("notice"), alone.contains("notice"));
    let me = stage.program_of(BEN).await.get("/api/v1/me").await.json();
    assert_eq!(
        (me["joined"][0]["shown_as"].as_str(), me["joined"][0]["source"].as_u64()),
        (Some("Ben O."), Some(SOURCE.0.into()))
    );
}
