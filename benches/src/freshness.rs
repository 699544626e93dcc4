//! How long it takes from a change at the source until people find it, or find it no more.
//!
//! A hub with the tiny company as processes; changes through the simulator's routes as anybody's client makes them, each
//! timed from before the request until the search of a person shows it. Cycles are shortened, because what counts is how
//! much is added to them: edits and comments may take an incremental cycle and five seconds, moves and restrictions a sweep
//! and five seconds, an edited issue of which Jira tells two seconds. Changes begin at evenly spread points of the cycle.

use crate::measure::percentile;
use crate::report::Report;
use anyhow::{Context, Result, ensure};
use e2e::client::Client;
use e2e::people::{Somebody, well_served};
use e2e::site::Site;
use e2e::stack::Stack;
use e2e::webhook::Webhook;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Changes of each sort at full size.
const CHANGES: u32 = 60;
const INCREMENTAL: Duration = Duration::from_secs(2);
const SWEEP: Duration = Duration::from_secs(4);
/// What may be added to a cycle.
const GRACE: Duration = Duration::from_secs(5);
const WITH_WEBHOOK: Duration = Duration::from_secs(2);
/// Longer than this nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks of the person who waits.
const LOOK: Duration = Duration::from_millis(20);

/// A second space, so that pages can move, and a page that is closed and opened again.
const FURTHER: &str = r#"
[[space]]
key = "LAB"
name = "Laboratory"
owner = "carol"
read = ["group:staff"]
write = ["group:staff"]
admin = ["@carol", "@alice"]

[[space.page]]
title = "Laboratory"
home = true
body = "Goggles on."

[[space.page]]
title = "Nomad"
body = "The caravanserai."

[[space.page]]
title = "Chest"
body = "The strongbox."

[[space.page]]
title = "Diary"
body = "Day one."
"#;

/// The company, its hub, and who looks.
struct Scene {
    site: Site,
    webhook: Webhook,
    alice: Somebody,
    as_alice: Client,
    as_bob: Client,
    legal: String,
}

/// A word that stands in no other change.
fn word(prefix: &str, number: u32) -> String {
    let letters = number.to_string().bytes().map(|digit| char::from(b'a' + (digit - b'0'))).collect::<String>();
    format!("{prefix}{letters}q")
}

fn storage(text: &str) -> Value {
    json!({"representation": "storage", "value": format!("<p>{text}</p>")})
}

impl Scene {
    async fn write(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let answer = self.site.write(&self.alice, method, path, body).await;
        answer.map_err(|status| anyhow::anyhow!("the site answered `{method} {path}` with {status}"))
    }

    async fn page(&self, title: &str) -> Result<Value> {
        let pages = self.site.get(&self.alice, "/wiki/api/v2/pages?limit=250").await;
        let pages = pages.map_err(|status| anyhow::anyhow!("the list of pages is refused with {status}"))?;
        let found = pages["results"].as_array().into_iter().flatten().find(|page| page["title"] == title).cloned();
        found.with_context(|| format!("there is no page `{title}`"))
    }

    async fn id(&self, title: &str) -> Result<String> {
        Ok(self.page(title).await?["id"].as_str().context("a page without an id")?.to_owned())
    }

    async fn edit(&self, number: u32) -> Result<Duration> {
        let word = word("edited", number);
        let page = self.page("Diary").await?;
        let (id, version) = (page["id"].as_str().unwrap_or_default(), page["version"]["number"].as_u64().unwrap_or(0));
        let body = json!({"id": id, "status": "current", "title": "Diary", "body": storage(&word),
            "version": {"number": version + 1}});
        let began = Instant::now();
        self.write("PUT", &format!("/wiki/api/v2/pages/{id}"), body).await?;
        until(began, &self.as_alice, &word, |found| found["total"] == 1).await
    }

    async fn comment(&self, number: u32) -> Result<Duration> {
        let word = word("remarked", number);
        let body = json!({"pageId": self.id("Laboratory").await?, "body": storage(&word)});
        let began = Instant::now();
        self.write("POST", "/wiki/api/v2/footer-comments", body).await?;
        until(began, &self.as_alice, &word, |found| found["total"] == 1).await
    }

    async fn relocate(&self, number: u32) -> Result<Duration> {
        let (below, space) = if number.is_multiple_of(2) { ("Welcome", "DOC") } else { ("Laboratory", "LAB") };
        let (page, target) = (self.id("Nomad").await?, self.id(below).await?);
        let began = Instant::now();
        self.write("PUT", &format!("/wiki/rest/api/content/{page}/move/append/{target}"), json!({})).await?;
        until(began, &self.as_alice, "caravanserai", |found| found["hits"][0]["container"]["key"] == space).await
    }

    /// Closed for Bob, then opened again: each is a change of its own.
    async fn restrict(&self, number: u32) -> Result<Duration> {
        let page = self.id("Chest").await?;
        let path = format!("/wiki/rest/api/content/{page}/restriction");
        let closes = number.is_multiple_of(2);
        let groups = if closes { json!([{"type": "group", "id": self.legal}]) } else { json!([]) };
        let body = json!([{"operation": "read", "restrictions": {"user": [], "group": groups}}]);
        let began = Instant::now();
        self.write("PUT", &path, body).await?;
        until(began, &self.as_bob, "strongbox", |found| (found["total"] == 0) == closes).await
    }

    async fn tell(&self, number: u32) -> Result<Duration> {
        let word = word("told", number);
        let issue = self.site.get(&self.alice, "/rest/api/3/issue/OPS-1").await.unwrap_or_default();
        let id = issue["id"].as_str().context("an issue without an id")?.to_owned();
        let edit = json!({"fields": {"summary": word}});
        let began = Instant::now();
        self.write("PUT", "/rest/api/3/issue/OPS-1", edit).await?;
        let answer = self.webhook.updated(&id, &format!("bench-{number}")).await;
        ensure!(answer == 202, "the hub refused the call with {answer}");
        until(began, &self.as_alice, &word, |found| found["total"] == 1).await
    }
}

/// How long it takes until a person's search says so.
async fn until(began: Instant, who: &Client, query: &str, says: impl Fn(&Value) -> bool) -> Result<Duration> {
    let mut who = who.clone();
    loop {
        if says(&who.search(query, 1).await) {
            return Ok(began.elapsed());
        }
        ensure!(began.elapsed() < PATIENCE, "`{query}` was not as it should be after {} s", PATIENCE.as_secs());
        tokio::time::sleep(LOOK).await;
    }
}

/// Where change `number` begins within a cycle: multiples of the golden ratio are spread evenly, however many there are.
fn phase(number: u32, cycle: Duration) -> Duration {
    cycle.mul_f64((f64::from(number) * 0.618_033_988_75).fract())
}

async fn scene(stack: &mut Stack) -> Result<Scene> {
    stack.serve();
    stack.add_everybody().await;
    stack.connect().await;
    stack.sync().await;
    let mut admin = stack.admin().await;
    let sources = admin.json("/api/v1/sources").await["sources"].as_array().cloned().unwrap_or_default();
    let mut webhook = None;
    for source in &sources {
        let path = format!("/api/v1/sources/{}", source["id"]);
        let jira = source["product"] == "jira";
        // Jira is told of changes, so that its cycles must not find them first.
        let (changes, sweep) = if jira { (86_400, 86_400) } else { (INCREMENTAL.as_secs(), SWEEP.as_secs()) };
        let cycles = json!({"incremental": changes, "permissions": sweep, "sweep": sweep, "full": 604_800});
        admin.send(reqwest::Method::PUT, &format!("{path}/cycles"), Some(cycles)).await.ended(200);
        if jira {
            let made = admin.send(reqwest::Method::POST, &format!("{path}/webhook"), None).await.ended(201);
            webhook = Some(Webhook::made(stack.hub(), &made.json()));
        }
    }
    let named = |name: &str| stack.company.people.iter().find(|person| person.name == name).cloned();
    let (alice, bob) = (named("Alice Ash").context("no Alice")?, named("Bob Birch").context("no Bob")?);
    let groups = stack.site.get(&alice, "/wiki/rest/api/group?limit=200").await.unwrap_or_default();
    let legal = groups["results"].as_array().into_iter().flatten().find(|group| group["name"] == "legal").cloned();
    Ok(Scene {
        site: stack.site.clone(),
        webhook: webhook.context("no Jira source")?,
        as_alice: stack.program_of(&alice).await,
        as_bob: stack.program_of(&bob).await,
        alice,
        legal: legal.as_ref().and_then(|group| group["id"].as_str()).context("no group `legal`")?.to_owned(),
    })
}

struct Row {
    name: &'static str,
    cycle: Duration,
    limit: Duration,
    took: Result<Vec<Duration>>,
}

/// Makes all changes of one sort, one after the other.
async fn changes(count: u32, cycle: Duration, change: impl AsyncFn(u32) -> Result<Duration>) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    for number in 0..count {
        tokio::time::sleep(phase(number, cycle)).await;
        took.push(change(number).await?);
    }
    Ok(took)
}

async fn measured(count: u32) -> Result<Vec<Row>> {
    let world = well_served("tiny").replace("[[security_scheme]]", &format!("{FURTHER}\n[[security_scheme]]"));
    let mut stack = Stack::playing(world).start().await;
    let scene = scene(&mut stack).await?;
    let (edits, comments, moves, restrictions, told) = tokio::join!(
        changes(count, INCREMENTAL, async |number| scene.edit(number).await),
        changes(count, INCREMENTAL, async |number| scene.comment(number).await),
        changes(count, SWEEP, async |number| scene.relocate(number).await),
        changes(count, SWEEP, async |number| scene.restrict(number).await),
        changes(count, WITH_WEBHOOK, async |number| scene.tell(number).await),
    );
    stack.stop();
    let row = |name, cycle, limit, took| Row { name, cycle, limit, took };
    Ok(vec![
        row("page edited", INCREMENTAL, INCREMENTAL + GRACE, edits),
        row("comment added", INCREMENTAL, INCREMENTAL + GRACE, comments),
        row("page moved to another space", SWEEP, SWEEP + GRACE, moves),
        row("restriction set or lifted", SWEEP, SWEEP + GRACE, restrictions),
        row("issue edited, with a webhook", Duration::ZERO, WITH_WEBHOOK, told),
    ])
}

/// Runs the benchmark.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let count = (CHANGES / scale).max(1);
    let rows = crate::played::runtime()?.block_on(measured(count))?;
    let mut report = Report::new(&["change", "times", "cycle s", "median s", "p99 s", "limit s"]);
    for Row { name, cycle, limit, took } in rows {
        let took = took.context(name)?;
        let (median, late) = (percentile(took.clone(), 50), percentile(took, 99));
        let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
        report.row([
            name.to_owned(),
            count.to_string(),
            seconds(cycle),
            seconds(median),
            seconds(late),
            seconds(limit),
        ]);
        report.at_most(name, late.as_secs_f64(), limit.as_secs_f64());
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_and_changes_begin_all_over_the_cycle() {
        let words: std::collections::BTreeSet<String> = (0..200).map(|number| word("x", number)).collect();
        assert_eq!(words.len(), 200);
        let cycle = Duration::from_secs(10);
        let early = (0..100).filter(|number| phase(*number, cycle) < cycle / 2).count();
        assert!((45..=55).contains(&early), "{early} of 100 begin in the first half");
    }
}
