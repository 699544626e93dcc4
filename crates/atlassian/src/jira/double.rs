//! A gateway on the loopback for tests: answers by a function, remembers what was asked.

use crate::http::{Credential, Gateway, HttpOptions, OrgKey};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Below the product's prefix, such as `/rest/api/3/field`.
    pub(crate) path: String,
    /// The first value of each parameter.
    pub(crate) query: BTreeMap<String, String>,
    /// Null where there is none.
    pub(crate) body: Value,
}

impl Asked {
    /// A parameter that is a number; zero if it is absent.
    pub(crate) fn number(&self, name: &str) -> usize {
        self.query.get(name).and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

type Answers = dyn Fn(&Asked) -> (u16, Value) + Send + Sync;
type Cuts = dyn Fn(&Asked) -> bool + Send + Sync;

/// A running gateway; stops answering when the test's runtime ends.
pub(crate) struct Double {
    address: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Double {
    /// Starts on a free port.
    pub(crate) async fn start(answers: impl Fn(&Asked) -> (u16, Value) + Send + Sync + 'static) -> Self {
        Self::start_cutting(|_| false, answers).await
    }

    /// As [`start`](Self::start), but of some answers only the first half is JSON of the answer, as after a cut.
    pub(crate) async fn start_cutting(
        cuts: impl Fn(&Asked) -> bool + Send + Sync + 'static,
        answers: impl Fn(&Asked) -> (u16, Value) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, cuts, log): (Arc<Answers>, Arc<Cuts>, _) = (Arc::new(answers), Arc::new(cuts), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, (answers.clone(), cuts.clone()), log.clone()));
            }
        });
        Self { address, asked }
    }

    /// Calls it; with an organization key if `org` is given.
    pub(crate) fn gateway(&self, org: Option<&str>) -> Gateway {
        let key = |org: &str| OrgKey { org_id: org.to_owned(), key: "key".into() };
        let credential = Credential { token: "token".into(), org: org.map(key) };
        let options = HttpOptions::at(&self.address).without_waits();
        Gateway::new(&options, "cid", &credential).unwrap()
    }

    /// Everything asked whose path ends so.
    pub(crate) fn asked(&self, end: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path.ends_with(end)).cloned().collect()
    }
}

async fn serve(stream: TcpStream, (answers, cuts): (Arc<Answers>, Arc<Cuts>), log: Arc<Mutex<Vec<Asked>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(asked) = read(&mut stream).await {
        let (status, body) = answers(&asked);
        let mut body = body.to_string();
        if cuts(&asked) {
            body.truncate(body.len() / 2);
        }
        log.lock().unwrap().push(asked);
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut first = String::new();
    if stream.read_line(&mut first).await.ok()? == 0 {
        return None;
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.trim().parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let url = Url::parse(&format!("http://x{}", first.split(' ').nth(1)?)).ok()?;
    let mut query = BTreeMap::new();
    for (name, value) in url.query_pairs() {
        query.entry(name.into_owned()).or_insert(value.into_owned());
    }
    let path = url.path();
    let path =
        ["/ex/jira/cid", "/ex/confluence/cid"].iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path);
    Some(Asked { path: path.to_owned(), query, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}
