//! Who calls: one place reads the `Authorization` header and gives Atlassian's answer to every wrong credential.
//!
//! Site and gateway accept different tokens. A wrong Basic credential at the site does not fail by itself: on routes that
//! the public may call, Jira goes on as nobody and says so in a header.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use base64::Engine as _;
use serde_json::json;

use crate::reply::Reply;
use crate::route::{Login, Product, Route};
use crate::scopes;
use crate::state::credentials::{Token, TokenKind};
use crate::state::{AccountId, World};
use crate::visibility::confluence::ConfluenceView;
use crate::visibility::jira::JiraView;

/// Which door a request came through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Via {
    /// `https://acme.atlassian.net`.
    Site,
    /// `https://api.atlassian.com`.
    Gateway,
}

/// An identified caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// `None`: nobody in particular, or the organization's key.
    pub account: Option<AccountId>,
    /// Door.
    pub via: Via,
    /// A credential was sent, was wrong, and the call went on as nobody.
    pub login_failed: bool,
}

impl Caller {
    /// The account, as the views of `crate::visibility` want it.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    fn of(account: Option<AccountId>, via: Via) -> Self {
        Self { account, via, login_failed: false }
    }
}

/// Set on answers to a call that went on as nobody after a wrong credential.
pub const LOGIN_REASON: HeaderName = HeaderName::from_static("x-seraph-loginreason");

const NEEDS_LOGIN: &str = "Client must be authenticated to access this resource.";
const NOT_PERMITTED: &str = "Current user not permitted to use Confluence";

#[derive(Debug)]
enum Credential<'h> {
    None,
    Bearer(&'h str),
    Basic(String, String),
    Unreadable,
}

fn credential(headers: &HeaderMap) -> Credential<'_> {
    let Some(sent) = headers.get(header::AUTHORIZATION) else { return Credential::None };
    let Ok(sent) = sent.to_str() else { return Credential::Unreadable };
    let (scheme, value) = sent.split_once(' ').unwrap_or((sent, ""));
    if scheme.eq_ignore_ascii_case("bearer") {
        return Credential::Bearer(value.trim());
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(value.trim()).ok();
    let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    match text.as_deref().and_then(|text| text.split_once(':')) {
        Some((user, password)) if scheme.eq_ignore_ascii_case("basic") => {
            Credential::Basic(user.to_owned(), password.to_owned())
        }
        _ => Credential::Unreadable,
    }
}

/// Identifies the caller of `route`, or gives the answer that ends the call.
pub fn identify(world: &World, via: Via, route: &Route, headers: &HeaderMap) -> Result<Caller, Reply> {
    if route.product == Product::Edge {
        return Ok(Caller::of(None, via));
    }
    let credential = credential(headers);
    match (via, route.product) {
        (_, Product::Admin) => organization(world, &credential, route),
        (Via::Gateway, _) => gateway(world, &credential, route),
        (Via::Site, Product::Confluence) => site_confluence(world, &credential),
        (Via::Site, _) => site_jira(world, &credential, route),
    }
}

/// `{"code":401,"message":…}`, the gateway's own 401.
pub fn unauthorized(message: &str) -> Reply {
    Reply::json(StatusCode::UNAUTHORIZED, &json!({"code": 401, "message": message}))
}

fn live<'w>(world: &'w World, secret: &str) -> Option<(&'w Token, Option<AccountId>)> {
    let token = world.credentials.token(secret).filter(|token| token.is_live(world.clock.now()))?;
    let active = |account: &AccountId| world.directory.person(account).is_some_and(|person| person.active);
    token.account.as_ref().is_none_or(active).then(|| (token, token.account.clone()))
}

/// The live token of `email:secret`, where the e-mail is that of the token's account.
fn basic<'w>(world: &'w World, email: &str, secret: &str) -> Option<(&'w Token, AccountId)> {
    let (token, account) = live(world, secret)?;
    let person = world.directory.person_by_email(email)?;
    (account.as_deref() == Some(&*person.account_id)).then(|| (token, person.account_id.clone()))
}

fn organization(world: &World, credential: &Credential<'_>, route: &Route) -> Result<Caller, Reply> {
    let Credential::Bearer(secret) = credential else { return Err(unauthorized("Unauthorized")) };
    match live(world, secret) {
        Some((token, _)) if token.kind == TokenKind::OrgAdmin => Ok(Caller::of(None, Via::Gateway)),
        Some((token, account)) if token.kind == TokenKind::ServiceAccount => {
            if !scopes::suffices(route, &token.scopes) {
                return Err(unauthorized("Unauthorized; scope does not match"));
            }
            Ok(Caller::of(account, Via::Gateway))
        }
        _ => Err(unauthorized("Unauthorized")),
    }
}

fn gateway(world: &World, credential: &Credential<'_>, route: &Route) -> Result<Caller, Reply> {
    let found = match credential {
        Credential::Bearer(secret) => {
            live(world, secret).filter(|(token, _)| matches!(token.kind, TokenKind::ServiceAccount | TokenKind::Access))
        }
        Credential::Basic(email, secret) => {
            let scoped = |kind| matches!(kind, TokenKind::ServiceAccount | TokenKind::PersonalScoped);
            basic(world, email, secret)
                .filter(|(token, _)| scoped(token.kind))
                .map(|(token, account)| (token, Some(account)))
        }
        Credential::None | Credential::Unreadable => None,
    };
    let Some((token, account)) = found else { return Err(unauthorized("Unauthorized")) };
    if !scopes::suffices(route, &token.scopes) {
        return Err(unauthorized("Unauthorized; scope does not match"));
    }
    let caller = Caller::of(account, Via::Gateway);
    with_product(world, route, caller)
}

/// Refuses an account that lacks the product.
fn with_product(world: &World, route: &Route, caller: Caller) -> Result<Caller, Reply> {
    match route.product {
        Product::Confluence if !ConfluenceView::new(world, caller.account()).has_product() => {
            Err(Reply::json(StatusCode::FORBIDDEN, &json!({"message": NOT_PERMITTED, "statusCode": 403})))
        }
        // Unmeasured at Atlassian: Jira's answer to an account without any Jira product.
        Product::Jira if route.login == Login::Required && !JiraView::new(world, caller.account()).has_product() => {
            Err(crate::reply::jira::forbidden("You do not have permission to use Jira."))
        }
        _ => Ok(caller),
    }
}

fn needs_login() -> Reply {
    Reply::raw(StatusCode::UNAUTHORIZED, "text/plain;charset=UTF-8", NEEDS_LOGIN)
}

/// Every Bearer credential is taken for an app's own token at the site.
fn bearer_at_site(secret: &str) -> Reply {
    let looks_like_jwt = secret.starts_with("eyJ") && secret.matches('.').count() == 2;
    if looks_like_jwt {
        return needs_login();
    }
    Reply::json(StatusCode::FORBIDDEN, &json!({"error": "Failed to parse Connect Session Auth Token"}))
}

fn site_jira(world: &World, credential: &Credential<'_>, route: &Route) -> Result<Caller, Reply> {
    let nobody = |failed: bool| match route.login {
        Login::Optional => Ok(Caller { account: None, via: Via::Site, login_failed: failed }),
        Login::Required => Err(needs_login()),
    };
    match credential {
        Credential::None => nobody(false),
        Credential::Unreadable => nobody(true),
        Credential::Bearer(secret) => Err(bearer_at_site(secret)),
        Credential::Basic(email, secret) => match basic(world, email, secret) {
            Some((token, account)) if token.kind == TokenKind::Personal => {
                with_product(world, route, Caller::of(Some(account), Via::Site))
            }
            Some((token, _)) if token.kind == TokenKind::PersonalScoped => Err(needs_login()),
            _ => nobody(true),
        },
    }
}

fn site_confluence(world: &World, credential: &Credential<'_>) -> Result<Caller, Reply> {
    let account = match credential {
        Credential::None => None,
        Credential::Bearer(secret) => return Err(bearer_at_site(secret)),
        Credential::Unreadable => {
            let page = "<html><head><title>Unauthorized</title></head><body>Basic Authentication Failure</body></html>";
            let challenge = format!("OAuth realm=\"{}\"", world.site.wiki_base());
            let reply = Reply::raw(StatusCode::UNAUTHORIZED, "text/html;charset=UTF-8", page);
            return Err(reply.with(header::WWW_AUTHENTICATE, &challenge));
        }
        Credential::Basic(email, secret) => match basic(world, email, secret) {
            Some((token, account)) if token.kind == TokenKind::Personal => Some(account),
            Some((token, _)) if token.kind == TokenKind::PersonalScoped => return Err(unauthorized("Unauthorized")),
            _ => None,
        },
    };
    let login_failed = account.is_none() && !matches!(credential, Credential::None);
    if login_failed || !ConfluenceView::new(world, account.as_deref()).has_product() {
        let message = if account.is_some() {
            NOT_PERMITTED.to_owned()
        } else {
            let kind = "com.atlassian.confluence.mvc.rest.common.exception.StacklessResponseStatusException";
            format!("{kind}: 403 FORBIDDEN \"Request rejected because caller cannot access Confluence\"")
        };
        return Err(Reply::json(StatusCode::FORBIDDEN, &json!({"statusCode": 403, "message": message})));
    }
    Ok(Caller::of(account, Via::Site))
}
