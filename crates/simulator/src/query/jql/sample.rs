//! A small site for the tests of this folder: two projects, three people, a group, and issues with every field optional.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::Value;
use super::super::date::Moment;
use super::{Bound, Caller, CustomField, CustomKind, Field, IssueRecord, IssueRef, JqlError, Literal, Names, parse};

pub(super) const ENG: u64 = 10_000;
pub(super) const OPS: u64 = 10_001;

#[derive(Clone, Debug, Default)]
pub(super) struct Issue {
    pub(super) id: u64,
    pub(super) project: u64,
    pub(super) number: u64,
    pub(super) assignee: Option<&'static str>,
    pub(super) labels: Vec<&'static str>,
    pub(super) status: u64,
    pub(super) priority: Option<u64>,
    pub(super) resolution: Option<u64>,
    pub(super) level: Option<u64>,
    pub(super) parent: Option<u64>,
    pub(super) updated: Option<Timestamp>,
    pub(super) due: Option<Date>,
    pub(super) summary: &'static str,
    pub(super) comments: Vec<&'static str>,
    pub(super) points: Option<f64>,
    pub(super) team: Option<&'static str>,
}

impl IssueRecord for Issue {
    fn id(&self) -> u64 {
        self.id
    }

    fn key(&self) -> (&str, u64) {
        (if self.project == ENG { "ENG" } else { "OPS" }, self.number)
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        let ids = |ids: Option<u64>, see: &mut dyn FnMut(Value<'_>)| ids.into_iter().for_each(|id| see(Value::Id(id)));
        match field {
            Field::Project => see(Value::Id(self.project)),
            Field::Status => see(Value::Id(self.status)),
            Field::StatusCategory => see(Value::Id(if self.status == 3 { 3 } else { 2 })),
            Field::Priority => ids(self.priority, see),
            Field::Resolution => ids(self.resolution, see),
            Field::Level => ids(self.level, see),
            Field::Parent => ids(self.parent, see),
            Field::Assignee => self.assignee.into_iter().for_each(|account| see(Value::Word(account))),
            Field::Labels => self.labels.iter().for_each(|label| see(Value::Word(label))),
            Field::Updated => self.updated.into_iter().for_each(|at| see(Value::Time(at))),
            Field::Due => self.due.into_iter().for_each(|day| see(Value::Day(day))),
            Field::Summary => see(Value::Text(self.summary)),
            Field::Comment => self.comments.iter().for_each(|comment| see(Value::Text(comment))),
            Field::Text => {
                see(Value::Text(self.summary));
                self.comments.iter().for_each(|comment| see(Value::Text(comment)));
            }
            Field::Custom(10_016) => self.points.into_iter().for_each(|points| see(Value::Number(points))),
            Field::Custom(10_020) => self.team.into_iter().for_each(|team| see(Value::Word(team))),
            _ => {}
        }
    }

    fn sort_text(&self, field: Field) -> Option<String> {
        if field == Field::Assignee { self.assignee.map(str::to_owned) } else { None }
    }
}

pub(super) struct Site;

impl Names for Site {
    fn objects(&self, field: Field, literal: Literal<'_>) -> Vec<u64> {
        let known: &[(u64, &[&str])] = match field {
            Field::Project => &[(ENG, &["eng", "engineering"]), (OPS, &["ops", "operations"])],
            Field::Status => &[(1, &["to do"]), (3, &["done"]), (7, &["done"])],
            Field::Priority => &[(1, &["high"]), (2, &["medium"]), (3, &["low"])],
            Field::Resolution => &[(1, &["fixed"])],
            Field::Level => &[(10_021, &["internal"])],
            _ => &[],
        };
        let typed = match literal {
            Literal::Text(text) => text.to_lowercase(),
            Literal::Number(number) => number.to_string(),
        };
        known
            .iter()
            .filter(|(id, names)| names.contains(&typed.as_str()) || id.to_string() == typed)
            .map(|&(id, _)| id)
            .collect()
    }

    fn issue(&self, literal: Literal<'_>) -> Option<IssueRef> {
        let typed = match literal {
            Literal::Text(text) => text.to_uppercase(),
            Literal::Number(number) => number.to_string(),
        };
        (1..=20)
            .map(|number| IssueRef { id: 20_000 + number, project: ENG, number })
            .find(|issue| format!("ENG-{}", issue.number) == typed || issue.id.to_string() == typed)
    }

    fn accounts(&self, text: &str) -> Vec<String> {
        ["ann", "bob", "cy"].iter().filter(|&&name| name == text).map(|&name| name.to_owned()).collect()
    }

    fn members(&self, group: &str) -> Option<Vec<String>> {
        (group == "staff").then(|| vec!["ann".to_owned(), "bob".to_owned()])
    }

    fn custom_field(&self, name: &str) -> Option<CustomField> {
        match name.to_lowercase().as_str() {
            "story points" | "customfield_10016" => self.custom_field_by_id(10_016),
            "team lead" => self.custom_field_by_id(10_020),
            _ => None,
        }
    }

    fn custom_field_by_id(&self, id: u64) -> Option<CustomField> {
        match id {
            10_016 => Some(CustomField { id, kind: CustomKind::Number }),
            10_020 => Some(CustomField { id, kind: CustomKind::User }),
            _ => None,
        }
    }

    fn ranking(&self, field: Field) -> Vec<u64> {
        if field == Field::Priority { vec![3, 2, 1] } else { Vec::new() }
    }
}

/// Noon in Sydney, 02:00 UTC.
pub(super) fn moment() -> Moment {
    Moment::new("2026-05-07T02:00:00Z".parse().unwrap(), TimeZone::get("Australia/Sydney").unwrap())
}

pub(super) fn bind(text: &str) -> Result<Bound, JqlError> {
    parse(text)?.bind(&Site, &Caller::Account("ann".to_owned()), &moment())
}

pub(super) fn matches(text: &str, issue: &Issue) -> bool {
    bind(text).unwrap_or_else(|error| panic!("{text}: {error}")).matches(issue)
}

/// The single message of a refused query.
pub(super) fn refusal(text: &str) -> String {
    match bind(text) {
        Ok(_) => panic!("{text} was accepted"),
        Err(error) => error.to_string(),
    }
}
