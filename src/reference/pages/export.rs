//! The document itself: the bytes as they came, or the same content in the other notation.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

use super::{
    super::{
        Viewer,
        catalogue::Original,
        document::{Document, Format},
        store,
    },
    Place,
};
use crate::{
    portal::Portal,
    web::{Error, Path, Result},
};

pub(super) async fn json(
    portal: Portal,
    viewer: Viewer,
    headers: HeaderMap,
    Path(names): Path<(String, String)>,
) -> Result<Response> {
    export(&portal, viewer, &headers, names, Format::Json).await
}

pub(super) async fn yaml(
    portal: Portal,
    viewer: Viewer,
    headers: HeaderMap,
    Path(names): Path<(String, String)>,
) -> Result<Response> {
    export(&portal, viewer, &headers, names, Format::Yaml).await
}

async fn export(
    portal: &Portal,
    viewer: Viewer,
    headers: &HeaderMap,
    names: (String, String),
    format: Format,
) -> Result<Response> {
    let place = Place::find(portal, viewer, &names.0, &names.1)?;
    let bytes = match (place.document().format() == format, &place.version.original) {
        (true, Original::Own(bytes)) => bytes.clone(),
        (true, Original::Stored(id, revision)) => store::document(&portal.db, *id, *revision).await?.into(),
        (false, _) => {
            let document = std::sync::Arc::clone(&place.version.document);
            let converted = tokio::task::spawn_blocking(move || convert(&document, format)).await;
            converted.map_err(|error| Error::broken(anyhow::Error::from(error)))??
        }
    };
    let tag = format!("\"{}\"", data_encoding::BASE64URL_NOPAD.encode(&Sha256::digest(&bytes)[..16]));
    let content_type = match format {
        Format::Json => "application/json",
        Format::Yaml => "application/yaml",
    };
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if known.contains(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, content_type)], bytes).into_response())
}

fn convert(document: &Document, format: Format) -> Result<Bytes> {
    let value = document.root().to_json();
    match format {
        Format::Json => serde_json::to_vec_pretty(&value)
            .map(Bytes::from)
            .map_err(|error| Error::broken(anyhow::Error::from(error))),
        Format::Yaml => {
            let text = serde_saphyr::to_string(&value);
            text.map(Bytes::from).map_err(|error| Error::broken(anyhow::anyhow!("{error}")))
        }
    }
}
