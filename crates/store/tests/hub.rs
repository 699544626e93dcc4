//! Sources, secrets, accounts, sessions, audit.

mod support;

use access::{SourceId, UserId};
use model::{Duration, Millis, Product, RunKind, RunStatus, SourceEvent, SourceSettings, SourceState};
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use store::{
    AccountChange, AccountError, AddressHash, AuditEntry, Called, NewAccount, Role, SecretError, SecretName,
    SourceError, TokenHash, Webhook, WebhookCount,
};
use support::*;
use sync::{Changes, Journal, Stream};

fn settings(site: &str) -> SourceSettings {
    SourceSettings::of(Product::Confluence, site, "c-1")
}

fn account(email: &str, role: Role) -> NewAccount {
    NewAccount { email: email.into(), name: "Ana".into(), role, password: Some("$argon2id$x".into()) }
}

#[test]
fn a_source_is_kept_and_moves_only_as_its_machine_allows() {
    let mut bench = Bench::new();
    let added = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added");
    assert_eq!(added.state, SourceState::Draft);
    let twice = wait(bench.store().add_source(settings("ACME.atlassian.net"), Millis(5)));
    assert!(matches!(twice, Err(SourceError::AlreadyConnected(_))));
    let refused = wait(bench.store().source_event(added.id, SourceEvent::CaughtUp(Millis(6))));
    assert!(matches!(refused, Err(SourceError::Transition(_))));
    let state = wait(bench.store().source_event(added.id, SourceEvent::Wanted)).expect("it moves");
    assert_eq!(state, SourceState::Backfilling);
    let mut changed = settings("acme.atlassian.net");
    changed.scope.exclude.push("HR".into());
    wait(bench.store().set_source_settings(added.id, changed.clone())).expect("they are changed");
    bench.reopen();
    let stored = bench.store().source(added.id).expect("it answers").expect("it is there");
    assert_eq!((stored.settings, stored.state, stored.created), (changed, state, Millis(5)));
    let unknown = wait(bench.store().source_event(SourceId(77), SourceEvent::Wanted));
    assert!(matches!(unknown, Err(SourceError::Unknown(SourceId(77)))));
}

#[test]
fn an_objection_stays_open_until_it_is_settled_and_goes_with_its_source() {
    let bench = Bench::new();
    let source = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added").id;
    let ana =
        wait(bench.store().add_account(account("ana@example.com", Role::Member), Millis(5))).expect("it is added");
    let object = |note: &str, at: i64| {
        let by = (ana.id, ana.email.clone());
        wait(bench.store().object(by, source, page_key("7"), note, Millis(at))).expect("it is kept");
    };
    object("first\u{7}", 10);
    object("better said", 20);
    let listed = bench.store().objections(10).expect("it answers");
    assert_eq!((listed.len(), listed[0].note.as_str(), listed[0].at), (1, "better said", Millis(20)));
    assert_eq!((listed[0].by.as_str(), &listed[0].key), ("ana@example.com", &page_key("7")));
    let settle = || wait(bench.store().settle_objection(listed[0].id, "boss@example.com".into(), Millis(30)));
    assert!(settle().expect("it answers") && !settle().expect("it answers"));
    object("once more", 40);
    assert_eq!(bench.store().open_objections().expect("it answers"), 1);
    let notes: Vec<String> = bench.store().objections(10).expect("it answers").into_iter().map(|o| o.note).collect();
    assert_eq!(notes, ["once more", "better said"]);
}

#[test]
fn a_removed_source_leaves_nothing_but_tombstones() {
    let mut bench = Bench::new();
    let source = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added").id;
    assert_eq!(source, SOURCE);
    let token = SecretName::of_source(source, "token");
    wait(bench.store().put_secret(&token, &"t".into())).expect("it is kept");
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, (0..700).flat_map(|at| open_page(&at.to_string(), "text")).collect());
    let last = bench.store().last_sequence().expect("it answers");
    let person = viewer(bench.store(), "ana");
    wait(bench.store().remove_source(source, Millis(9))).expect("it is removed");
    assert_eq!(bench.store().sources().expect("it answers"), []);
    assert!(bench.store().secret(&token).expect("it answers").is_none());
    assert_eq!(bench.store().runs(Some(source), 9).expect("it answers"), []);
    assert!(viewer(bench.store(), "ana").is_empty());
    let state = bench.follower.state();
    assert!((0..700).all(|doc| !state.admits(&person, access::DocNo(doc))), "even a viewer made before sees nothing");
    let told = bench.store().after(last, 1000).expect("it answers");
    assert_eq!((told.len(), told.iter().all(|change| change.document.is_none())), (700, true));
    let late = bench.batch(Stream::Pages, open_page("late", "text"));
    assert!(matches!(wait(bench.store().commit(late)), Err(sync::JournalError::RunClosed(_))));
    let next = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(10))).expect("it is added").id;
    assert_ne!(next, source, "numbers of sources are not reused");
    bench.run = wait(bench.store().open_run(SOURCE, RunKind::Full, Millis(3))).expect("a run opens").id;
    bench.commit(Stream::Pages, open_page("0", "text"));
    let stored = bench.store().document_by_key(SOURCE, &page_key("0")).expect("it answers").expect("it is there");
    assert_eq!(stored.docno, access::DocNo(700), "numbers of documents are not reused");
}

#[test]
fn a_removal_that_was_broken_off_is_finished_after_a_restart() {
    let mut bench = Bench::new();
    let source = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added").id;
    bench.commit(Stream::Containers, space());
    bench.commit(Stream::Pages, open_page("1", "text"));
    wait(bench.store().source_event(source, SourceEvent::Removed)).expect("the first step of a removal");
    bench.reopen();
    assert_eq!(wait(bench.store().recover(Millis(9))).expect("it recovers").removed, [source]);
    assert_eq!(bench.store().sources().expect("it answers"), []);
    assert_eq!(bench.store().document_by_key(SOURCE, &page_key("1")).expect("it answers"), None);
}

#[test]
fn a_secret_is_on_no_page_of_the_files() {
    let mut bench = Bench::new();
    let token = "ATSTT3xFfGF0-this-is-a-token";
    let name = SecretName::of_source(SOURCE, "token");
    wait(bench.store().put_secret(&name, &token.into())).expect("it is kept");
    let read = |bench: &Bench| bench.store().secret(&name).expect("it opens").map(|it| it.expose_secret().to_owned());
    assert_eq!(read(&bench).as_deref(), Some(token));
    for closed in [false, true] {
        if closed {
            bench.store = None;
        }
        for entry in fs::read_dir(bench.dir.path()).expect("it can be listed") {
            let path = entry.expect("an entry").path();
            let bytes = fs::read(&path).expect("it can be read");
            assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "{}", path.display());
        }
    }
    bench.reopen();
    assert_eq!(read(&bench).as_deref(), Some(token));
    wait(bench.store().remove_secret(&name)).expect("it is removed");
    assert_eq!(read(&bench), None);
}

#[test]
fn a_secret_moved_to_another_row_does_not_open() {
    let mut bench = Bench::new();
    let (one, two) = (SecretName::of_source(SourceId(1), "token"), SecretName::of_source(SourceId(2), "token"));
    wait(bench.store().put_secret(&one, &"one".into())).expect("it is kept");
    bench.store = None;
    let sql = rusqlite::Connection::open(bench.dir.path().join("hub.db")).expect("it opens");
    sql.execute("UPDATE secrets SET owner = 'source:2' WHERE owner = 'source:1'", []).expect("it is moved");
    drop(sql);
    bench.reopen();
    assert!(matches!(bench.store().secret(&two), Err(SecretError::Sealed(name)) if name == "token"));
}

#[test]
fn a_webhook_is_found_by_its_address_and_replaced_as_a_whole() {
    let mut bench = Bench::new();
    let source = wait(bench.store().add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added").id;
    let webhook = |name: &str, made| Webhook {
        address: format!("address-{name}").into(),
        secret: format!("secret-{name}").into(),
        made: Millis(made),
    };
    let [first, second] = [1, 2].map(|byte| AddressHash([byte; 32]));
    wait(bench.store().put_webhook(source, first, &webhook("a", 7))).expect("it is kept");
    wait(bench.store().put_webhook(source, second, &webhook("b", 8))).expect("it is kept");
    bench.reopen();
    let kept = bench.store().webhook(source).expect("it answers").expect("it is there");
    assert_eq!((kept.address.expose_secret(), kept.secret.expose_secret()), ("address-b", "secret-b"));
    assert_eq!(kept.made, Millis(8));
    assert_eq!(bench.store().called(&second).expect("it answers"), Some(Called::Current(source)));
    assert_eq!(bench.store().called(&first).expect("it answers"), Some(Called::Former(source)));
    let count = |count, at| WebhookCount { outcome: "accepted".into(), count, last_at: Millis(at) };
    wait(bench.store().count_webhooks(vec![(source, count(3, 20)), (SourceId(77), count(1, 9))])).expect("they count");
    wait(bench.store().count_webhooks(vec![(source, count(4, 10))])).expect("they count");
    assert_eq!(bench.store().webhook_counts(source).expect("it answers"), [count(7, 20)]);
    wait(bench.store().remove_webhook(source)).expect("it is taken back");
    assert!(bench.store().webhook(source).expect("it answers").is_none());
    assert_eq!(bench.store().called(&second).expect("it answers"), None);
    let unknown = wait(bench.store().put_webhook(SourceId(77), first, &webhook("c", 9)));
    assert!(matches!(unknown, Err(SourceError::Unknown(SourceId(77)))));
    wait(bench.store().put_webhook(source, first, &webhook("d", 9))).expect("it is kept");
    wait(bench.store().remove_source(source, Millis(10))).expect("it is removed");
    assert_eq!(bench.store().called(&first).expect("it answers"), None);
    assert_eq!(bench.store().webhook_counts(source).expect("it answers"), []);
}

#[test]
fn two_seals_of_one_secret_differ() {
    let bench = Bench::new();
    let sealed = || {
        wait(bench.store().put_secret(&SecretName::of_hub("x"), &"same".into())).expect("it is kept");
        let sql = rusqlite::Connection::open(bench.dir.path().join("hub.db")).expect("it opens");
        let read = "SELECT sealed FROM secrets WHERE owner = 'hub'";
        sql.query_row(read, [], |row| row.get::<_, Vec<u8>>(0)).expect("it is there")
    };
    assert_ne!(sealed(), sealed());
}

#[test]
fn addresses_are_unique_without_regard_to_case() {
    let bench = Bench::new();
    let ana = wait(bench.store().add_account(account("Ana@Example.com", Role::Admin), Millis(1))).expect("it is made");
    let again = wait(bench.store().add_account(account("ana@example.COM", Role::Member), Millis(1)));
    assert!(matches!(again, Err(AccountError::EmailTaken(_))));
    let found = bench.store().account_by_email(" ANA@example.com ").expect("it answers");
    assert_eq!(found.as_ref(), Some(&ana));
    assert_eq!(ana.person().trusted_email.as_deref(), Some("Ana@Example.com"));
    for bad in ["", "ana", "@example.com", "a b@example.com"] {
        let refused = wait(bench.store().add_account(account(bad, Role::Member), Millis(1)));
        assert!(matches!(refused, Err(AccountError::NotAnEmail(_))), "{bad}");
    }
}

#[test]
fn the_last_administrator_stays_one() {
    let bench = Bench::new();
    let store = bench.store();
    let ana = wait(store.add_account(account("ana@example.com", Role::Admin), Millis(1))).expect("it is made").id;
    for change in [AccountChange::Role(Role::Member), AccountChange::Disabled(true)] {
        assert!(matches!(wait(store.change_account(ana, change)), Err(AccountError::LastAdmin)));
    }
    let ben = wait(store.add_account(account("ben@example.com", Role::Admin), Millis(1))).expect("it is made").id;
    let changed = wait(store.change_account(ana, AccountChange::Role(Role::Member))).expect("there is another");
    assert_eq!(changed.role, Role::Member);
    assert!(matches!(wait(store.change_account(ben, AccountChange::Disabled(true))), Err(AccountError::LastAdmin)));
}

#[test]
fn mappings_and_exclusions_become_part_of_the_person() {
    let bench = Bench::new();
    let store = bench.store();
    let source = wait(store.add_source(settings("acme.atlassian.net"), Millis(5))).expect("it is added").id;
    let ana = wait(store.add_account(account("ana@example.com", Role::Member), Millis(1))).expect("it is made").id;
    let user = UserId::Account("557058:a".into());
    let changed = wait(store.change_account(ana, AccountChange::Mapping(source, Some(user.clone())))).expect("mapped");
    assert_eq!(changed.person().mapped, [(source, user)].into());
    let changed = wait(store.change_account(ana, AccountChange::Exclusion(source, true))).expect("excluded");
    assert_eq!(changed.person().excluded, [source].into());
    let unknown = wait(store.change_account(ana, AccountChange::Exclusion(SourceId(9), true)));
    assert!(matches!(unknown, Err(AccountError::UnknownSource(SourceId(9)))));
    wait(store.change_account(ana, AccountChange::Mapping(source, None))).expect("taken back");
    let changed = wait(store.change_account(ana, AccountChange::Exclusion(source, false))).expect("taken back");
    assert!(changed.mapped.is_empty() && changed.excluded.is_empty());
    let disabled = wait(store.change_account(ana, AccountChange::Disabled(true))).expect("disabled");
    assert_eq!(disabled.person(), access::Person::default(), "a disabled account is nobody");
}

#[test]
fn a_session_ends_by_time_by_logout_by_a_new_password_and_with_its_account() {
    let bench = Bench::new();
    let store = bench.store();
    let ana = wait(store.add_account(account("ana@example.com", Role::Member), Millis(1))).expect("it is made").id;
    let token = |number| TokenHash([number; 32]);
    let open = |number| wait(store.open_session(token(number), ana, Millis(10), Millis(100))).expect("it opens");
    let is_open = |number, now| store.session(&token(number), Millis(now)).expect("it answers").is_some();
    open(1);
    assert!(is_open(1, 99) && !is_open(1, 100) && !is_open(2, 50));
    wait(store.close_session(token(1))).expect("it closes");
    assert!(!is_open(1, 50));
    open(2);
    let hash = SecretString::from("$argon2id$new");
    wait(store.change_account(ana, AccountChange::Password(Some(hash)))).expect("it is changed");
    assert!(!is_open(2, 50));
    assert_eq!(store.password_hash(ana).expect("it answers").expect("a hash").expose_secret(), "$argon2id$new");
    open(3);
    wait(store.change_account(ana, AccountChange::Disabled(true))).expect("it is disabled");
    assert!(!is_open(3, 50));
    open(4);
    assert!(!is_open(4, 50), "nobody is logged in with a disabled account");
    assert_eq!(wait(store.drop_ended_sessions(Millis(100))).expect("it answers"), 1);
}

#[test]
fn failures_are_counted_within_a_window() {
    let bench = Bench::new();
    let fail = |at| wait(bench.store().count_failure("ana|10.0.0.1", Millis(at), Duration(100))).expect("counted");
    assert_eq!([fail(10).failures, fail(50).failures, fail(110).failures, fail(111).failures], [1, 2, 3, 1]);
    assert_eq!(bench.store().failures("ana|10.0.0.1").expect("it answers").first_at, Millis(111));
    wait(bench.store().forget_failures("ana|10.0.0.1", Millis(0))).expect("forgotten");
    assert_eq!(bench.store().failures("ana|10.0.0.1").expect("it answers").failures, 0);
}

#[test]
fn the_audit_log_can_only_grow() {
    let mut bench = Bench::new();
    for at in 1..=3 {
        let (actor, action, target) = ("ana@example.com".into(), "source.added".into(), format!("source {at}"));
        wait(bench.store().audit(AuditEntry { at: Millis(at), actor, action, target })).expect("it is added");
    }
    let rows = bench.store().audit_log(None, 2).expect("it answers");
    assert_eq!(rows.iter().map(|row| row.entry.target.as_str()).collect::<Vec<_>>(), ["source 3", "source 2"]);
    assert_eq!(bench.store().audit_log(Some(rows[1].id), 9).expect("it answers").len(), 1);
    bench.store = None;
    let sql = rusqlite::Connection::open(bench.dir.path().join("hub.db")).expect("it opens");
    for forbidden in ["UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE id = 1", "DELETE FROM audit"] {
        let error = sql.execute(forbidden, []).expect_err("the database refuses");
        assert!(error.to_string().contains("audit rows are never"), "{error}");
    }
}

#[test]
fn settings_of_the_hub_are_kept() {
    let mut bench = Bench::new();
    wait(bench.store().set_setting("a", Some("1"))).expect("it is set");
    wait(bench.store().set_setting("a", Some("2"))).expect("it is set");
    bench.reopen();
    assert_eq!(bench.store().setting("a").expect("it answers").as_deref(), Some("2"));
    wait(bench.store().set_setting("a", None)).expect("it is taken back");
    assert_eq!(bench.store().setting("a").expect("it answers"), None);
}

#[test]
fn a_login_does_not_wait_for_a_crawl() {
    let mut bench = Bench::new();
    bench.commit(Stream::Containers, space());
    let crawl = bench.batch(Stream::Pages, (0..3000).flat_map(|at| open_page(&at.to_string(), "text")).collect());
    let crawling = bench.store().clone();
    let crawl = std::thread::spawn(move || wait(crawling.commit(crawl)));
    let entry = AuditEntry { at: Millis(1), actor: "a".into(), action: "b".into(), target: "c".into() };
    let mut written = 0;
    while !crawl.is_finished() {
        wait(bench.store().audit(entry.clone())).expect("it is added");
        written += 1;
    }
    assert!(written > 3, "{written} rows were written while one batch of 3000 pages was");
    crawl.join().expect("no panic").expect("it is stored");
    wait(bench.store().close_run(bench.run, RunStatus::Succeeded, None, Millis(1))).expect("it closes");
}
