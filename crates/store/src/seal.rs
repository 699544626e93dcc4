//! Seals secrets at rest: XChaCha20-Poly1305 under the master key, with a random nonce for each value.
//!
//! Table, column and row are authenticated with the value, so that a sealed secret moved to another row does not open.

use crate::{Entropy, MasterKey, StoreError};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use std::sync::Arc;
use zeroize::Zeroizing;

/// A sealed value and the nonce that opens it.
pub(crate) struct Sealed {
    pub(crate) nonce: [u8; 24],
    pub(crate) bytes: Vec<u8>,
}

/// Opens and seals with one master key.
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
    entropy: Arc<dyn Entropy>,
}

impl Seal {
    pub(crate) fn new(key: &MasterKey, entropy: Arc<dyn Entropy>) -> Self {
        Self { cipher: XChaCha20Poly1305::new((&*key.bytes).into()), entropy }
    }

    /// Seals `plain` for one place.
    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Result<Sealed, StoreError> {
        let mut nonce = [0; 24];
        self.entropy.fill(&mut nonce).map_err(StoreError::Entropy)?;
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&nonce.into(), payload);
        let bytes = sealed.map_err(|_| StoreError::Unreadable { what: "secret" })?;
        Ok(Sealed { nonce, bytes })
    }

    /// Opens what [`seal`](Self::seal) made for the same place; `None` if key, place or bytes differ.
    pub(crate) fn open(&self, place: &str, nonce: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.cipher.decrypt(&nonce.into(), payload).ok().map(Zeroizing::new)
    }
}
