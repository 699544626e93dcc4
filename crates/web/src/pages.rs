//! Pages as functions of typed contexts, one file per page.
//!
//! A context holds all that its page shows; rendering reads no clock, no database and no request. Every context has
//! samples, which tests render and which the `gallery` example writes to disk for looking at.

pub mod account;
pub mod audit;
pub mod comparison;
pub mod connect;
pub mod deletions;
pub mod doctor;
pub mod exposure;
pub mod fault;
pub mod icon;
pub mod layout;
pub mod login;
pub mod lookup;
pub mod objections;
pub mod pager;
pub mod part;
pub mod persons;
pub mod progress;
pub mod run;
mod sample;
pub mod schedule;
pub mod scope;
pub mod search;
pub mod source;
pub mod sources;
pub mod user_form;
pub mod users;
pub mod webhook;
pub mod why;

use askama::Template;

/// A page whose samples the gallery can render.
pub trait Page: Template + Sized {
    /// What the page is called in the gallery and in test messages.
    const NAME: &'static str;

    /// Named contexts that cover the page: usual, empty, faulty, long, right-to-left, hostile.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// One sample of one page, rendered.
#[derive(Debug)]
pub struct Rendered {
    /// [`Page::NAME`].
    pub page: &'static str,
    /// The sample's name.
    pub sample: &'static str,
    /// The page as it would be sent.
    pub html: String,
}

/// Every sample of every page.
///
/// # Errors
/// When a template fails to render, which only a failing `Display` of a field can cause.
pub fn gallery() -> Result<Vec<Rendered>, askama::Error> {
    let mut all = Vec::new();
    render::<login::LoginPage>(&mut all)?;
    render::<search::HomePage>(&mut all)?;
    render::<search::ResultsPage>(&mut all)?;
    render::<sources::SourcesPage>(&mut all)?;
    render::<connect::ConnectPage>(&mut all)?;
    render::<scope::ScopePage>(&mut all)?;
    render::<schedule::SchedulePage>(&mut all)?;
    render::<source::SourcePage>(&mut all)?;
    render::<webhook::WebhookPage>(&mut all)?;
    render::<run::RunPage>(&mut all)?;
    render::<deletions::DeletionsPage>(&mut all)?;
    render::<users::UsersPage>(&mut all)?;
    render::<user_form::NewUserPage>(&mut all)?;
    render::<lookup::LookupPage>(&mut all)?;
    render::<exposure::ExposurePage>(&mut all)?;
    render::<objections::ObjectionsPage>(&mut all)?;
    render::<why::WhyPage>(&mut all)?;
    render::<comparison::ComparisonPage>(&mut all)?;
    render::<doctor::DoctorPage>(&mut all)?;
    render::<persons::PersonsPage>(&mut all)?;
    render::<audit::AuditPage>(&mut all)?;
    render::<account::AccountPage>(&mut all)?;
    render::<fault::FaultPage>(&mut all)?;
    Ok(all)
}

fn render<P: Page>(into: &mut Vec<Rendered>) -> Result<(), askama::Error> {
    for (sample, context) in P::samples() {
        into.push(Rendered { page: P::NAME, sample, html: context.render()? });
    }
    Ok(())
}
