//! The governors of all credentials, kept from one run to the next.

use super::Governor;
use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// One governor per credential. Cheap to clone; clones share all governors.
#[derive(Clone, Debug, Default)]
pub struct Governors(Arc<Registry>);

#[derive(Debug, Default)]
struct Registry {
    /// Credentials are kept as keyed hashes of this process, never as text. Two that met would share a pace, no more.
    hasher: RandomState,
    by_credential: Mutex<HashMap<u64, Governor>>,
}

impl Governors {
    /// The governor of a credential, the same one whenever it is asked for.
    pub(crate) fn of(&self, host: &str, credential: &[u8]) -> Governor {
        let key = self.0.hasher.hash_one((host, credential));
        let mut governors = self.0.by_credential.lock().unwrap_or_else(PoisonError::into_inner);
        governors.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_credential_has_one_governor_and_its_text_is_not_kept() {
        let governors = Governors::default();
        let first = governors.of("cid", b"ATSTTsecret");
        assert!(std::sync::Arc::ptr_eq(&first.state, &governors.clone().of("cid", b"ATSTTsecret").state));
        assert!(!std::sync::Arc::ptr_eq(&first.state, &governors.of("cid", b"ATSTTother").state));
        assert!(!std::sync::Arc::ptr_eq(&first.state, &governors.of("other", b"ATSTTsecret").state));
        assert!(!format!("{governors:?}").contains("secret"));
    }
}
