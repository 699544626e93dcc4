//! What people and programs see of Fossick: pages, REST API, sign-in.
//!
//! Pages are functions of typed contexts ([`pages`]), addresses are types ([`urls`]), and everything a page loads is
//! compiled into the binary ([`assets`]). Handlers make three moves: take the request apart, call one operation, render.
//! Who may do what is a value that a handler must be given; who sees what is asked of the directory for each request.
//!
//! - WEB-1: no handler changes anything without proof that the request was meant: a form's token, the same as a header,
//!   a bearer token, or, where a source's site calls, a signature over the body.
//! - WEB-2: what an account finds depends on its viewer alone, made anew for each request.
//! - WEB-3: no query, title, token or e-mail is logged; logs know route patterns.
//! - WEB-4: an unknown account, a wrong password and a deactivated account are answered alike, in words and in time.

mod accounts;
mod api;
mod app;
pub mod assets;
mod audit;
mod chrome;
mod cookies;
mod deletions;
mod failure;
mod find;
mod form;
mod handlers;
mod hub;
mod identity;
pub mod inspection;
mod inspections;
pub mod kind;
mod looking;
mod on_source;
pub mod operations;
mod outlook;
pub mod pages;
mod password;
mod persons;
mod router;
mod schedule;
mod show;
mod sources;
mod span;
mod surround;
mod titles;
mod token;
pub mod upkeep;
pub mod urls;
mod webhooks;

pub use app::App;
pub use router::{operator_router, router};

/// The `Content-Security-Policy` that every page is written for: no inline script or style, nothing from elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
