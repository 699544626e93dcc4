//! The run over real issues and pages, on a machine that has them.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::command::{cargo, succeeds};
use crate::settings::Settings;
use crate::workspace::Workspace;

/// Runs the end-to-end test `real`. Fails without `FOSSICK_REAL_DATA`, because whoever calls this wants it to run.
///
/// The whole workspace is named, not `e2e` alone, so that cargo takes the dependencies that the gate has built.
pub(crate) fn run(workspace: &Workspace, settings: &Settings) -> Result<bool> {
    match &settings.real_data {
        None => bail!("set FOSSICK_REAL_DATA to the folder with the real data, for example /srv/fossick-data"),
        Some(folder) if !folder.is_dir() => bail!("FOSSICK_REAL_DATA is `{}`, which is not a folder", folder.display()),
        Some(_) => {}
    }
    let started = Instant::now();
    let arguments = ["test", "--release", "--workspace", "--test", "real", "--", "--nocapture", "--test-threads=1"];
    let success = succeeds(&mut cargo(&workspace.root, &arguments))?;
    println!("real: {} in {:.1} s", if success { "ok" } else { "FAILED" }, started.elapsed().as_secs_f64());
    Ok(success)
}
