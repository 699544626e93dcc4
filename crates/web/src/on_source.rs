//! What administrators do to one source: who does it, from where, and to which. Every such handler needs all three, for
//! the row that the auditor reads.

use crate::failure::Failure;
use crate::form::{Posted, SourcePath};
use crate::hub::Hub;
use crate::identity::{Address, AdminSession, ApiAdmin};
use access::SourceId;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;

/// By a program.
pub(crate) struct OnSource {
    pub(crate) admin: ApiAdmin,
    pub(crate) id: SourceId,
    pub(crate) address: Address,
}

/// By a form.
pub(crate) struct PostedOnSource {
    pub(crate) posted: Posted<AdminSession>,
    pub(crate) id: SourceId,
    pub(crate) address: Address,
}

impl FromRequestParts<Hub> for OnSource {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        // Who may not administer is not told which sources there are.
        let admin = ApiAdmin::from_request_parts(parts, hub).await?;
        let address = Address::from_request_parts(parts, hub).await?;
        let SourcePath(id) = SourcePath::from_request_parts(parts, hub).await?;
        Ok(Self { admin, id, address })
    }
}

impl FromRequest<Hub> for PostedOnSource {
    type Rejection = Failure;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let SourcePath(id) = SourcePath::from_request_parts(&mut parts, hub).await?;
        let address = Address::from_request_parts(&mut parts, hub).await?;
        let posted = Posted::from_request(Request::from_parts(parts, body), hub).await?;
        Ok(Self { posted, id, address })
    }
}
