//! What administrators do to one source, and what they are shown of it. Who changes something, from where, and of which
//! source: the row that the auditor reads needs all three.
//!
//! Who may not administer is told that first, whatever the address names.

use crate::chrome::Device;
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

/// By a page that shows it, and changes nothing.
pub(crate) struct ShownSource {
    pub(crate) admin: AdminSession,
    pub(crate) id: SourceId,
    pub(crate) device: Device,
}

impl FromRequestParts<Hub> for OnSource {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
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
        // The form takes the rest of the request along, so these are read before it and judged after it.
        let address = Address::from_request_parts(&mut parts, hub).await;
        let id = SourcePath::from_request_parts(&mut parts, hub).await;
        let posted = Posted::from_request(Request::from_parts(parts, body), hub).await?;
        let (address, SourcePath(id)) = (address?, id?);
        Ok(Self { posted, id, address })
    }
}

impl FromRequestParts<Hub> for ShownSource {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Failure> {
        let admin = AdminSession::from_request_parts(parts, hub).await?;
        let device = Device::from_request_parts(parts, hub).await?;
        let SourcePath(id) = SourcePath::from_request_parts(parts, hub).await?;
        Ok(Self { admin, id, device })
    }
}
