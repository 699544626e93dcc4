//! Whether a call was signed with the source's secret: `X-Hub-Signature: sha256=<hex HMAC of the raw body>`, as Jira Cloud
//! sends it for a webhook that has a secret (the scheme is W3C WebSub's, section 7).

use super::Outcome;
use axum::http::HeaderMap;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

const HEADER: &str = "x-hub-signature";

/// The signature of a call, if it fits. Compared in constant time.
pub(super) fn check(headers: &HeaderMap, secret: &SecretString, body: &[u8]) -> Result<[u8; 32], Outcome> {
    let mut sent = headers.get_all(HEADER).iter();
    let Some(value) = sent.next() else { return Err(Outcome::Unsigned) };
    // With two signatures it would depend on the reader which of them counts.
    if sent.next().is_some() {
        return Err(Outcome::WronglySigned);
    }
    let hex = value.as_bytes().strip_prefix(b"sha256=").ok_or(Outcome::WronglySigned)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(hex, &mut signature).map_err(|_| Outcome::WronglySigned)?;
    let keyed = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes());
    let mut keyed = keyed.map_err(|_| Outcome::WronglySigned)?;
    keyed.update(body);
    keyed.verify_slice(&signature).map_err(|_| Outcome::WronglySigned)?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    /// RFC 4231, test case 2.
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNED: &str = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn checked(values: &[&str], body: &[u8]) -> Result<[u8; 32], Outcome> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_str(value).unwrap());
        }
        check(&headers, &SecretString::from("Jefe"), body)
    }

    #[test]
    fn the_signature_of_the_standard_fits_its_own_body_only() {
        assert_eq!(checked(&[SIGNED], BODY).map(hex::encode).as_deref(), Ok(&SIGNED[7..]));
        assert_eq!(checked(&[SIGNED], b"what do ya want for nothing!"), Err(Outcome::WronglySigned));
        assert_eq!(checked(&[], BODY), Err(Outcome::Unsigned));
    }

    #[test]
    fn nothing_but_one_whole_sha256_is_a_signature() {
        let short = &SIGNED[..SIGNED.len() - 2];
        for wrong in ["", "sha256=", &SIGNED[7..], &SIGNED.replace("sha256", "sha1"), short, "sha256=zz"] {
            assert_eq!(checked(&[wrong], BODY), Err(Outcome::WronglySigned), "{wrong}");
        }
        assert_eq!(checked(&[SIGNED, SIGNED], BODY), Err(Outcome::WronglySigned));
    }
}
