//! Stylesheet, modules and logo.

use crate::assets;
use crate::failure::Failure;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub(crate) async fn asset(Path(name): Path<String>) -> Result<Response, Failure> {
    let asset = assets::find(&name).ok_or(Failure::NotFound)?;
    let mut response = asset.body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(assets::CACHE_CONTROL));
    Ok(response)
}
