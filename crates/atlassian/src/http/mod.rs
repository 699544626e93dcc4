//! Every call to Atlassian: what may be called, with which credential, how fast, and what an answer means.
//!
//! A call names an [`Endpoint`] of a closed read-only list; anything else cannot be expressed. Redirects are never
//! followed, so the credential goes nowhere but to the gateway. Secrets are never part of URLs, errors or logs.

mod answer;
mod backoff;
mod call;
mod clock;
mod endpoint;
mod fault;
mod gateway;
mod governor;
mod limits;
mod options;
mod page;
mod roots;
mod transport;

pub use answer::{Answer, Records};
pub(crate) use backoff::wait as backoff_wait;
pub use call::Call;
pub(crate) use clock::timed;
pub use endpoint::{Endpoint, Family, Method};
pub(crate) use fault::unless_refused;
pub use fault::{CallError, Fault};
pub use gateway::{Credential, Gateway, OrgKey};
pub use governor::{Governors, RunSize};
pub use options::{HttpOptions, SetupError};
pub(crate) use page::Trail;
pub use roots::{NoRoots, Roots};
pub use transport::install_provider;
pub(crate) use transport::{Incoming, Outgoing, ReqwestTransport, Transport, TransportFault};

#[cfg(test)]
pub(crate) mod script;
#[cfg(test)]
mod tests;
