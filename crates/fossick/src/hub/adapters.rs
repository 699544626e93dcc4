//! From what is stored of a source to something that can be read.

use crate::config::AtlassianConfig;
use atlassian::confluence::ConfluenceCloud;
use atlassian::http::{Credential, Gateway, Governors, HttpOptions, OrgKey, RunSize};
use atlassian::jira::cloud::JiraCloud;
use model::{Container, Deployment, Product, Scope, SiteDomain};
use secrecy::{ExposeSecret as _, SecretString};
use store::{SecretName, Store, StoredSource};
use sync::{FetchError, Source};
use web::operations::{Connection, OperationError};

const TOKEN: &str = "token";
const ORGANIZATION: &str = "organization";
const ORGANIZATION_KEY: &str = "organization-key";

/// How Atlassian is reached, from the configuration.
pub(super) fn http_options(config: &AtlassianConfig) -> HttpOptions {
    HttpOptions {
        gateway: config.gateway.clone(),
        site_address: config.site_address.clone(),
        proxy: config.proxy.clone(),
        extra_roots: config.roots.clone(),
        ..HttpOptions::default()
    }
}

/// Keeps the credential of a source, sealed.
pub(super) async fn keep(store: &Store, source: &StoredSource, typed: &Connection) -> Result<(), OperationError> {
    store.put_secret(&SecretName::of_source(source.id, TOKEN), &typed.token).await?;
    if let Some((id, key)) = &typed.organization {
        let id = SecretString::from(id.clone());
        store.put_secret(&SecretName::of_source(source.id, ORGANIZATION), &id).await?;
        store.put_secret(&SecretName::of_source(source.id, ORGANIZATION_KEY), key).await?;
    }
    Ok(())
}

/// What was typed when the source was connected.
pub(super) fn connection(store: &Store, source: &StoredSource) -> Result<Connection, OperationError> {
    let secret = |name| {
        let secret = store.secret(&SecretName::of_source(source.id, name));
        secret.map_err(|error| OperationError::Store(error.to_string()))
    };
    let token = secret(TOKEN)?.ok_or_else(|| {
        let name = source.settings.name();
        OperationError::Refused(format!("no token is kept for `{name}`; remove the source and connect it again"))
    })?;
    let organization = match (secret(ORGANIZATION)?, secret(ORGANIZATION_KEY)?) {
        (Some(id), Some(key)) => Some((id.expose_secret().to_owned(), key)),
        _ => None,
    };
    Ok(Connection { domain: source.settings.site.clone(), token, organization })
}

/// How Atlassian is called: over which network, and at whose pace.
#[derive(Clone, Debug)]
pub(crate) struct Outbound {
    pub(crate) http: HttpOptions,
    /// One governor per credential, kept from run to run.
    pub(crate) governors: Governors,
}

/// One product of one Cloud site.
pub(super) enum Adapter {
    Confluence(ConfluenceCloud),
    Jira(JiraCloud),
}

impl Adapter {
    /// Prepares to read a source as far as `scope` wants it. Makes no call.
    pub(super) fn of(
        store: &Store,
        source: &StoredSource,
        scope: Scope,
        outbound: &Outbound,
        size: RunSize,
    ) -> Result<Self, OperationError> {
        let settings = &source.settings;
        if settings.deployment != Deployment::Cloud {
            return Err(OperationError::Refused(format!("`{}` is not a Cloud site", settings.name())));
        }
        let site = SiteDomain::parse(&settings.site).map_err(|error| OperationError::Refused(error.to_string()))?;
        let typed = connection(store, source)?;
        let org = typed.organization.map(|(org_id, key)| OrgKey { org_id, key });
        let credential = Credential { token: typed.token, org };
        let gateway = Gateway::new(&outbound.http, &settings.cloud_id, &credential)
            .map_err(|error| OperationError::Source(error.to_string()))?
            .governed(&outbound.governors, source.id, size, settings.hourly_budget);
        Ok(match settings.product {
            Product::Confluence => Self::Confluence(ConfluenceCloud::new(&gateway, source.id, site, scope)),
            Product::Jira => {
                let jira = JiraCloud::new(gateway, source.id, &site, scope);
                Self::Jira(jira.with_open_projects(settings.open_projects.clone()))
            }
        })
    }

    /// Everything that the service account sees, whatever the scope.
    pub(super) async fn containers(&self) -> Result<Vec<Container>, FetchError> {
        match self {
            Self::Confluence(cloud) => cloud.all_spaces().await,
            Self::Jira(cloud) => cloud.all_projects().await,
        }
    }

    /// Looks what the service account can read.
    pub(super) async fn examine(&self) -> Result<atlassian::examination::Examination, FetchError> {
        match self {
            Self::Confluence(cloud) => cloud.examine().await,
            Self::Jira(cloud) => cloud.examine().await,
        }
    }

    pub(super) fn into_source(self) -> Box<dyn Source> {
        match self {
            Self::Confluence(cloud) => Box::new(cloud),
            Self::Jira(cloud) => Box::new(cloud),
        }
    }
}
