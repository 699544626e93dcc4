//! The command line: what operators type, what they are told, and the exit codes that scripts rely on.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use e2e::command::Ran;
use e2e::people::{Thing, text_of};
use e2e::program::{Program, fossick};
use e2e::proxy::{Fault, Rule};
use e2e::stack::{ADMIN, PASSWORD, Stack, write};
use e2e::waiting;
use model::StoredDocument;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const TOKEN: &str = "ATSTT-tiny";
const HOST: &str = "tiny.atlassian.net";

#[tokio::test(flavor = "multi_thread")]
async fn sources_are_connected_checked_listed_synced_and_removed_beside_a_running_hub() {
    let mut stack = Stack::of("tiny").start().await;
    stack.serve();
    life_of_a_source(&stack).await;
    let log = stack.stop();
    assert!(!log.contains(TOKEN) && !log.contains("org-key-tiny"), "a secret stands in the log:\n{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_running_hub_the_same_commands_do_the_same() {
    let stack = Stack::of("tiny").start().await;
    life_of_a_source(&stack).await;
}

async fn life_of_a_source(stack: &Stack) {
    let run = async |arguments: &[&str], input: &str| {
        let ran = stack.run_beside(arguments, input).await;
        ran.hides(TOKEN).hides("org-key-tiny").hides(PASSWORD)
    };
    run(&["source", "list"], "").await.ended(0).says(&["no sources yet", "fossick source add"]);
    run(&["sync"], "").await.ended(2).says(&["no source is connected"]);
    let key = stack.folder().join("org-key");
    write(&key, "org-key-tiny\n");
    let org = stack.company.world.site.org_id.clone();
    let add = ["source", "add", HOST, "--org-id", &org, "--org-key-file", "org-key"];
    run(&add, &format!("{TOKEN}\n")).await.ended(0).says(&[
        "connected source 1",
        "tiny.atlassian.net/confluence",
        "tiny.atlassian.net/jira",
        "nothing is read before the first sync",
    ]);
    // Nothing is crawled until it is asked for.
    let calls = stack.site.counters().await;
    assert!(!calls.iter().any(|(route, _)| route.contains("/comment")), "{calls:?}");
    run(&["source", "list"], "").await.ended(0).says(&["tiny.atlassian.net/jira", "draft"]);
    run(&["source", "check", "tiny.atlassian.net/jira"], "").await.ended(0).says(&["The token is accepted"]);
    run(&["source", "check", "nobody"], "")
        .await
        .ended(2)
        .says(&["there is no source `nobody`", "tiny.atlassian.net/jira"]);
    run(&["sync"], "").await.ended(0).says(&["tiny.atlassian.net/jira: succeeded", "documents", "calls"]);
    run(&["sync", "1"], "").await.ended(0).says(&["(0 changed)"]);
    run(&["sync", "1", "--kind", "sweep"], "").await.ended(0).says(&["succeeded", "(0 changed)"]);
    run(&["source", "pause", "1"], "").await.ended(0).says(&["paused `1`"]);
    run(&["sync", "1"], "").await.ended(1).says(&["the source is paused", "fossick source resume"]);
    run(&["source", "resume", "1"], "").await.ended(0).says(&["resumed `1`"]);
    run(&["source", "cycles", "1", "--sweep", "0"], "").await.ended(1).says(&["900 seconds"]);
    run(&["source", "cycles", "1", "--sweep", "1800"], "").await.ended(0).says(&["sweep", "1800"]);
    run(&["source", "deletions", "1"], "").await.ended(0).says(&["no deletions wait for your word"]);
    run(&["sync", "1", "--kind", "permissions"], "").await.ended(0).says(&["succeeded"]);
    run(&["source", "list"], "").await.ended(0).says(&["live"]);
    run(&["source", "remove", "1"], "").await.ended(2).says(&["--yes"]);
    run(&["source", "remove", "1", "--yes"], "").await.ended(0).says(&["removed `1`"]);
    let left = run(&["source", "list"], "").await.ended(0);
    assert_eq!(left.out.lines().count(), 2, "a heading and one source: {left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_added_listed_and_given_new_passwords() {
    let mut stack = Stack::of("tiny").start().await;
    accounts(&stack, "with the lock").await;
    stack.serve();
    accounts(&stack, "over the socket").await;
    let log = stack.log();
    assert!(!log.contains(PASSWORD), "a password stands in the log:\n{log}");
}

async fn accounts(stack: &Stack, how: &str) {
    let email = format!("{}@hub.example", how.replace(' ', "-"));
    let run = async |arguments: &[&str], input: &str| stack.run_beside(arguments, input).await.hides(PASSWORD);
    run(&["user", "add", &email, "--name", "Ana", "--admin"], PASSWORD).await.ended(0).says(&["added admin", &email]);
    run(&["user", "add", &email, "--name", "Ana"], PASSWORD).await.ended(1).says(&["already", &email]);
    run(&["user", "add", "no-address", "--name", "Ana"], PASSWORD).await.ended(1).says(&["no-address"]);
    run(&["user", "add", "b@hub.example", "--name", "B"], "short").await.ended(1).says(&["12"]);
    run(&["user", "add", "b@hub.example", "--name", "B"], "").await.ended(2).says(&["the password is empty"]);
    run(&["user", "list"], "").await.ended(0).says(&[&email, "Ana", "admin"]);
    run(&["user", "password", &email], "another fine password").await.ended(0).says(&["its sessions are ended"]);
    run(&["user", "password", "nobody@hub.example"], PASSWORD).await.ended(2).says(&["nobody@hub.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_given_on_the_command_line_ends_sessions_of_the_running_hub() {
    let mut stack = Stack::of("tiny").start().await;
    stack.serve();
    stack.add_admin().await;
    let mut admin = stack.admin().await;
    admin.get("/api/v1/me").await.ended(200);
    stack.run_beside(&["user", "password", ADMIN], "another fine password").await.ended(0);
    admin.get("/api/v1/me").await.ended(401);
}

/// As `fossick serve | head -1` leaves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_hub_goes_on_when_nobody_reads_what_it_says() {
    let stack = Stack::of("tiny").start().await;
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let hub = Program::start_saying_to("the hub", &mut stack.command(&["serve"]), writer.into());
    let socket = stack.data().join("hub.sock");
    let listening = async || socket.exists().then_some(());
    waiting::until("the operator's socket", Duration::from_secs(60), listening).await;
    stack.run_beside(&["user", "list"], "").await.ended(0);
    let (status, log) = hub.stop();
    assert!(status.success(), "{status}: {log}");
}

#[test]
fn help_teaches_what_to_type_and_what_exit_codes_mean() {
    let run = |arguments: &[&str]| e2e::command::run(Command::new(fossick()).args(arguments), "");
    run(&["--help"]).ended(0).says(&["serve", "demo", "source", "sync", "user", "Exit codes:", "the disk is full"]);
    for command in ["serve", "demo", "sim", "sync", "source", "user", "config"] {
        let help = run(&[command, "--help"]).ended(0);
        assert!(help.out.lines().count() > 5, "{help:?}");
    }
    run(&["source", "add", "--help"]).ended(0).says(&[
        "acme.atlassian.net",
        "--token-file",
        "standard input",
        "--include",
    ]);
    run(&["config"]).ended(0).says(&["FOSSICK_WEB_LISTEN", "atlassian.gateway"]);
    run(&["sorce"]).ended(2).says(&["source"]);
    run(&["demo", "--listen", "nope"]).ended(2).says(&["--listen", "such as 127.0.0.1:8080"]);
    run(&[]).ended(2).says(&["Usage"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_never_an_argument_and_never_seen_in_the_process_list() {
    let stack = Stack::of("tiny").latency(100).start().await;
    let help = stack.run(&["source", "add", "--help"], "").ended(0);
    assert!(!help.out.contains("--token "), "{help:?}");
    let mut command = stack.command(&["source", "add", HOST]);
    let running = tokio::task::spawn_blocking(move || e2e::command::run(&mut command, TOKEN));
    let mut looked = 0;
    while !running.is_finished() {
        for (arguments, environment) in processes() {
            assert!(!arguments.contains(TOKEN) && !environment.contains(TOKEN), "{arguments}");
            looked += usize::from(arguments.contains("source\0add"));
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    running.await.unwrap().ended(0).hides(TOKEN);
    assert!(looked > 0, "the command was never seen in the process list");
    let mut files = Vec::new();
    all_files(&stack.data(), &mut files);
    for path in files {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let found = bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes());
        assert!(!found, "the token lies readable in `{}`", path.display());
    }
}

/// Arguments and environment of this user's processes called fossick.
fn processes() -> Vec<(String, String)> {
    let text =
        |path: std::path::PathBuf| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned();
    let folders = std::fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let all = folders.map(|folder| (text(folder.join("cmdline")), text(folder.join("environ"))));
    all.filter(|(arguments, _)| arguments.split('\0').next().is_some_and(|name| name.ends_with("fossick"))).collect()
}

fn all_files(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() { all_files(&entry.path(), files) } else { files.push(entry.path()) }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn configuration_errors_name_the_key_and_a_correct_example() {
    let stack = Stack::of("tiny").start().await;
    let file = stack.folder().join("wrong.toml");
    write(&stack.folder().join("no.pem"), "this is no certificate\n");
    let line = "`web.listen = \"0.0.0.0:8080\"`";
    for (text, key, example) in [
        ("web.listen = 'eighty'\n", "`web.listen`", "0.0.0.0:8080"),
        ("web.listen = 8080\n", "`web.listen`", "0.0.0.0:8080"),
        ("[web]\npublic_url = 'search.example.com'\n", "`web.public_url`", "https://search.example.com"),
        ("[log]\nformat = 'yaml'\n", "`log.format`", "json"),
        ("atlassian.gateway = 'ftp://api.atlassian.com'\n", "`atlassian.gateway`", "https://api.atlassian.com"),
        ("atlassian.proxy = 'proxy:3128'\n", "`atlassian.proxy`", "http://proxy.example.com:3128"),
        ("atlassian.ca_file = 'missing.pem'\n", "`atlassian.ca_file`", "/etc/ssl/company-ca.pem"),
        ("atlassian.ca_file = 'no.pem'\n", "`atlassian.ca_file`", "/etc/ssl/company-ca.pem"),
        ("[wep]\nlisten = '1'\n", "`wep`", line),
        ("web.port = 1\n", "`web.port`", line),
        ("web.listen = \n", "line 1", line),
    ] {
        write(&file, text);
        let mut command = Command::new(fossick());
        command.current_dir(stack.folder()).env_clear().args(["--config", "wrong.toml", "source", "list"]);
        e2e::command::run(&mut command, "").ended(3).says(&[key, example, "wrong.toml"]);
    }
    for (name, value, key, example) in [
        ("FOSSICK_WEB_LISTEN", "nowhere", "FOSSICK_WEB_LISTEN", "0.0.0.0:8080"),
        ("FOSSICK_LOG_FILTER", "a=b=c", "log.filter", "info,sync=debug"),
        ("FOSSICK_ATLASSIAN_GATEWAY", "ftp://x", "FOSSICK_ATLASSIAN_GATEWAY", "https://api.atlassian.com"),
        ("FOSSICK_ATLASSIAN_CA_FILE", "missing.pem", "FOSSICK_ATLASSIAN_CA_FILE", "/etc/ssl/company-ca.pem"),
        ("FOSSICK_ATLASSIAN_CA_FILE", "no.pem", "FOSSICK_ATLASSIAN_CA_FILE", "/etc/ssl/company-ca.pem"),
    ] {
        let mut command = stack.command(&["serve"]);
        command.env(name, value);
        e2e::command::run(&mut command, "").ended(3).says(&[key, example]);
    }
    let missing = stack.run(&["--config", "missing.toml", "source", "list"], "");
    missing.ended(3).says(&["missing.toml", "`--config fossick.toml`"]);
    assert!(!stack.data().exists(), "a wrong configuration must not leave anything behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_named() {
    let stack = Stack::of("tiny").start().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = stack.command(&["serve"]);
    command.env("FOSSICK_WEB_LISTEN", &address);
    let told = ["cannot listen on", &address, "another program uses it"];
    e2e::command::run(&mut command, "").ended(6).says(&told);
    stack.run(&["sim", "--listen", &address], "").ended(6).says(&told);
    stack.run(&["demo", "--listen", &address], "").ended(6).says(&told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_belongs_to_one_process_and_one_version() {
    let mut stack = Stack::of("tiny").start().await;
    stack.serve();
    stack.run(&["serve"], "").ended(4).says(&["in use by another fossick process"]);
    // Without the socket a command cannot reach the hub, and the lock still keeps it out.
    std::fs::remove_file(stack.data().join("hub.sock")).unwrap();
    stack.run(&["source", "list"], "").ended(4).says(&["in use by another fossick process"]);
    stack.stop();
    for name in ["content.db", "hub.db"] {
        let path = stack.data().join(name);
        // Written as a newer version would; the number stands in a database's own head.
        let sql = rusqlite::Connection::open(&path).unwrap();
        let format: i64 = sql.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        sql.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 9999").unwrap();
        drop(sql);
        stack.run(&["serve"], "").ended(4).says(&[name, "9999", "newer fossick"]);
        let sql = rusqlite::Connection::open(&path).unwrap();
        let found: i64 = sql.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(found, 9999, "a refused file must stay as it is");
        sql.execute_batch(&format!("PRAGMA user_version = {format}; PRAGMA wal_checkpoint(TRUNCATE)")).unwrap();
        drop(sql);
        let good = std::fs::read(&path).unwrap();
        let damaged = b"this is no database".repeat(500);
        std::fs::write(&path, &damaged).unwrap();
        stack.run(&["serve"], "").ended(9).says(&[name, "damaged"]);
        assert!(std::fs::read(&path).unwrap() == damaged, "a refused file must stay as it is");
        std::fs::write(&path, good).unwrap();
    }
    std::fs::rename(stack.data().join("key"), stack.folder().join("key")).unwrap();
    stack.run(&["serve"], "").ended(4).says(&["key", "backup"]);
    std::fs::rename(stack.folder().join("key"), stack.data().join("key")).unwrap();
    stack.serve();
}

/// Spoils every answer to requests whose path holds this text.
fn always(path: &'static str, fault: Fault) -> Vec<Rule> {
    vec![Rule { path, after: 0, times: usize::MAX, fault }]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_credential_is_told_as_exactly_as_the_answers_allow() {
    let without_scope = text_of("tiny").replace(
        "token = \"ATSTT-tiny\"",
        "token = \"ATSTT-tiny\"\nscopes = [\"read:jira-user\", \"read:space:confluence\"]",
    );
    let stack = Stack::of("tiny").start().await;
    let narrow = Stack::playing(without_scope).start().await;
    let nowhere = Stack::of("tiny").proxied().start().await;
    let refused = r#"{"message":"Current user not permitted to use Confluence","statusCode":403}"#;
    nowhere.proxy().spoil(always("/ex/", Fault::Answer(403, "application/json", refused)));
    let add = async |domain: &str, token: &str| -> Ran {
        let ran = stack.run_beside(&["source", "add", domain], token).await;
        ran.hides(TOKEN).ended(5)
    };
    add(HOST, "ATSTT-mistyped")
        .await
        .says(&["mistyped, revoked or has expired", "Create a new token"])
        .hides("ATSTT-mistyped");
    add(HOST, "ATATT-alice").await.says(&["personal token", "service account"]).hides("ATATT-alice");
    add(HOST, "a line\nbreak").await.says(&["characters that no token has"]);
    add("other.atlassian.net", TOKEN).await.says(&["there is no site at `other.atlassian.net`", "browser"]);
    add("jira.example.com", TOKEN).await.says(&["`jira.example.com` is not an Atlassian Cloud site", "Data Center"]);
    add("not a name", TOKEN).await.says(&["not a host name", "acme.atlassian.net"]);
    stack.run_beside(&["source", "add", HOST], "").await.ended(2).says(&["token is empty"]);
    stack.run_beside(&["source", "add", HOST, "--token-file", "nowhere"], "").await.ended(2).says(&["nowhere"]);
    let ran = narrow.run_beside(&["source", "add", HOST], TOKEN).await.ended(5);
    ran.says(&[
        "Scope read:page:confluence",
        "Scope read:jira-work",
        "Create a token with these scopes",
        "search:confluence",
    ]);
    let ran = nowhere.run_beside(&["source", "add", HOST], TOKEN).await.ended(5);
    ran.says(&["Neither Jira nor Confluence can be read with this token", "access to Jira or Confluence"]);
    for stack in [&stack, &narrow, &nowhere] {
        stack.run(&["source", "list"], "").ended(0).says(&["no sources yet"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_organization_key_is_told_as_exactly_as_the_answers_allow() {
    let stack = Stack::of("tiny").proxied().start().await;
    let org = stack.company.world.site.org_id.clone();
    let add = async |key: &str| -> Ran {
        write(&stack.folder().join("org-key"), key);
        let arguments = ["source", "add", HOST, "--org-id", &org, "--org-key-file", "org-key"];
        stack.run_beside(&arguments, TOKEN).await.hides(TOKEN).hides("org-key-tiny").ended(5)
    };
    add("mistyped").await.says(&["The key is refused", "API key in the organization's settings"]);
    // The service account's own token has scopes, but none of the organization.
    add(TOKEN).await.says(&["The key lacks a scope", "read:accounts:admin"]);
    let forbidden = Fault::Answer(403, "application/json", r#"{"code":403,"message":"Forbidden"}"#);
    stack.proxy().spoil(always("/admin/", forbidden));
    add("org-key-tiny").await.says(&["may need Atlassian Guard", "organization with a directory"]);
    stack.run(&["source", "list"], "").ended(0).says(&["no sources yet"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_included_when_a_source_is_added_is_all_that_is_read_and_what_is_excluded_is_all_that_is_not() {
    let project = "PLAT";
    let mut read = Vec::new();
    let mut everything = BTreeSet::new();
    for choice in ["--include", "--exclude"] {
        let mut stack = Stack::of("demo").start().await;
        stack.serve();
        stack.connect_with(&[choice, project]).await;
        stack.sync().await;
        let in_scope = stack.company.in_scope(false);
        let oracle = stack.site.oracle(&stack.company.service).await;
        everything = oracle.into_iter().filter(|thing| in_scope.contains(thing)).collect();
        let opened = stack.open();
        let of = |document: &StoredDocument| (document.container_key.clone(), opened.thing(document));
        read.push(opened.documents.values().map(of).collect::<Vec<_>>());
    }
    let [included, excluded] = [&read[0], &read[1]];
    assert!(!included.is_empty() && included.iter().all(|(key, _)| key == project), "{included:?}");
    assert!(!excluded.is_empty() && excluded.iter().all(|(key, _)| key != project), "{excluded:?}");
    let both: BTreeSet<Thing> = included.iter().chain(excluded).map(|(_, thing)| thing.clone()).collect();
    assert_eq!(both, everything, "together they are what the service account reads");
    assert_eq!(both.len(), included.len() + excluded.len(), "and nothing is in both");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_nothing_has_is_told_at_once_and_for_as_long_as_it_is_in_the_list() {
    let mut stack = Stack::of("tiny").start().await;
    stack.serve();
    let add = ["source", "add", HOST, "--include", "NOPE", "--include", "doc"];
    let added = stack.run_beside(&add, TOKEN).await.ended(0);
    added.says(&["no space or project with the key `NOPE`"]).hides("`doc`");
    stack.sync().await;
    for kind in ["incremental", "permissions"] {
        stack.run_beside(&["sync", "tiny.atlassian.net/confluence", "--kind", kind], "").await;
        let told = stack.run_beside(&["doctor", "tiny.atlassian.net/confluence"], "").await.ended(0);
        told.says(&["key NOPE", "the service account sees nothing with this key"]).hides("key doc");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_after_it_worked_is_told_with_when_it_last_did() {
    let mut stack = Stack::of("tiny").proxied().start().await;
    stack.serve();
    stack.connect().await;
    // No run of Confluence ever succeeds whole, and still the token has worked. Jira is not read at all.
    let forbidden = Fault::Answer(403, "application/json", r#"{"message":"Forbidden","statusCode":403}"#);
    stack.proxy().spoil(always("-comments", forbidden));
    stack.run_beside(&["sync", "tiny.atlassian.net/confluence"], "").await.ended(7);
    stack.site.turn("revoke", serde_json::json!({"token": TOKEN})).await;
    let check = async |source: &str| stack.run_beside(&["source", "check", source], "").await.ended(5);
    let told = check("tiny.atlassian.net/confluence").await;
    told.says(&["It last worked on 20", "revoked or has expired since"]).hides("mistyped");
    check("tiny.atlassian.net/jira").await.says(&["mistyped, revoked or has expired"]).hides("last worked");
    let doctor = stack.run_beside(&["doctor", "tiny.atlassian.net/confluence"], "").await.ended(0);
    doctor.says(&["It last worked on 20", "revoked or has expired since"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_is_down_is_named_when_connecting() {
    let stack = Stack::of("tiny").proxied().start().await;
    stack.proxy().spoil(always("/", Fault::Answer(503, "text/html", "<html>down for maintenance</html>")));
    stack
        .run_beside(&["source", "add", HOST], TOKEN)
        .await
        .ended(5)
        .says(&["`tiny.atlassian.net` does not answer", "503"]);
    let mut command = stack.command(&["source", "add", HOST]);
    command
        .env("FOSSICK_ATLASSIAN_SITE_ADDRESS", "http://127.0.0.1:9")
        .env("FOSSICK_ATLASSIAN_GATEWAY", "http://127.0.0.1:9");
    let ran = tokio::task::spawn_blocking(move || e2e::command::run(&mut command, TOKEN)).await.unwrap();
    ran.ended(5).says(&["does not answer"]);
    stack.run(&["source", "list"], "").ended(0).says(&["no sources yet"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_prints_accounts_and_searches_and_ends_when_told() {
    let mut command = Command::new(fossick());
    command.env_clear().args(["demo", "--once", "--listen", "127.0.0.1:0"]);
    let (code, log) = Program::start("the demo", &mut command).wait();
    assert_eq!(code, Some(0), "{log}");
    for text in [
        "brightwater.atlassian.net/jira: live",
        "maya@brightwater.example",
        "brightwater-demo",
        "signing keys",
        "Open http://",
    ] {
        assert!(log.contains(text), "`{text}` is missing:\n{log}");
    }
}
