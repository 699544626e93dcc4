//! Spaces as containers, and the list of all of them for whoever chooses among them.

use super::ConfluenceCloud;
use super::fetch::PAGE;
use super::wire::Space;
use crate::http::{Call, Endpoint};
use model::{Container, ContainerKey, ContainerKind};
use sync::FetchError;

impl ConfluenceCloud {
    /// Every space that the service account sees, named in the scope or not; archived ones where the scope has them.
    ///
    /// # Errors
    /// When a page of the list cannot be read; a space that cannot be understood is only left out.
    pub async fn all_spaces(&self) -> Result<Vec<Container>, FetchError> {
        let mut spaces = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let status = Some("current").filter(|_| !self.scope.archived);
            let call = Call::new(Endpoint::ConfluenceSpaces)
                .query("limit", PAGE)
                .query_opt("status", status)
                .query_opt("cursor", cursor.as_ref());
            let answer = self.gateway.send(call.confirmed()).await?;
            // A space that cannot be read is named by the sync; a list to choose from goes on without it.
            let found = answer.records::<Space>("results", "space")?.found;
            spaces.extend(found.into_iter().map(|space| container(self, space)));
            let next = answer.next_cursor()?;
            match next {
                None => return Ok(spaces),
                Some(_) if next == cursor => return Err(answer.malformed("the next page is the same page").into()),
                Some(_) => cursor = next,
            }
        }
    }
}

pub(super) fn container(cloud: &ConfluenceCloud, space: Space) -> Container {
    let personal = space.kind.as_deref() == Some("personal");
    let url = cloud.address(space.links.webui.as_deref(), || format!("/spaces/{}", space.key));
    Container {
        key: ContainerKey(space.id.0),
        kind: if personal { ContainerKind::PersonalSpace } else { ContainerKind::Space },
        short: space.key,
        name: space.name,
        archived: space.status.as_deref() == Some("archived"),
        url,
    }
}
