//! Tokens and keys: who holds them, what they may be used for, until when.
//!
//! Secrets are kept in clear, for the simulator invents them all.

use std::collections::{BTreeSet, HashMap};

use super::{AccountId, Millis};

/// Kind of a credential; it decides where and how it is accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenKind {
    /// `ATSTT…`, scoped, gateway only, Bearer (or Basic with the account's e-mail).
    ServiceAccount,
    /// Got for a client's id and secret: scoped, gateway only, Bearer, for an hour.
    Access,
    /// `ATATT…` without scopes: site only, Basic.
    Personal,
    /// `ATATT…` with scopes: gateway only, Basic.
    PersonalScoped,
    /// Organization admin key: `/admin/…` only, Bearer.
    OrgAdmin,
}

/// One credential.
#[derive(Clone, Debug)]
pub struct Token {
    /// What the caller sends.
    pub secret: String,
    /// Who calls with it; the key of an organization belongs to nobody.
    pub account: Option<AccountId>,
    /// Kind.
    pub kind: TokenKind,
    /// Classic and granular scopes, mixed. Ignored for `Personal`.
    pub scopes: BTreeSet<String>,
    /// When it stops working.
    pub expires_at: Option<Millis>,
    /// Revoked by its owner or an admin.
    pub revoked: bool,
}

impl Token {
    /// True while it is neither expired nor revoked.
    pub fn is_live(&self, now: Millis) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

/// A service account's OAuth credential, for which access tokens are handed out.
#[derive(Clone, Debug)]
pub struct Client {
    /// Public part.
    pub id: String,
    /// What proves who asks.
    pub secret: String,
    /// Who calls with its tokens.
    pub account: AccountId,
    /// Of its tokens.
    pub scopes: BTreeSet<String>,
}

/// All credentials, by secret.
#[derive(Debug, Default)]
pub struct Credentials {
    tokens: HashMap<String, Token>,
    clients: Vec<Client>,
}

impl Credentials {
    /// The credential with that secret, live or not.
    pub fn token(&self, secret: &str) -> Option<&Token> {
        self.tokens.get(secret)
    }

    /// The client of that id, if the secret is its own.
    pub fn client(&self, id: &str, secret: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id && client.secret == secret)
    }

    /// Adds a client.
    pub fn put_client(&mut self, client: Client) {
        self.clients.push(client);
    }

    /// All credentials, in no order.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.tokens.values()
    }

    /// Adds or replaces a credential.
    pub fn put(&mut self, token: Token) {
        self.tokens.insert(token.secret.clone(), token);
    }

    /// Revokes a credential. False when there is none with that secret.
    pub fn revoke(&mut self, secret: &str) -> bool {
        let Some(token) = self.tokens.get_mut(secret) else { return false };
        token.revoked = true;
        true
    }
}
