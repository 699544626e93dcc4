//! Permission schemes: who may browse, by scheme (Appendix A3).

use super::Named;
use crate::jira::cloud::wire::{self, each};
use access::mutants::off;
use std::collections::{BTreeMap, BTreeSet};

/// The grants of Browse in one scheme.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Browse {
    /// Whom they name.
    pub(crate) named: Vec<Named>,
}

impl Browse {
    /// Reads the grants of a scheme; `None` when the answer does not carry them.
    pub(crate) fn read(scheme: wire::PermissionScheme) -> Option<Self> {
        let (grants, misfits) = each::<wire::Grant>(scheme.permissions?);
        // A malformed grant might be one of Browse, so it is told where the scheme is used.
        let lost = misfits
            .into_iter()
            .map(|misfit| Named::NotUnderstood(format!("the malformed {}: {}", misfit.item("grant"), misfit.reason)));
        let browse = grants
            .iter()
            .filter(|grant| grant.permission.eq_ignore_ascii_case("BROWSE_PROJECTS") || off("jira.only-browse"));
        Some(Self { named: browse.map(|grant| Named::read(&grant.holder)).chain(lost).collect() })
    }

    /// The roles whose members are needed to resolve it.
    pub(crate) fn roles(&self) -> BTreeSet<String> {
        roles(&self.named)
    }
}

/// The roles among holders.
pub(super) fn roles(named: &[Named]) -> BTreeSet<String> {
    let role = |named: &Named| if let Named::Role(id) = named { Some(id.clone()) } else { None };
    named.iter().filter_map(role).collect()
}

/// All schemes that one call showed, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schemes(BTreeMap<String, Browse>);

impl Schemes {
    /// Reads the list. A scheme that is malformed or comes without grants is left out, and so read by itself later.
    pub(crate) fn read(list: wire::PermissionSchemes) -> Self {
        let (schemes, _) = each::<wire::PermissionScheme>(list.permission_schemes);
        Self(schemes.into_iter().filter_map(|scheme| Some((scheme.id.0.clone(), Browse::read(scheme)?))).collect())
    }

    /// The grants of a scheme, if the list showed them.
    pub(crate) fn get(&self, id: &str) -> Option<&Browse> {
        self.0.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::DynamicHolder;
    use serde_json::json;

    #[test]
    fn appendix_a3_gives_its_browse_grants() {
        let list = json!({"permissionSchemes": [{"expand": "permissions,all", "id": 0, "name": "Default", "permissions": [
            {"id": 10100, "holder": {"type": "applicationRole"}, "permission": "BROWSE_PROJECTS"},
            {"id": 10101, "holder": {"type": "projectRole", "parameter": "10002", "value": "10002",
                "projectRole": {"name": "Administrators", "id": 10002}, "expand": "projectRole"},
             "permission": "BROWSE_PROJECTS"},
            {"id": 10102, "holder": {"type": "group", "parameter": "eng", "value": "g-uuid-1",
                "group": {"name": "eng", "groupId": "g-uuid-1"}, "expand": "group"}, "permission": "BROWSE_PROJECTS"},
            {"id": 10103, "holder": {"type": "userCustomField", "parameter": "customfield_10055",
                "value": "customfield_10055", "field": {"id": "customfield_10055"}}, "permission": "BROWSE_PROJECTS"},
            {"id": 10104, "holder": {"type": "reporter"}, "permission": "BROWSE_PROJECTS"},
            {"id": 10105, "holder": {"type": "anyone"}, "permission": "CREATE_ISSUES"}]},
            {"id": 7, "name": "without grants"}, "junk"]});
        let schemes = Schemes::read(serde_json::from_value(list).unwrap());
        let browse = schemes.get("0").unwrap();
        let expected = [
            Named::Licensed,
            Named::Role("10002".into()),
            Named::Group("g-uuid-1".into()),
            Named::Field(DynamicHolder::UserField("customfield_10055".into())),
            Named::Field(DynamicHolder::Reporter),
        ];
        assert_eq!(browse.named, expected);
        assert_eq!(browse.roles(), BTreeSet::from(["10002".to_owned()]));
        assert_eq!(schemes.get("7"), None, "a scheme without its grants is not a scheme that grants nothing");
    }

    #[test]
    fn a_malformed_grant_grants_nothing_and_is_noted() {
        let scheme = json!({"id": 1, "permissions": [{"id": 5, "permission": "BROWSE_PROJECTS", "holder": "anyone"}]});
        let browse = Browse::read(serde_json::from_value(scheme).unwrap()).unwrap();
        assert!(matches!(browse.named.as_slice(), [Named::NotUnderstood(_)]), "{browse:?}");
    }
}
