//! Certificate authorities of a company, beside those of the system.
//!
//! Parsed before any call is made: a wrong file is found by whoever names it, not by the first connection.

use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// One or more certificate authorities.
#[derive(Clone, Debug)]
pub struct Roots(Vec<Certificate>);

/// Why some bytes are no certificate authorities.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoRoots {
    /// There is no block of PEM that holds a certificate, or one is broken off.
    #[error("it holds no certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`")]
    NoPem,
    /// A block does not hold what it says.
    #[error("one of its certificates is damaged")]
    Damaged,
}

impl Roots {
    /// Reads the text of a PEM file. What is in it beside certificates is passed over.
    pub fn parse(pem: &[u8]) -> Result<Self, NoRoots> {
        // Trusts nothing; it only tells a certificate from other bytes.
        let mut trial = RootCertStore::empty();
        let mut roots = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| NoRoots::NoPem)?;
            roots.push(Certificate::from_der(&certificate).map_err(|_| NoRoots::Damaged)?);
            trial.add(certificate).map_err(|_| NoRoots::Damaged)?;
        }
        if roots.is_empty() { Err(NoRoots::NoPem) } else { Ok(Self(roots)) }
    }

    pub(super) fn certificates(&self) -> Vec<Certificate> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for this test, with the key thrown away: openssl req -x509 -newkey ed25519 -nodes -subj /CN=test -days 36500.
    const AUTHORITY: &str = "-----BEGIN CERTIFICATE-----
MIIBNDCB56ADAgECAhQnoQYTmu24S/N9maodwHLh6mA6NjAFBgMrZXAwDzENMAsG
A1UEAwwEdGVzdDAgFw0yNjExMjgwMjMwMzVaGA8yMTI2MTEwNDAyMzAzNVowDzEN
MAsGA1UEAwwEdGVzdDAqMAUGAytlcAMhALe+tziFP7egXeEkAA55u7p08O53WKtU
+x5fmiU4Ec/yo1MwUTAdBgNVHQ4EFgQUfscHjp9QOwIGEchuW9CkbYX2SSUwHwYD
VR0jBBgwFoAUfscHjp9QOwIGEchuW9CkbYX2SSUwDwYDVR0TAQH/BAUwAwEB/zAF
BgMrZXADQQCOFMgEF9YETXBgj7oX1wpYHfXH5WOIReb+4eEf01LYgTq5uN1hUJGi
DwCUaCJH+0QAXUcy4VX8S6QGpIS4SAUP
-----END CERTIFICATE-----
";

    #[test]
    fn certificates_are_read_whatever_stands_around_them() {
        for text in [AUTHORITY.to_owned(), format!("# ours\n{AUTHORITY}\n{AUTHORITY}")] {
            let roots = Roots::parse(text.as_bytes()).unwrap();
            let options = crate::http::HttpOptions { extra_roots: Some(roots), ..Default::default() };
            assert!(crate::http::ReqwestTransport::new(&options).is_ok(), "a client takes them");
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        let whole = AUTHORITY.len();
        for (text, why) in [
            (String::new(), NoRoots::NoPem),
            ("no certificate".to_owned(), NoRoots::NoPem),
            (AUTHORITY[..whole - 40].to_owned(), NoRoots::NoPem),
            (AUTHORITY.replacen("MII", "MIJ", 1), NoRoots::Damaged),
        ] {
            assert_eq!(Roots::parse(text.as_bytes()).unwrap_err(), why, "{text}");
        }
    }
}
