//! Clients that others wrote cannot tell the simulator from the real thing: they read and write through it, and read
//! back what they wrote, trimmed for each account.

use e2e::people::Somebody;
use e2e::program::root;
use e2e::skip;
use e2e::stack::Stack;
use std::path::Path;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn the_client_jira_writes_issues_and_reads_back_each_accounts_share() {
    let Some(python) = skip::python() else {
        let reason = "no Python with the clients; `cargo xtask setup` installs them";
        return skip::skipped("the_client_jira_writes_issues_and_reads_back_each_accounts_share", reason);
    };
    let stack = Stack::of("tiny").start().await;
    play(&python, "jira_client.py", std::slice::from_ref(&stack.site.base), &stack).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_atlassian_python_api_writes_pages_and_restrictions_that_others_meet() {
    let Some(python) = skip::python() else {
        let reason = "no Python with the clients; `cargo xtask setup` installs them";
        return skip::skipped("the_client_atlassian_python_api_writes_pages_and_restrictions_that_others_meet", reason);
    };
    let stack = Stack::of("tiny").start().await;
    let port = stack.site.base.rsplit(':').next().unwrap_or_default().to_owned();
    let host = stack.company.world.site.host.clone();
    play(&python, "atlassian_client.py", &[host, port], &stack).await;
}

/// Runs a script as an administrator, a member of `legal` and of the developers, and somebody who is neither.
async fn play(python: &Path, script: &str, address: &[String], stack: &Stack) {
    let mut command = Command::new(python);
    command.env_clear().env("PYTHONDONTWRITEBYTECODE", "1").current_dir(stack.folder());
    command.arg(root().join("e2e/clients").join(script)).args(address);
    for person in ["carol", "alice", "bob"] {
        let Somebody { email, token, .. } = stack.company.person(person);
        command.args([email, token]);
    }
    let ran = tokio::task::spawn_blocking(move || e2e::command::run(&mut command, "")).await;
    let ran = ran.unwrap_or_else(|error| panic!("{error}")).ended(0);
    assert_eq!(ran.out.lines().last(), Some("ok"), "{ran:#?}");
}
