//! Tables of the check against answers as Atlassian gives them.

use super::{CheckReport, Outcome, check_credential};
use crate::http::OrgKey;
use crate::http::script::{Server, TOKEN, wire};
use model::{Millis, Product};
use secrecy::SecretString;
use serde_json::json;

const UNAUTHORIZED: &str = r#"{"code":401,"message":"Unauthorized"}"#;
const SCOPE: &str = r#"{"code":401,"message":"Unauthorized; scope does not match"}"#;
const FORBIDDEN: &str = r#"{"message":"Forbidden"}"#;
const NO_CONFLUENCE: &str = r#"{"message":"Current user not permitted to use Confluence","statusCode":403}"#;

/// Answers everything as a site on which all is well, except where `odd` knows better.
fn site(odd: impl Fn(&str) -> Option<(u16, String)>, request: &str) -> Vec<u8> {
    let path = request.split(' ').nth(1).unwrap_or_default();
    if path == "/_edge/tenant_info" {
        let known = request.to_ascii_lowercase().contains("host: acme.atlassian.net");
        return match known {
            true => wire(200, br#"{"cloudId":"cid-1"}"#),
            false => wire(404, b"<html>Page unavailable</html>"),
        };
    }
    if let Some((status, body)) = odd(path) {
        return wire(status, body.as_bytes());
    }
    let account = json!({ "accountId": "acc-sa", "displayName": "Indexer", "accountType": "app" });
    let body = match path.split('?').next().unwrap_or_default() {
        path if path.ends_with("/myself") || path.ends_with("/user/current") => account,
        path if path.ends_with("/project/search") => json!({ "values": [], "total": 3 }),
        path if path.ends_with("/users/search") => json!({ "data": [{ "accountId": "acc-1" }] }),
        _ => json!({ "results": [{ "id": "1" }, { "id": "2" }] }),
    };
    wire(200, body.to_string().as_bytes())
}

async fn check_with(
    domain: &str,
    token: &str,
    org: Option<&OrgKey>,
    odd: impl Fn(&str) -> Option<(u16, String)> + Send + Sync + 'static,
) -> CheckReport {
    let server = Server::start(move |request| site(&odd, request)).await;
    check_credential(domain, &SecretString::from(token), org, None, &server.options()).await
}

fn faults(report: &CheckReport) -> Vec<(&str, Outcome)> {
    let faults = report.rows.iter().filter(|row| row.outcome != Outcome::Ok);
    faults.map(|row| (row.check.as_str(), row.outcome)).collect()
}

fn what<'a>(report: &'a CheckReport, check: &str) -> &'a str {
    let row = report.rows.iter().find(|row| row.check == check);
    &row.unwrap_or_else(|| panic!("no row {check} in {report:?}")).what
}

#[tokio::test]
async fn all_is_well() {
    let report = check_with("https://ACME.atlassian.net/jira", TOKEN, None, |_| None).await;
    assert_eq!(faults(&report), []);
    assert_eq!(report.products, [Product::Confluence, Product::Jira]);
    assert_eq!(report.cloud_id.as_deref(), Some("cid-1"));
    assert!(what(&report, "Account").contains("Indexer"));
    assert!(what(&report, "Spaces").contains("2 spaces"));
    assert!(what(&report, "Projects").contains("3 projects"));
    assert!(report.is_usable());
}

#[tokio::test]
async fn a_wrong_domain_is_named_as_what_it_is() {
    let report = check_with("nobody.atlassian.net", TOKEN, None, |_| None).await;
    assert_eq!(faults(&report), [("Site", Outcome::Fail)]);
    let report = check_with("jira.example.com", TOKEN, None, |_| None).await;
    assert_eq!(faults(&report), [("Domain", Outcome::Fail)]);
    assert!(what(&report, "Domain").contains("Data Center"));
}

#[tokio::test]
async fn what_stands_before_the_site_is_not_taken_for_a_misspelt_domain() {
    for (status, body) in [(302, &b"moved"[..]), (403, b"blocked"), (200, b"<html>Sign in</html>"), (200, b"\xff\xfe")]
    {
        let server = Server::start(move |_| wire(status, body)).await;
        let token = SecretString::from(TOKEN);
        let report = check_credential("acme.atlassian.net", &token, None, None, &server.options()).await;
        assert_eq!(faults(&report), [("Site", Outcome::Fail)]);
        let what = what(&report, "Site");
        assert!(what.contains("not answered by Atlassian") && what.contains("proxy"), "{status}: {what}");
    }
}

#[tokio::test]
async fn a_malformed_token_is_not_even_sent() {
    for token in ["", "two words", "ATSTT…"] {
        let report = check_with("acme.atlassian.net", token, None, |path| panic!("{path} was called")).await;
        assert_eq!(faults(&report), [("Token", Outcome::Fail)], "{token}");
    }
}

#[tokio::test]
async fn a_refused_token_says_what_it_may_be_and_since_when() {
    let refuse = |_: &str| Some((401, UNAUTHORIZED.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, refuse).await;
    assert_eq!(faults(&report), [("Token", Outcome::Fail)]);
    assert!(what(&report, "Token").contains("mistyped, revoked or has expired"));
    let report = check_with("acme.atlassian.net", "ATATTabc", None, refuse).await;
    assert!(what(&report, "Token").contains("personal token"));

    let server = Server::start(move |request| site(refuse, request)).await;
    let (token, worked) = (SecretString::from(TOKEN), Some(Millis(1_793_000_000_000)));
    let report = check_credential("acme.atlassian.net", &token, None, worked, &server.options()).await;
    assert!(what(&report, "Token").contains("last worked on 2026-10-26 07:33 UTC"), "{report:?}");
}

#[tokio::test]
async fn each_missing_scope_is_named_with_what_suffers() {
    let missing = |path: &str| path.contains("/footer-comments").then(|| (401, SCOPE.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, missing).await;
    assert_eq!(faults(&report), [("Scope read:comment:confluence", Outcome::Warn)]);
    let row = report.rows.iter().find(|row| row.check.contains("read:comment")).unwrap();
    assert!(row.what.contains("comments are not found"));
    assert!(row.remedy.contains("read:page:confluence") && row.remedy.contains("read:comment:confluence"));
    assert_eq!(report.products.len(), 2);
}

#[tokio::test]
async fn a_product_without_an_essential_scope_is_not_offered() {
    let missing = |path: &str| path.contains("/api/v2/pages").then(|| (401, SCOPE.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, missing).await;
    assert_eq!(faults(&report), [("Scope read:page:confluence", Outcome::Fail)]);
    assert_eq!(report.products, [Product::Jira]);
}

#[tokio::test]
async fn an_account_without_a_product_is_offered_the_other_one() {
    let out = |path: &str| path.contains("/ex/confluence/").then(|| (403, NO_CONFLUENCE.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, out).await;
    assert_eq!(faults(&report), [("Confluence", Outcome::Warn)]);
    assert_eq!(report.products, [Product::Jira]);
}

#[tokio::test]
async fn an_account_with_neither_product_is_told_that_nothing_can_be_read() {
    let out = |path: &str| path.starts_with("/ex/").then(|| (403, NO_CONFLUENCE.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, out).await;
    let expected = [("Account", Outcome::Warn), ("Confluence", Outcome::Warn), ("Jira", Outcome::Warn)];
    assert_eq!(faults(&report), [&expected[..], &[("Products", Outcome::Fail)]].concat());
    assert!(what(&report, "Products").contains("Neither Jira nor Confluence"), "{report:?}");
    assert!(report.rows.last().unwrap().remedy.contains("access to Jira or Confluence"), "{report:?}");
    assert!(report.products.is_empty() && !report.is_usable());
}

#[tokio::test]
async fn projects_that_are_only_administered_are_warned_about() {
    let administered = |path: &str| {
        let view = path.contains("/project/search") && path.contains("action=view");
        view.then(|| (200, json!({ "values": [], "total": 9 }).to_string()))
    };
    let report = check_with("acme.atlassian.net", TOKEN, None, administered).await;
    assert_eq!(faults(&report), [("Projects", Outcome::Warn)]);
    assert!(what(&report, "Projects").contains("knows of 9 projects, but may read only 3"));
}

#[tokio::test]
async fn an_account_that_is_no_administrator_of_jira_is_told_what_stays_hidden() {
    let admin = |path: &str| {
        let admin = path.contains("/applicationrole") || path.contains("/issuesecurityschemes");
        admin.then(|| (403, r#"{"errorMessages":["no"],"errors":{}}"#.to_owned()))
    };
    let report = check_with("acme.atlassian.net", TOKEN, None, admin).await;
    let expected = ["Scope manage:jira-configuration", "Scope manage:jira-project"];
    assert_eq!(faults(&report), expected.map(|scope| (scope, Outcome::Warn)));
    assert!(what(&report, expected[1]).contains("security level"));
}

#[tokio::test]
async fn the_organizations_key_is_tried_by_itself() {
    let org = OrgKey { org_id: "org-1".into(), key: SecretString::from("orgkey") };
    let report = check_with("acme.atlassian.net", TOKEN, Some(&org), |_| None).await;
    assert_eq!(faults(&report), []);
    let cases = [
        (401, UNAUTHORIZED, Outcome::Fail, "refused", "an API key in the organization's settings"),
        (401, SCOPE, Outcome::Fail, "lacks a scope", "read:accounts:admin, read:directories:admin, read:groups:admin"),
        (403, FORBIDDEN, Outcome::Fail, "that may need Atlassian Guard", "e-mails come from the site"),
        (404, r#"{"errors":[]}"#, Outcome::Fail, "no organization with this id", "organization's id"),
        (200, r#"{"data":[],"links":{}}"#, Outcome::Warn, "is empty", "e-mails come from the site"),
    ];
    for (status, body, outcome, words, remedy) in cases {
        let odd = move |path: &str| path.starts_with("/admin/").then(|| (status, body.to_owned()));
        let report = check_with("acme.atlassian.net", TOKEN, Some(&org), odd).await;
        assert_eq!(faults(&report), [("Organization key", outcome)], "{status}");
        assert!(what(&report, "Organization key").contains(words), "{report:?}");
        let row = report.rows.iter().find(|row| row.check == "Organization key").unwrap();
        assert!(row.remedy.contains(remedy), "{report:?}");
        assert_eq!(report.products.len(), 2, "the key is optional");
    }
}

#[tokio::test]
async fn a_gateway_that_does_not_know_the_site_is_not_taken_for_a_refused_token() {
    let unrouted = |path: &str| {
        let body = json!({ "timestamp": "2026-10-08T06:59:19.123Z", "status": 404, "path": path });
        Some((404, body.to_string()))
    };
    let report = check_with("acme.atlassian.net", TOKEN, None, unrouted).await;
    assert!(what(&report, "Token").contains("gateway does not know the site"));
}

#[tokio::test]
async fn a_token_is_accepted_only_where_an_answer_shows_it() {
    let refused = |path: &str| path.contains("/ex/confluence/").then(|| (401, UNAUTHORIZED.to_owned()));
    let broken: [(u16, &str); 3] = [(503, "{}"), (200, "no JSON"), (404, "{}")];
    for (status, body) in broken {
        let other = move |path: &str| path.contains("/ex/jira/").then(|| (status, body.to_owned()));
        let report = check_with("acme.atlassian.net", TOKEN, None, move |path| refused(path).or(other(path))).await;
        assert!(what(&report, "Token").contains("The token is refused"), "{status} {body}: {report:?}");
        assert!(!report.is_usable());
        let both = move |path: &str| path.starts_with("/ex/").then(|| (status, body.to_owned()));
        let report = check_with("acme.atlassian.net", TOKEN, None, both).await;
        assert!(what(&report, "Token").contains("could not be tried"), "{status} {body}: {report:?}");
        assert_eq!(faults(&report), [("Token", Outcome::Fail)], "{status} {body}");
    }
    let lacking = |path: &str| path.contains("/ex/jira/").then(|| (401, SCOPE.to_owned()));
    let report = check_with("acme.atlassian.net", TOKEN, None, move |path| refused(path).or(lacking(path))).await;
    assert!(what(&report, "Token").contains("accepted"), "a missing scope shows a known token: {report:?}");
}

#[tokio::test]
async fn no_row_holds_the_token() {
    for status in [200, 400, 401, 403, 404, 500] {
        let odd = move |_: &str| Some((status, format!(r#"{{"message":"m{status}"}}"#)));
        let report = check_with("acme.atlassian.net", TOKEN, None, odd).await;
        assert!(!format!("{report:?}").contains(TOKEN));
    }
}
