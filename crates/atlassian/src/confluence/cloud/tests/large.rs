//! Lists whose answers are too large, or broken by a single record: they cost calls, and at most that record.

use super::*;
use model::Target;

/// The largest answer, in bytes; the bodies here are as large to it as 20 MB are to 64.
const LARGEST: usize = 192_000;
const HUGE: usize = 60_000;
const PAGES: &str = "/wiki/api/v2/pages";
const COMMENTS: &str = "/wiki/api/v2/footer-comments";

/// A network that gives up an answer larger than that.
fn narrow(answer: Incoming) -> Result<Incoming, TransportFault> {
    if answer.body.len() > LARGEST { Err(TransportFault::TooLarge) } else { Ok(answer) }
}

/// A network that breaks whatever holds this text.
fn breaking(text: &'static str) -> impl Fn(Incoming) -> Result<Incoming, TransportFault> {
    move |answer| {
        let breaks = String::from_utf8_lossy(&answer.body).contains(text);
        Ok(if breaks { Incoming { body: answer.body.slice(..answer.body.len() - 1), ..answer } } else { answer })
    }
}

fn with_body(mut record: Value, body: &str) -> Value {
    record["body"]["storage"]["value"] = json!(format!("<p>{body}</p>"));
    record
}

fn huge(record: Value, bytes: usize) -> Value {
    let word = format!("{} ", record["id"].as_str().unwrap());
    with_body(record, &word.repeat(bytes / word.len()))
}

/// One answer of a list that has cursors, limits, ids and bodies as Confluence's have them.
fn listed(path: &str, records: &[Value], query: &BTreeMap<String, String>) -> Value {
    let asked: Option<Vec<&str>> = query.get("id").map(|ids| ids.split(',').collect());
    let wanted = |record: &&Value| asked.as_ref().is_none_or(|asked| asked.contains(&record["id"].as_str().unwrap()));
    let wanted: Vec<&Value> = records.iter().filter(wanted).collect();
    let start: usize = query.get("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let end = (start + query["limit"].parse::<usize>().unwrap()).min(wanted.len());
    let mut page: Vec<Value> = wanted[start..end].iter().map(|record| (*record).clone()).collect();
    if !query.contains_key("body-format") {
        page.iter_mut().for_each(|record| record["body"] = json!({}));
    }
    let links = if end < wanted.len() { json!({ "next": format!("{path}?cursor={end}") }) } else { json!({}) };
    json!({ "results": page, "_links": links })
}

/// A Confluence with one list of records.
fn holding(
    network: impl Fn(Incoming) -> Result<Incoming, TransportFault> + Send + Sync + 'static,
    list: &'static str,
    records: Vec<Value>,
) -> (ConfluenceCloud, Script) {
    cloud_behind(network, Scope::default(), move |path, query, _| (path == list).then(|| listed(path, &records, query)))
}

fn natives(batches: &[Batch]) -> Vec<&str> {
    let mut natives: Vec<_> = documents(batches).iter().map(|document| document.key.native.as_str()).collect();
    natives.sort_unstable();
    natives
}

fn said(id: &str) -> Value {
    comment(id, &json!({ "pageId": "1", "parentCommentId": "c0" }))
}

#[tokio::test]
async fn four_pages_that_are_too_large_together_are_all_read_by_the_first_listing() {
    let large = ["1", "2", "3", "4"].map(|id| huge(page(id, "10", None), HUGE));
    let small = ["5", "6"].map(|id| page(id, "10", None));
    let (cloud, script) = holding(narrow, PAGES, [&large[..], &small].concat());
    let batches = drain(&cloud, Stream::Pages, &Stored::with_space("10", "ENG")).await.unwrap();
    assert_eq!(natives(&batches), ["1", "2", "3", "4", "5", "6"]);
    assert!(documents(&batches)[..4].iter().all(|page| page.body.text.len() > HUGE - 10), "nothing of them is cut");
    assert_eq!(problems(&batches), Vec::<&model::Problem>::new());
    let asked = script.paths().into_iter().filter(|path| path.contains("/pages")).count();
    assert_eq!(asked, 4, "the whole, the bare list, and two halves");
}

#[tokio::test]
async fn a_page_that_is_too_much_alone_costs_itself_only_and_the_list_goes_on() {
    let mut pages: Vec<Value> = (100..600).map(|id| page(&id.to_string(), "10", None)).collect();
    pages[7] = huge(page("107", "10", None), LARGEST);
    pages[8] = huge(page("108", "11", None), LARGEST);
    pages[9] = with_body(page("109", "10", None), "unclosed");
    let (cloud, _) = holding(|answer| narrow(answer).and_then(breaking("unclosed")), PAGES, pages);
    let batches = drain(&cloud, Stream::Pages, &Stored::with_space("10", "ENG")).await.unwrap();
    assert_eq!(documents(&batches).len(), 497);
    let lost: Vec<_> = problems(&batches).iter().map(|problem| problem.target.clone()).collect();
    let target = |id| Some(Target::Document(DocumentKey::new(Kind::Page, id)));
    assert_eq!(lost, [target("107"), target("109")], "108 lies in a space that nobody wants");
}

#[tokio::test]
async fn comments_that_are_too_large_together_are_all_read() {
    let large = ["c1", "c2", "c3", "c4"].map(|id| huge(said(id), HUGE));
    let small = ["c5", "c6"].map(said);
    let (cloud, _) = holding(narrow, COMMENTS, [&large[..], &small].concat());
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = drain(&cloud, Stream::FooterComments, &known).await.unwrap();
    assert_eq!(natives(&batches), ["c1", "c2", "c3", "c4", "c5", "c6"]);
    assert_eq!(problems(&batches), Vec::<&model::Problem>::new());
}

#[tokio::test]
async fn a_comment_that_is_too_much_alone_costs_itself_only_and_the_list_goes_on() {
    let mut comments: Vec<Value> = (10..40).map(|id| said(&format!("c{id}"))).collect();
    comments[3] = huge(said("c13"), LARGEST);
    comments[4] = huge(comment("c14", &json!({ "pageId": "77" })), LARGEST);
    comments[20] = with_body(said("c30"), "unclosed");
    let network = |answer| narrow(answer).and_then(breaking("unclosed"));
    let (cloud, _) = holding(network, COMMENTS, comments);
    let known = Stored::with_space("10", "ENG").page("1");
    let batches = drain(&cloud, Stream::FooterComments, &known).await.unwrap();
    assert_eq!(natives(&batches).len(), 27);
    let lost: Vec<_> = problems(&batches).iter().map(|problem| problem.item.as_str()).collect();
    assert_eq!(lost, ["comment c13", "comment c30"], "c14 stands on a page outside");
    assert!(problems(&batches)[0].reason.contains("larger than the limit"), "{:?}", problems(&batches)[0]);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_even_without_bodies_is_given_up_at_once() {
    let (cloud, script) = holding(breaking("results"), COMMENTS, vec![said("c1")]);
    let known = Stored::with_space("10", "ENG").page("1");
    let error = drain(&cloud, Stream::FooterComments, &known).await.unwrap_err();
    assert_eq!(error.kind, sync::FetchErrorKind::Malformed);
    let paths = script.paths();
    assert!(paths.iter().all(|path| path.contains("limit=250")), "less of it would be no better: {paths:?}");
    assert_eq!(paths.iter().filter(|path| !path.contains("body-format")).count(), 1, "{paths:?}");
}
