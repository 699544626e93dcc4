//! How long a sign-in and an entry of the audit log wait for the store while a crawl fills it, and while half a million
//! documents are purged from it. The indexer follows both.
//!
//! A sign-in is all that it asks of the store, reads and writes. The hash of the password is left out: it takes a
//! processor for as long as it is meant to, whatever the store does.

use crate::measure::{ms, percentile};
use crate::played::runtime;
use crate::report::Report;
use crate::stocked::{Pool, commit, fill, open_run};
use access::SourceId;
use anyhow::{Context, Result};
use e2e::pipeline::Pipeline;
use model::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::{AuditEntry, NewAccount, Role, Store, TokenHash};

const DOCUMENTS: u32 = 500_000;
/// Sign-ins and entries measured while the crawl goes on; a purge takes as long as it takes.
const SAMPLES: u32 = 1000;
const MOST: Duration = Duration::from_millis(100);
const BETWEEN: Duration = Duration::from_millis(5);
const EMAIL: &str = "ana@acme.example";

#[derive(Default)]
struct Times {
    sign_in: Vec<Duration>,
    audit: Vec<Duration>,
}

fn entry(number: u32) -> AuditEntry {
    let (actor, action) = (EMAIL.to_owned(), "session.opened".to_owned());
    AuditEntry { at: Millis(i64::from(number)), actor, action, target: "127.0.0.1".to_owned() }
}

/// What the sign-in page asks of the store, in its order.
async fn sign_in(store: &Store, number: u32) -> Result<()> {
    store.failures(EMAIL)?;
    let account = store.account_by_email(EMAIL)?.context("the account is there")?;
    store.password_hash(account.id)?;
    let mut token = [0; 32];
    token[..4].copy_from_slice(&number.to_le_bytes());
    store.open_session(TokenHash(token), account.id, Millis(1), Millis(i64::MAX)).await?;
    store.forget_failures(EMAIL, Millis(0)).await?;
    Ok(store.audit(entry(number)).await?)
}

/// Measures one after the other until `enough` says so.
async fn sample(store: &Store, first: u32, enough: impl Fn(u32) -> bool) -> Result<Times> {
    let mut times = Times::default();
    for number in first.. {
        let began = Instant::now();
        sign_in(store, number).await?;
        times.sign_in.push(began.elapsed());
        let began = Instant::now();
        store.audit(entry(number)).await?;
        times.audit.push(began.elapsed());
        if enough(number - first + 1) {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    Ok(times)
}

async fn measure(store: &Store, scale: u32) -> Result<[(&'static str, Times); 2]> {
    let pool = Arc::new(Pool::new());
    let settings = crate::filled::settings();
    let purged = store.add_source(settings, Millis(1)).await?.id;
    let new = NewAccount { email: EMAIL.into(), name: "Ana".into(), role: Role::Member, password: Some("x".into()) };
    store.add_account(new, Millis(1)).await?;
    fill(store, purged, &pool, DOCUMENTS / scale).await?;
    let crawled = SourceId(purged.0 + 1);
    let run = open_run(store, crawled).await?;
    let done = Arc::new(AtomicBool::new(false));
    let (crawling, stop) = (store.clone(), done.clone());
    let crawl = tokio::spawn(async move {
        for first in (0..).step_by(2000) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            commit(&crawling, crawled, run, &pool, first..first + 2000).await?;
        }
        anyhow::Ok(())
    });
    let samples = SAMPLES / scale.min(10);
    let beside_crawl = sample(store, 0, |measured| measured >= samples).await?;
    done.store(true, Ordering::Relaxed);
    crawl.await??;
    let removing = store.clone();
    let purge = tokio::spawn(async move { removing.remove_source(purged, Millis(99)).await });
    let beside_purge = sample(store, SAMPLES, |_| purge.is_finished()).await?;
    purge.await??;
    Ok([("crawl", beside_crawl), ("purge", beside_purge)])
}

/// Runs the benchmark at 1/scale of its size.
pub(crate) fn run(scale: u32) -> Result<Report> {
    let data = tempfile::tempdir()?;
    let pipeline = Pipeline::open(data.path())?;
    let measured = runtime()?.block_on(measure(&pipeline.store, scale))?;
    let mut report = Report::new(&["beside", "what", "measured", "p50 ms", "p99 ms", "slowest ms", "limit ms"]);
    for (beside, times) in measured {
        for (what, times) in [("sign-in", times.sign_in), ("audit entry", times.audit)] {
            let p99 = percentile(times.clone(), 99);
            report.row([
                beside.to_owned(),
                what.to_owned(),
                times.len().to_string(),
                ms(percentile(times.clone(), 50)),
                ms(p99),
                ms(percentile(times, 100)),
                ms(MOST),
            ]);
            report.at_most(&format!("{what} beside a {beside}"), p99.as_secs_f64(), MOST.as_secs_f64());
        }
    }
    Ok(report)
}
