//! Bodies on the wire: which formats there are, how stored bodies are shown in them, and how sent ones are read.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{adf, adf_storage, view, xhtml};
use crate::call::Call;
use crate::reply::{Reply, confluence};

/// A format to show a body in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    /// As stored.
    Storage,
    /// A JSON document, as text.
    Document,
    /// HTML under that name.
    Html(&'static str),
}

const HTML: [&str; 7] = ["view", "export_view", "anonymous_export_view", "styled_view", "editor", "editor2", "dynamic"];

impl Format {
    /// The format of that name in v1 and in v2's answers about one thing.
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "storage" | "raw" => Some(Self::Storage),
            "atlas_doc_format" => Some(Self::Document),
            _ => HTML.iter().find(|known| **known == name).map(|known| Self::Html(known)),
        }
    }

    /// `body-format` of a listing: storage or document.
    pub(crate) fn of_list(call: &Call<'_>) -> Result<Option<Self>, Reply> {
        let primary = |format: &Self| matches!(format, Self::Storage | Self::Document);
        Self::asked(call, "PrimaryBodyRepresentation", primary)
    }

    /// `body-format` of one thing: HTML, too.
    pub(crate) fn of_single(call: &Call<'_>) -> Result<Option<Self>, Reply> {
        Self::asked(call, "PrimaryBodyRepresentationSingle", |_| true)
    }

    fn asked(call: &Call<'_>, kind: &str, fits: impl Fn(&Self) -> bool) -> Result<Option<Self>, Reply> {
        let Some(name) = call.query("body-format").filter(|name| *name != "raw") else { return Ok(None) };
        let format = Self::of(name).filter(fits);
        format.map(Some).ok_or_else(|| confluence::v2_bad_parameter("body-format", kind))
    }

    /// The key under `body`, which is also its `representation`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Document => "atlas_doc_format",
            Self::Html(name) => name,
        }
    }

    /// A stored body in this format.
    pub(crate) fn show(self, stored: &str) -> String {
        match self {
            Self::Storage => stored.to_owned(),
            Self::Document => adf::of_storage(stored).to_string(),
            Self::Html(_) => view::of_storage(stored),
        }
    }
}

/// `body` in v2: `{}` without a format.
pub(crate) fn shown(stored: &str, format: Option<Format>) -> Value {
    let Some(format) = format else { return json!({}) };
    json!({format.name(): {"representation": format.name(), "value": format.show(stored)}})
}

/// The storage form of a `body` that was sent: `{"representation","value"}` or `{"storage": {"value"}}`. `Ok(None)` when
/// there is none; `Err` with what is wrong.
pub(crate) fn sent(body: &Value) -> Result<Option<String>, String> {
    let Some(object) = body.as_object().filter(|object| !object.is_empty()) else { return Ok(None) };
    let (representation, value) = match object.get("representation").and_then(Value::as_str) {
        Some(representation) => (representation.to_owned(), body["value"].as_str()),
        None => {
            let known = |name: &&String| Format::of(name).is_some() || name.as_str() == "wiki";
            let Some(name) = object.keys().find(known) else { return Err("body needs a representation".to_owned()) };
            let inner = &body[name];
            let representation = inner["representation"].as_str().unwrap_or(name);
            (representation.to_owned(), inner["value"].as_str())
        }
    };
    let Some(value) = value else { return Err("body needs a value".to_owned()) };
    match representation.as_str() {
        "storage" | "editor" | "editor2" | "view" => Ok(Some(value.to_owned())),
        "atlas_doc_format" => {
            adf_storage::to_storage(value).map(Some).ok_or_else(|| "body is not a valid document".to_owned())
        }
        "wiki" => Ok(Some(of_wiki(value))),
        other => Err(format!("unknown representation {other}")),
    }
}

/// [`sent`], with v2's 400.
pub(crate) fn sent_v2(body: &Value) -> Result<Option<String>, Reply> {
    sent(body).map_err(|title| confluence::v2(StatusCode::BAD_REQUEST, "INVALID_REQUEST_PARAMETER", &title))
}

/// Wiki markup: headings and paragraphs only.
fn of_wiki(markup: &str) -> String {
    let blocks = markup.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    let one = |block: &str| {
        let heading = block.strip_prefix('h').and_then(|rest| rest.split_once(". "));
        match heading.filter(|(level, _)| matches!(*level, "1" | "2" | "3" | "4" | "5" | "6")) {
            Some((level, text)) => format!("<h{level}>{}</h{level}>", xhtml::escaped(text)),
            None => format!("<p>{}</p>", xhtml::escaped(block)),
        }
    };
    blocks.map(one).collect()
}
