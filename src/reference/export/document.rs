//! The document itself: the bytes as they came, or the same content in the other notation.

use axum::{body::Bytes, http::HeaderMap, response::Response};

use super::super::{
    Viewer,
    catalogue::Original,
    document::{Document, Format},
    pages::Place,
    store,
};
use crate::{
    portal::Portal,
    web::{Error, Path, Result, validated},
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
    let content_type = match format {
        Format::Json => "application/json",
        Format::Yaml => "application/yaml",
    };
    Ok(validated(headers, content_type, bytes))
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
