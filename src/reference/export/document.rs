//! The document itself: the bytes as they came, or the same content in the other notation.

use axum::{body::Bytes, http::HeaderMap, response::Response};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::super::{
    Viewer,
    catalogue::Original,
    document::{Document, Format},
    pages::Place,
    store,
};
use crate::{
    portal::Portal,
    web::{Error, Path, Query, Result, validated},
};

/// Which of a version's revisions is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Its number; without it the one that counts.
    revision: Option<i32>,
}

pub(super) async fn json(
    portal: Portal,
    viewer: Viewer,
    headers: HeaderMap,
    Path(names): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    export(&portal, viewer, &headers, names, asked, Format::Json).await
}

pub(super) async fn yaml(
    portal: Portal,
    viewer: Viewer,
    headers: HeaderMap,
    Path(names): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    export(&portal, viewer, &headers, names, asked, Format::Yaml).await
}

async fn export(
    portal: &Portal,
    viewer: Viewer,
    headers: &HeaderMap,
    names: (String, String),
    asked: Asked,
    format: Format,
) -> Result<Response> {
    let place = Place::find(portal, viewer, &names.0, &names.1)?;
    let current = place.version.revision;
    if let Some(number) = asked.revision.filter(|number| *number != current) {
        let Original::Stored(id, _) = place.version.original else { return Err(Error::not_found()) };
        let bytes = store::published_document(&portal.db, id, number).await?.ok_or_else(Error::not_found)?;
        let earlier = blocking(move || in_format(bytes, format)).await?;
        return Ok(sent(headers, earlier, format));
    }
    let bytes = match (place.document().format() == format, &place.version.original) {
        (true, Original::Own(bytes)) => bytes.clone(),
        (true, Original::Stored(id, revision)) => store::document(&portal.db, *id, *revision).await?.into(),
        (false, _) => {
            let document = std::sync::Arc::clone(&place.version.document);
            blocking(move || convert(&document, format)).await?
        }
    };
    Ok(sent(headers, bytes, format))
}

/// Each reads or writes a whole document, which takes a multiple of it in memory: others wait for their turn.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Does what takes long beside the async threads, for few at a time: anybody may ask.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let turn = TURNS.acquire().await.map_err(|error| Error::broken(anyhow::Error::from(error)))?;
    // Who goes away ends the waiting and not the work, so the turn is the work's.
    let work = move || {
        let _turn = turn;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::broken(anyhow::Error::from(error)))?
}

/// The document, or that the reader has it already.
fn sent(headers: &HeaderMap, bytes: Bytes, format: Format) -> Response {
    let content_type = match format {
        Format::Json => "application/json",
        Format::Yaml => "application/yaml",
    };
    validated(headers, content_type, bytes)
}

/// An earlier revision, which is not kept in memory.
fn in_format(bytes: Vec<u8>, format: Format) -> Result<Bytes> {
    let document = Document::read(&bytes).map_err(|error| Error::broken(anyhow::anyhow!("{error}")))?;
    if document.format() == format { Ok(bytes.into()) } else { convert(&document, format) }
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
