//! Reports about a source against a site that answers for others: the comparison finds what leaks and what is hidden, the
//! report says what would mend it, and mappings join whom no e-mail joins.

use e2e::client::plain;
use e2e::people::well_served;
use e2e::stack::Stack;
use model::Product;
use serde_json::Value;

/// The group `staff` at the source.
fn staff(stack: &Stack) -> String {
    let groups = &stack.company.world.directory.groups;
    let found = groups.values().find(|group| group.name == "staff");
    found.unwrap_or_else(|| panic!("no group `staff`")).id.to_string()
}

/// Takes a person out of a group at the source, as the service account, which administers it.
async fn leaves(stack: &Stack, account: &str) {
    let cloud = &stack.company.world.site.cloud_id;
    let path = format!("/ex/jira/{cloud}/rest/api/3/group/user?groupId={}&accountId={account}", staff(stack));
    let request = plain().delete(format!("{}{path}", stack.site.base)).bearer_auth(&stack.company.token);
    let answer = request.send().await.unwrap_or_else(|error| panic!("{error}"));
    assert!(answer.status().is_success(), "{}", answer.status());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_agrees_with_the_source_and_fails_when_somebody_left_since_the_last_reading() {
    let mut stack = Stack::playing(well_served("tiny")).start().await;
    stack.serve();
    stack.connect().await;
    stack.sync().await;
    for source in ["tiny.atlassian.net/jira", "tiny.atlassian.net/confluence"] {
        let ran = stack.run_beside(&["audit", source, "--pairs", "60"], "").await;
        ran.ended(0).says(&["0 leaks, 0 blocks", "pairs compared"]);
    }
    let alice =
        stack.company.people.iter().find(|person| person.name == "Alice Ash").map(|alice| alice.account.clone());
    leaves(&stack, &alice.unwrap_or_default()).await;
    for source in ["tiny.atlassian.net/jira", "tiny.atlassian.net/confluence"] {
        let ran = stack.run_beside(&["audit", source, "--pairs", "60"], "").await;
        ran.ended(10).says(&["leak", "admitted by", "run a sync"]);
    }
    stack.sync().await;
    stack.run_beside(&["audit", "tiny.atlassian.net/jira"], "").await.ended(0).says(&["0 leaks"]);
    stack.run_beside(&["audit", "nobody"], "").await.ended(2).says(&["there is no source `nobody`"]);
    stack.run_beside(&["audit", "tiny.atlassian.net/jira", "--pairs", "0"], "").await.ended(2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_administrator_the_audit_says_so_and_the_doctor_says_what_would_mend_what() {
    let mut stack = Stack::of("tiny").start().await;
    stack.serve();
    stack.connect().await;
    stack.sync().await;
    let ran = stack.run_beside(&["audit", "tiny.atlassian.net/jira"], "").await;
    ran.ended(5).says(&["give the service account `Administer Jira`"]);
    let doctor = stack.run_beside(&["doctor", "tiny.atlassian.net/jira"], "").await;
    doctor.ended(0).says(&[
        "Administer Jira",
        "Administer Projects",
        "nobody:",
        "What cannot be known",
        "archived issues",
    ]);
    let json = stack.run_beside(&["doctor", "tiny.atlassian.net/confluence", "--json"], "").await.ended(0);
    let report: Value = serde_json::from_str(&json.out).unwrap_or_else(|error| panic!("{error}: {}", json.out));
    let space = &report["containers"][0];
    assert_eq!(space["key"], "DOC", "{report}");
    assert_eq!(space["readers"]["state"], "known", "{report}");
    assert!(report["people"]["people"].as_u64() >= Some(3), "{report}");
    assert!(report["unknowable"].as_array().is_some_and(|lines| !lines.is_empty()), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hides_the_address_is_mapped_by_hand_and_then_finds_what_the_source_shows() {
    let mut stack = Stack::playing(well_served("tiny")).without_organization().start().await;
    stack.serve();
    stack.connect().await;
    stack.sync().await;
    let bob = stack.company.people.iter().find(|person| person.name == "Bob Birch").cloned();
    let bob = bob.unwrap_or_else(|| panic!("no Bob"));
    stack.add(&bob).await;
    let jira = "tiny.atlassian.net/jira";
    let persons = stack.run_beside(&["user", "persons", &bob.email], "").await;
    persons.ended(0).says(&[jira, "no active person there has this e-mail", "map the account"]);
    stack
        .run_beside(&["user", "map", &bob.email, jira, "no-such-id"], "")
        .await
        .ended(1)
        .says(&["no user with the id"]);
    stack
        .run_beside(&["user", "map", &bob.email, jira, &bob.account], "")
        .await
        .ended(0)
        .says(&["mapped", "Bob Birch"]);
    let shown = stack.site.shown_to(&bob).await;
    let issue = shown.iter().find(|thing| thing.product == Product::Jira && thing.kind == model::Kind::Issue);
    let issue = issue.and_then(|thing| stack.company.world.jira.issue(&thing.native)).map(|issue| issue.key.clone());
    let path = format!("/api/v1/search?q={}&type=issue", issue.unwrap_or_else(|| panic!("Bob sees no issue")));
    let found = async |stack: &Stack| stack.program_of(&bob).await.json(&path).await["total"].as_u64();
    assert_eq!(found(&stack).await, Some(1));
    stack.run_beside(&["user", "unmap", &bob.email, jira], "").await.ended(0);
    assert_eq!(found(&stack).await, Some(0));
}
