//! Where at the source an administrator changes what a layer says.

use model::{ClauseKey, Deployment, Origin};
use url::form_urlencoded::byte_serialize;

/// A page of the source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// What the product calls it.
    pub label: String,
    /// Its address on the site.
    pub url: String,
}

fn link(label: &str, url: String) -> Option<Link> {
    Some(Link { label: label.to_owned(), url })
}

fn escaped(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// The page of the statement that a layer holds, on a site; `container` is the key that people use for its space or project.
pub(crate) fn of_layer(at: (Deployment, &str), container: &str, key: &ClauseKey) -> Option<Link> {
    let (Deployment::Cloud, site) = at else { return None };
    let site = format!("https://{site}");
    let project = |page: &str| format!("{site}/plugins/servlet/project-config/{}/{page}", escaped(container));
    match key.origin {
        Origin::SpaceReaders => {
            link("Space permissions", format!("{site}/wiki/spaces/spacepermissions.action?key={}", escaped(container)))
        }
        Origin::ViewRestriction => link("Page information, with its restrictions", content(&site, &key.native)),
        Origin::BrowseProject => link("Project settings, permissions", project("permissions")),
        Origin::SecurityLevel => link("Project settings, issue security", project("issuesecurity")),
        Origin::Audience if key.native.starts_with("role:") => link("Project settings, people", project("people")),
        Origin::Audience => link("Groups", "https://admin.atlassian.com/".to_owned()),
    }
}

fn content(site: &str, id: &str) -> String {
    format!("{site}/wiki/pages/viewinfo.action?pageId={}", escaped(id))
}

/// Where people get access to the product.
pub(crate) fn of_product(deployment: Deployment) -> Option<Link> {
    if deployment != Deployment::Cloud {
        return None;
    }
    link("Users and product access", "https://admin.atlassian.com/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_leads_to_its_page_and_keys_cannot_break_out() {
        let at = (Deployment::Cloud, "acme.atlassian.net");
        for origin in Origin::ALL.iter().copied() {
            let link = of_layer(at, "~a&b", &ClauseKey::new(origin, "1&x=2")).unwrap();
            assert!(link.url.starts_with("https://a") && !link.url.contains("&"), "{}", link.url);
        }
    }
}
