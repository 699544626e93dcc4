//! The oracle is asked about whole companies, so a company must not take long.

use std::fmt::Write as _;
use std::time::Instant;

use simulator::oracle::{Kind, Oracle};

use super::table::world;

/// 200 accounts, 10,000 objects with deep trees, restrictions, levels and dependent holders.
fn company() -> String {
    let mut text = "[site]\nhost = \"big.atlassian.net\"\n[access]\njira = { jira-software = [\"staff\"] }\n\
        confluence = [\"staff\"]\n[[group]]\nname = \"staff\"\n\
        [generate]\npeople = 200\ngroups = 10\nspaces = 5\npages = 2000\ncomments_per_page = 1\n\
        attachments_per_page = 1\nprojects = 5\nissues = 1000\ncomments_per_issue = 3\nwords = 4\n"
        .to_owned();
    let _ = writeln!(text, "[[person]]\nhandle = \"boss\"\ngroups = [\"staff\"]");
    text
}

#[test]
fn two_hundred_accounts_and_ten_thousand_objects_take_seconds() {
    let world = world(&[&company()]);
    let began = Instant::now();
    let oracle = Oracle::of(&world);
    let copied = began.elapsed();
    let seen: usize = oracle.accounts().map(|account| oracle.visible(account).listed.len()).sum();
    let took = began.elapsed();
    println!("copied in {copied:?}; {} accounts see {seen} objects, in {took:?}", oracle.accounts().count());
    let page = oracle.visible(oracle.accounts().next().expect("people were generated")).ids(Kind::Page);
    assert!(page.len() < 2000);
    assert!(seen > 100_000, "only {seen}");
    assert!(took.as_secs() < 30, "took {took:?}");
}
