//! `fossick backup`, `fossick restore` and `fossick scrub`.

use super::source::words;
use crate::cli::{Backup, Restore};
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::hub::{now, open_fault, upkeep};
use crate::operator::Operator;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{MasterKey, RestoreError, RestoreRequest, RestoredKey, Store, StoreError, SystemEntropy, Work};
use sync::Mirror;

/// How often a running hub is asked how far it is.
const LOOK: Duration = Duration::from_millis(100);

pub(crate) async fn backup(wanted: Backup, config: &Config) -> Result<(), Fault> {
    let to = file_of(&wanted.to)?;
    match Operator::running(config).await? {
        Some(operator) => of_running(&operator, &to, wanted.with_key).await,
        None => {
            let data = config.data.clone();
            let made = tokio::task::spawn_blocking(move || of_stopped(&data, &to, wanted.with_key));
            made.await.map_err(|error| Fault::new(Exit::Failure, error.to_string()))?
        }
    }
}

/// The file to make: a folder gets one that is named after the moment.
fn file_of(to: &Path) -> Result<PathBuf, Fault> {
    let failed = |error: std::io::Error| Fault::new(Exit::Usage, format!("cannot use `{}`: {error}", to.display()));
    let to = std::path::absolute(to).map_err(failed)?;
    if !to.is_dir() {
        return Ok(to);
    }
    let at = jiff::Timestamp::from_millisecond(now().0).unwrap_or_default();
    Ok(to.join(format!("fossick-{}.tar", at.strftime("%Y%m%dT%H%M%SZ"))))
}

async fn of_running(operator: &Operator, to: &Path, with_key: bool) -> Result<(), Fault> {
    const PATH: &str = "/api/v1/backup";
    operator.post(PATH, json!({"to": to, "with_key": with_key})).await?;
    watched(operator, PATH).await
}

/// Reads all files, of a running hub or of one that does not run.
pub(crate) async fn scrub(config: &Config) -> Result<(), Fault> {
    const PATH: &str = "/api/v1/scrub";
    let operator = Operator::reach(config).await?;
    let done = match operator.post(PATH, serde_json::Value::Null).await {
        Ok(_) => watched(&operator, PATH).await,
        Err(fault) => Err(fault),
    };
    operator.close().await;
    done
}

/// Shows how a chore of the hub goes, until it has ended. Ctrl-C stops it.
async fn watched(operator: &Operator, path: &str) -> Result<(), Fault> {
    let bar = bar();
    loop {
        let state = operator.get(path).await?;
        match state["state"].as_str() {
            Some("running") => {
                show(&bar, &words(&state["doing"]), state["done"].as_u64(), state["total"].as_u64());
            }
            Some("done") => {
                bar.finish_and_clear();
                println!("{}", words(&state["result"]));
                return Ok(());
            }
            _ => {
                bar.finish_and_clear();
                return Err(Fault::new(exit_of(state["code"].as_str()), words(&state["reason"])));
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = tokio::signal::ctrl_c() => { operator.call(axum::http::Method::DELETE, path, None).await?; }
        }
    }
}

fn exit_of(code: Option<&str>) -> Exit {
    match code {
        Some("disk-full") => Exit::DiskFull,
        Some("damaged") => Exit::Damaged,
        _ => Exit::Failure,
    }
}

/// Follows nothing: a backup needs no picture of access in memory.
struct Nobody;

impl Mirror for Nobody {
    fn apply(&self, _: &access::Delta) {}
}

fn of_stopped(data: &Path, to: &Path, with_key: bool) -> Result<(), Fault> {
    if !data.join(MasterKey::FILE).exists() {
        let message =
            format!("there is nothing to back up in `{}`; name the data directory with --data", data.display());
        return Err(Fault::new(Exit::Usage, message));
    }
    let entropy = Arc::new(SystemEntropy);
    let key = MasterKey::load_or_create(data, entropy.as_ref()).map_err(|error| open_fault(&error))?;
    let store = Store::open(data, Arc::new(Nobody), key, entropy).map_err(|error| open_fault(&error))?;
    let bar = bar();
    let made = store.backup(&upkeep::request(to, with_key), &mut watch(&bar));
    bar.finish_and_clear();
    match made {
        Ok(manifest) => {
            println!("{}", upkeep::made(to, &manifest));
            Ok(())
        }
        Err(error) => Err(Fault::new(exit_of(Some(upkeep::code(&error))), error.to_string())),
    }
}

pub(crate) async fn restore(wanted: Restore, config: &Config) -> Result<(), Fault> {
    let key = match (wanted.key_file, wanted.new_key) {
        (Some(path), _) => RestoredKey::File(path),
        (None, true) => RestoredKey::New,
        (None, false) => RestoredKey::Found,
    };
    let new_key = key == RestoredKey::New;
    let request =
        RestoreRequest { from: wanted.from, data: config.data.clone(), replace: wanted.replace, key, at: now() };
    let data = request.data.display().to_string();
    let restored = tokio::task::spawn_blocking(move || {
        let bar = bar();
        let restored = store::restore(&request, &SystemEntropy, &mut watch(&bar));
        bar.finish_and_clear();
        restored
    });
    let restored = restored.await.map_err(|error| Fault::new(Exit::Failure, error.to_string()))?;
    let manifest = restored.map_err(|error| Fault::new(restore_exit(&error), error.to_string()))?;
    let at = jiff::Timestamp::from_millisecond(manifest.made_at.0).unwrap_or_default();
    println!("restored the backup of {} into `{data}`", at.strftime("%Y-%m-%d %H:%M UTC"));
    println!("everybody has to sign in again; the text index is built anew at the next start");
    if new_key {
        println!("the tokens of all sources are gone; enter them again: fossick source add DOMAIN");
    }
    println!("nothing is shown before a full sync has read again who may see it; it begins with: fossick serve");
    Ok(())
}

fn restore_exit(error: &RestoreError) -> Exit {
    match error {
        RestoreError::NoBackup { .. } | RestoreError::NotEmpty(_) => Exit::Usage,
        RestoreError::Damaged { .. } => Exit::Damaged,
        RestoreError::Full(_) | RestoreError::Store(StoreError::Full) => Exit::DiskFull,
        RestoreError::Open(error) => open_fault(error).exit,
        RestoreError::Newer { .. } | RestoreError::InUse(_) | RestoreError::KeyNeeded | RestoreError::WrongKey(_) => {
            Exit::Data
        }
        RestoreError::Io { .. } | RestoreError::Stopped | RestoreError::Store(_) => Exit::Failure,
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let template = "{msg:<20} {bar:30} {bytes}/{total_bytes}";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn watch(bar: &ProgressBar) -> impl FnMut(Work) -> bool + '_ {
    |work: Work| {
        show(bar, work.doing, Some(work.done), Some(work.total));
        true
    }
}

fn show(bar: &ProgressBar, doing: &str, done: Option<u64>, total: Option<u64>) {
    if bar.message() != doing {
        bar.set_message(doing.to_owned());
    }
    bar.set_length(total.unwrap_or(0));
    bar.set_position(done.unwrap_or(0));
}
