//! What people see of Fossick in a browser.
//!
//! Pages are functions of typed contexts ([`pages`]), addresses are types ([`urls`]), and everything a page loads is
//! compiled into the binary ([`assets`]). Nothing here does I/O; handlers call these and send what comes back.

pub mod assets;
pub mod kind;
pub mod pages;
pub mod urls;

/// The `Content-Security-Policy` that every page is written for: no inline script or style, nothing from elsewhere.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
