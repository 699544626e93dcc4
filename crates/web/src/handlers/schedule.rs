//! The form of a source's cycles and limits.
//!
//! What makes no sense is sent back as it was typed, with the first fault; nothing of such a form is saved.

use crate::chrome::{Device, Message, page, page_with};
use crate::failure::{Failure, sentence};
use crate::form::Form;
use crate::hub::Hub;
use crate::identity::AdminSession;
use crate::on_source::{PostedOnSource, ShownSource};
use crate::pages::schedule::{CycleField, SchedulePage};
use crate::schedule::Limits;
use crate::show::{kind_reads, kind_words};
use crate::span;
use crate::urls::Route;
use access::SourceId;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use model::{Cycles, Deletion, Duration, RunKind};
use std::collections::BTreeMap;

/// The kinds that come by themselves, the smallest first.
const KINDS: [RunKind; 4] = [RunKind::Incremental, RunKind::Permissions, RunKind::Sweep, RunKind::Full];
const HOUR: i64 = Duration::hours(1).0;
const DAY: i64 = Duration::hours(24).0;

/// Fields as they are shown or were typed.
struct Typed(BTreeMap<&'static str, String>);

/// Names of the fields beside the cycles, which are called after their kinds.
const FIELDS: [&str; 5] = ["hourly_budget", "max_age", "percent", "at_least", "kept_days"];

impl Typed {
    fn of_limits(limits: &Limits) -> Self {
        let cycles = KINDS.map(|kind| (kind.code(), span::typed(limits.cycles.of(kind))));
        let rest = [
            limits.hourly_budget.map(|calls| calls.to_string()).unwrap_or_default(),
            (limits.max_age.0 / HOUR).to_string(),
            limits.deletion.percent.to_string(),
            limits.deletion.at_least.to_string(),
            (limits.deletion.kept.0 / DAY).to_string(),
        ];
        Self(cycles.into_iter().chain(FIELDS.into_iter().zip(rest)).collect())
    }

    fn of_form(form: &Form) -> Self {
        let names = KINDS.map(RunKind::code).into_iter().chain(FIELDS);
        Self(names.map(|name| (name, form.trimmed(name).to_owned())).collect())
    }

    fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn number<N: std::str::FromStr>(&self, name: &str, what: &str) -> Result<N, Failure> {
        let refused = |_| Failure::Invalid(format!("{what} is a whole number, and not `{}`", self.field(name)));
        self.field(name).parse().map_err(refused)
    }

    fn cycle(&self, kind: RunKind) -> Result<Duration, Failure> {
        let typed = self.field(kind.code());
        let refused = || {
            let name = kind_words(kind);
            Failure::Invalid(format!("the cycle of `{name}` is a time such as `15 minutes`, and not `{typed}`"))
        };
        span::parse(typed).ok_or_else(refused)
    }

    fn limits(&self) -> Result<Limits, Failure> {
        let hourly_budget = match self.field("hourly_budget") {
            "" => None,
            _ => Some(self.number("hourly_budget", "the number of calls an hour")?),
        };
        let hours: u16 = self.number("max_age", "the age of permissions")?;
        let days: u16 = self.number("kept_days", "the number of days")?;
        Ok(Limits {
            cycles: Cycles {
                incremental: self.cycle(RunKind::Incremental)?,
                permissions: self.cycle(RunKind::Permissions)?,
                sweep: self.cycle(RunKind::Sweep)?,
                full: self.cycle(RunKind::Full)?,
            },
            max_age: Duration::hours(i64::from(hours)),
            deletion: Deletion {
                percent: self.number("percent", "the part of the documents")?,
                at_least: self.number("at_least", "the number of documents")?,
                kept: Duration(i64::from(days) * DAY),
            },
            hourly_budget,
        })
    }
}

pub(crate) async fn form(
    State(hub): State<Hub>,
    ShownSource { admin, id, device }: ShownSource,
) -> Result<Response, Failure> {
    let typed = Typed::of_limits(&Limits::of(&hub.source(id).await?.settings));
    page(&schedule_page(&hub, &admin, device, id, (&typed, None)).await?)
}

pub(crate) async fn save(
    State(hub): State<Hub>,
    device: Device,
    PostedOnSource { posted, id, address }: PostedOnSource,
) -> Result<Response, Failure> {
    let (admin, typed) = (posted.owner, Typed::of_form(&posted.form));
    let saved = match typed.limits() {
        Ok(limits) => hub.save_limits(&admin.actor(), id, limits, &address).await,
        Err(refused) => Err(refused),
    };
    match saved {
        Ok(()) => hub.redirect_saying(&Route::Source(id.0.to_string()), Message::LimitsSaved),
        Err(Failure::Invalid(fault)) => {
            let told = (&typed, Some(sentence(&fault)));
            let refused = schedule_page(&hub, &admin, device, id, told).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &refused)
        }
        Err(other) => Err(other),
    }
}

async fn schedule_page(
    hub: &Hub,
    admin: &AdminSession,
    device: Device,
    id: SourceId,
    (typed, fault): (&Typed, Option<String>),
) -> Result<SchedulePage, Failure> {
    let field = |name: &str| typed.field(name).to_owned();
    let cycles = KINDS.map(|kind| CycleField {
        code: kind.code().to_owned(),
        name: kind_words(kind).to_owned(),
        reads: kind_reads(kind).to_owned(),
        typed: field(kind.code()),
    });
    Ok(SchedulePage {
        chrome: hub.settings_chrome(admin, device).await?,
        source: id.0.to_string(),
        name: hub.source(id).await?.settings.name(),
        cycles: cycles.into(),
        hourly_budget: field("hourly_budget"),
        max_age: field("max_age"),
        percent: field("percent"),
        at_least: field("at_least"),
        kept: field("kept_days"),
        fault,
    })
}
