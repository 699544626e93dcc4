//! A program or a browser without JavaScript that speaks to the hub: bearer token or cookies, nothing by itself.

use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An HTTP client that follows nothing and trusts nobody's proxy.
pub fn plain() -> reqwest::Client {
    // Another test of this process may have been first; both install the same provider.
    let _installed_already = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
    client.build().unwrap_or_else(|error| panic!("cannot make an HTTP client: {error}"))
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: header::HeaderMap,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Asserts the status.
    ///
    /// # Panics
    /// With the answer, if it is another one.
    #[track_caller]
    pub fn ended(self, status: u16) -> Self {
        assert!(self.status.as_u16() == status, "expected {status}: {self:?}");
        self
    }

    /// The token of the first form of a page.
    ///
    /// # Panics
    /// If the page has no form.
    #[track_caller]
    pub fn csrf(&self) -> String {
        let after = self.body.split("name=\"csrf\" value=\"").nth(1);
        let token = after.and_then(|after| after.split('"').next());
        token.unwrap_or_else(|| panic!("no form on the page: {}", self.body)).to_owned()
    }
}

/// Somebody at the hub.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    bearer: Option<String>,
    /// Cookies as a browser keeps them.
    pub cookies: BTreeMap<String, String>,
}

impl Client {
    /// Nobody yet, at the hub at `base`.
    pub fn of(base: &str) -> Self {
        Self { http: plain(), base: base.to_owned(), bearer: None, cookies: BTreeMap::new() }
    }

    /// Signs in as a program.
    ///
    /// # Panics
    /// If the hub refuses.
    pub async fn program(base: &str, email: &str, password: &str) -> Self {
        let mut client = Self::of(base);
        let body = json!({"email": email, "password": password});
        let answer = client.send(Method::POST, "/api/v1/login", Some(body)).await.ended(200);
        client.bearer = answer.json()["token"].as_str().map(str::to_owned);
        client
    }

    /// The token of a program, for stories that send requests of their own.
    ///
    /// # Panics
    /// If it did not sign in as a program.
    pub fn token(&self) -> String {
        self.bearer.clone().unwrap_or_else(|| panic!("signed in as a browser"))
    }

    /// Signs in as a browser without JavaScript.
    ///
    /// # Panics
    /// If the hub refuses.
    pub async fn browser(base: &str, email: &str, password: &str) -> Self {
        let mut client = Self::of(base);
        let csrf = client.get("/login").await.ended(200).csrf();
        let fields = [("csrf", csrf.as_str()), ("email", email), ("password", password), ("next", "/")];
        client.submit("/login", &fields).await.ended(303);
        client
    }

    /// Reads an address.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.base));
        self.finish(request).await
    }

    /// Reads JSON that must be there.
    ///
    /// # Panics
    /// If it is not.
    pub async fn json(&mut self, path: &str) -> Value {
        self.get(path).await.ended(200).json()
    }

    /// Sends JSON.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.finish(request).await
    }

    /// Sends a form as a browser does.
    pub async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}{path}", self.base));
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        self.finish(request.header(header::ORIGIN, self.base.clone())).await
    }

    /// Searches; the page of results as JSON.
    ///
    /// # Panics
    /// If the hub refuses.
    pub async fn search(&mut self, query: &str, page: usize) -> Value {
        let text = url::form_urlencoded::byte_serialize(query.as_bytes()).collect::<String>();
        self.json(&format!("/api/v1/search?q={text}&page={page}")).await
    }

    async fn finish(&mut self, mut request: RequestBuilder) -> Answer {
        if let Some(token) = &self.bearer {
            request = request.bearer_auth(token);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("the hub does not answer: {error:?}"));
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap_or_default());
        }
        let body = response.text().await.unwrap_or_else(|error| panic!("the hub broke off: {error:?}"));
        Answer { status, headers, body }
    }

    fn keep(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else { return };
        if value.is_empty() || cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
