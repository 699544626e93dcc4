//! Every answer of a route that Atlassian's OpenAPI files cover fits them: its status is documented, its body validates.
//!
//! `cases/*.txt` hold at least one success and one error per route; they run in order against one company
//! (`world.toml`), so that writes can build on earlier answers. Wrong credentials are refused at the door, alike for
//! all routes, and are tested in `tests/http.rs`; here they stand in only where a route has no refusal of its own.
//! `exceptions.rs` holds the answers that may differ, each with its reason. The OpenAPI files are no part of the
//! project: `FOSSICK_REAL_DATA` names the folder whose `openapi/` holds them.

#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

mod cases;
mod exceptions;
mod schema;
mod scopes;
mod site;
mod spec;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use simulator::route::Found;

use cases::Case;
use exceptions::{ALWAYS_REFUSED, EXCEPTIONS, MOST, UNDESCRIBED};
use site::{Answered, Site};
use spec::Specs;

/// What was learned about the routes.
#[derive(Default)]
struct Findings {
    succeeded: BTreeSet<String>,
    refused: BTreeSet<String>,
    covered: BTreeSet<String>,
    undescribed: BTreeSet<String>,
    /// By route and status.
    misfits: BTreeMap<(String, u16), Vec<String>>,
    /// What is wrong with the table of cases itself.
    faults: Vec<String>,
}

/// A file of this folder.
fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[tokio::test]
async fn every_answer_fits_atlassians_openapi() {
    let Some(folder) = std::env::var_os("FOSSICK_REAL_DATA").map(PathBuf::from) else {
        println!("SKIPPED: every_answer_fits_atlassians_openapi: FOSSICK_REAL_DATA is not set");
        return;
    };
    let mut specs = Specs::read(&folder.join("openapi"));
    let mut site = Site::start().await;
    let mut findings = Findings::default();
    let cases = cases::all();
    for case in &cases {
        let answered = site.send(case).await;
        findings.note(&site, &mut specs, case, &answered);
    }
    findings.every_route_has_cases(&site);
    let wrong = findings.judged();
    println!(
        "{} routes, {} cases, {} operations covered, {} exceptions",
        site.routes().rows().len(),
        cases.len(),
        findings.covered.len(),
        EXCEPTIONS.len()
    );
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

impl Findings {
    fn note(&mut self, site: &Site, specs: &mut Specs, case: &Case, answered: &Answered) {
        let at = format!("{}: {} {}", case.line, case.method, answered.path);
        if answered.status != case.status {
            let fault = format!("{at} was to answer {}, not {}: {}", case.status, answered.status, answered.shown());
            self.faults.push(fault);
        }
        self.faults
            .extend(answered.missing.iter().map(|name| format!("{at}: nothing for `{name}`: {}", answered.shown())));
        let Found::Route(route, _) = site.routes().find(&case.method, &answered.plain_path) else {
            self.faults.push(format!("{at} leads to no route"));
            return;
        };
        let name = format!("{} {}", route.method, route.template);
        if answered.status < 400 { &mut self.succeeded } else { &mut self.refused }.insert(name.clone());
        match specs.judge(&route.method, route.template, answered) {
            spec::Verdict::NotCovered => drop(self.undescribed.insert(name)),
            spec::Verdict::Fits => {
                self.covered.insert(name);
            }
            spec::Verdict::Differs(reasons) => {
                self.covered.insert(name.clone());
                let told = reasons.iter().map(|reason| format!("{at} [{}]: {reason}", answered.status));
                self.misfits.entry((name, answered.status)).or_default().extend(told);
            }
        }
    }

    fn every_route_has_cases(&mut self, site: &Site) {
        for route in site.routes().rows() {
            let name = format!("{} {}", route.method, route.template);
            let undescribed = UNDESCRIBED.iter().any(|(known, _)| *known == name);
            let refused_always = ALWAYS_REFUSED.iter().any(|(known, _)| *known == name);
            if self.succeeded.contains(&name) == refused_always {
                let fault = if refused_always { "succeeds, against the list" } else { "has no case that succeeds" };
                self.faults.push(format!("route {name} {fault}"));
            }
            if !self.refused.contains(&name) && !undescribed {
                self.faults.push(format!("route {name} has no case that is refused"));
            }
            if self.undescribed.contains(&name) != undescribed {
                let fault = if undescribed { "is described after all" } else { "is in no OpenAPI file" };
                self.faults.push(format!("route {name} {fault}"));
            }
        }
    }

    /// Everything that is wrong, exceptions taken off; needless exceptions are wrong too.
    fn judged(&self) -> Vec<String> {
        let mut wrong = self.faults.clone();
        let mut used = BTreeSet::new();
        for ((route, status), told) in &self.misfits {
            for difference in told {
                match EXCEPTIONS.iter().position(|one| one.covers(route, *status, difference)) {
                    Some(index) => drop(used.insert(index)),
                    None => wrong.push(difference.clone()),
                }
            }
        }
        for (index, one) in EXCEPTIONS.iter().enumerate() {
            if !used.contains(&index) {
                wrong.push(format!("exception {} {} ({}) is needless", one.route, one.status, one.reason));
            }
        }
        if EXCEPTIONS.len() > MOST {
            wrong.push(format!("{} exceptions are more than {MOST}", EXCEPTIONS.len()));
        }
        wrong
    }
}
