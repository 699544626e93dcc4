//! Secrets that a browser carries: random, stored only as digests, compared without telling where they differ.
//!
//! The token against forged forms is derived from the cookie's secret, so it needs no storage and dies with the session.
//! Each page shows it under a fresh mask: a compressed page that repeats what a visitor typed tells nothing about it.

use sha2::{Digest, Sha256};
use std::io;
use store::Entropy;
use subtle::ConstantTimeEq;

const LENGTH: usize = 32;

/// The secret of one session or visit, as its cookie carries it.
#[derive(Clone)]
pub(crate) struct Token([u8; LENGTH]);

impl Token {
    pub(crate) fn random(entropy: &dyn Entropy) -> io::Result<Self> {
        let mut bytes = [0; LENGTH];
        entropy.fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// Reads what [`Token::text`] wrote; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; LENGTH];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    pub(crate) fn text(&self) -> String {
        hex::encode(self.0)
    }

    /// What is stored instead of the secret. A plain hash is enough for 256 random bits.
    pub(crate) fn digest(&self) -> [u8; LENGTH] {
        Sha256::digest(self.0).into()
    }

    /// The token that forms of this session or visit send back.
    pub(crate) fn csrf(&self) -> Csrf {
        Csrf(Sha256::new().chain_update(b"fossick form\0").chain_update(self.0).finalize().into())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Proof that a form was made for this session or visit.
pub(crate) struct Csrf([u8; LENGTH]);

impl Csrf {
    /// The token as one page shows it: a random mask, then the token under that mask.
    pub(crate) fn masked(&self, entropy: &dyn Entropy) -> io::Result<String> {
        let mut bytes = [0; 2 * LENGTH];
        entropy.fill(&mut bytes[..LENGTH])?;
        for at in 0..LENGTH {
            bytes[LENGTH + at] = bytes[at] ^ self.0[at];
        }
        Ok(hex::encode(bytes))
    }

    /// Whether `sent` is this token under any mask.
    pub(crate) fn matches(&self, sent: &str) -> bool {
        let mut bytes = [0; 2 * LENGTH];
        if hex::decode_to_slice(sent, &mut bytes).is_err() {
            return false;
        }
        let (mask, masked) = bytes.split_at_mut(LENGTH);
        for (byte, mask) in masked.iter_mut().zip(mask) {
            *byte ^= *mask;
        }
        self.0.ct_eq(masked).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::SystemEntropy;

    #[test]
    fn a_token_survives_its_cookie_and_is_stored_as_something_else() {
        let token = Token::random(&SystemEntropy).unwrap();
        let again = Token::parse(&token.text()).unwrap();
        assert_eq!(again.digest(), token.digest());
        assert_ne!(hex::encode(token.digest()), token.text());
        assert!(Token::parse("").is_none() && Token::parse(&"0".repeat(63)).is_none());
        assert!(!format!("{token:?}").contains(&token.text()));
    }

    #[test]
    fn a_form_token_fits_its_own_session_under_every_mask() {
        let [token, other] = [0, 1].map(|_| Token::random(&SystemEntropy).unwrap());
        let shown = [0, 1].map(|_| token.csrf().masked(&SystemEntropy).unwrap());
        assert_ne!(shown[0], shown[1], "each page has a mask of its own");
        for shown in shown {
            assert!(token.csrf().matches(&shown));
            assert!(!other.csrf().matches(&shown));
            assert!(!token.csrf().matches(&shown[..126]));
            assert!(!shown.contains(&token.text()));
        }
        assert!(!token.csrf().matches(""));
        assert!(!token.csrf().matches(&"0".repeat(128)));
    }
}
