//! Each page of the reference as Markdown, for people who copy it and for language models: the page's address with
//! `.md`, or the page itself where `Accept` asks for `text/markdown`.
//!
//! An id may end in `.md` itself: what has exactly the name that is asked for wins.

mod authentication;
mod docs;
mod errors;
mod operation;
mod overview;
mod properties;
mod schemas;
#[cfg(test)]
mod tests;
mod values;
mod webhooks;

use std::sync::Arc;

use axum::{
    extract::{OriginalUri, Request, State},
    http::{HeaderMap, Method, Uri},
    middleware::Next,
    response::Response,
};
use percent_encoding::percent_decode_str;

use super::super::{Viewer, pages::Place};
use crate::{
    markdown::text::{link, plain},
    portal::Portal,
    web::{Error, Result, markdown, wants_markdown},
};

pub(super) use self::docs::index_entry;

const ENDING: &str = ".md";

/// A page of the reference that has a text.
pub(super) enum Subject {
    /// The published APIs and the guides.
    Docs,
    /// A version as a whole.
    Overview(Place),
    /// An operation, by its position.
    Operation(Place, usize),
    /// The list of schemas.
    Schemas(Place),
    /// A schema, by its position.
    Schema(Place, usize),
    /// The list of events.
    Webhooks(Place),
    /// An event, by its position.
    Webhook(Place, usize),
    /// The error catalogue.
    Errors(Place),
}

/// The pages whose addresses with `.md` are no page's.
pub(super) async fn show(
    portal: Portal,
    viewer: Viewer,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response> {
    let path = uri.path().strip_suffix(ENDING).ok_or_else(Error::not_found)?;
    let subject = Subject::at(&portal, viewer, path).ok_or_else(Error::not_found)?;
    Ok(markdown(&headers, subject.text(&portal, viewer)))
}

/// Answers with the Markdown of the page that is asked for, where that is what is asked for.
pub async fn in_markdown(State(portal): State<Portal>, viewer: Viewer, request: Request, next: Next) -> Response {
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    if !is_read || !request.uri().path().starts_with("/docs") {
        return next.run(request).await;
    }
    match asked(&portal, viewer, request.uri(), request.headers()) {
        Some(subject) => markdown(request.headers(), subject.text(&portal, viewer)),
        None => next.run(request).await,
    }
}

fn asked(portal: &Portal, viewer: Viewer, uri: &Uri, headers: &HeaderMap) -> Option<Subject> {
    let exact = || Subject::at(portal, viewer, uri.path());
    if wants_markdown(headers) && uri.query().is_none() {
        return exact().or_else(|| Subject::at(portal, viewer, uri.path().strip_suffix(ENDING)?));
    }
    let named = uri.path().strip_suffix(ENDING)?;
    if exact().is_some() { None } else { Subject::at(portal, viewer, named) }
}

impl Subject {
    /// The page at a path, if there is one that the viewer may see.
    fn at(portal: &Portal, viewer: Viewer, path: &str) -> Option<Self> {
        let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect::<Option<_>>()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let found = |version: &str, api: &str| Place::find(portal, viewer, api, version).ok();
        match segments.as_slice() {
            ["docs"] => Some(Self::Docs),
            ["docs", api] => Place::newest(portal, viewer, api).ok().map(Self::Overview),
            ["docs", api, version] => found(version, api).map(Self::Overview),
            ["docs", api, version, part] => {
                let place = found(version, api)?;
                Some(match *part {
                    "schemas" => Self::Schemas(place),
                    "webhooks" => Self::Webhooks(place),
                    "errors" => Self::Errors(place),
                    _ => return None,
                })
            }
            ["docs", api, version, part, id] => Self::part(found(version, api)?, part, id),
            _ => None,
        }
    }

    fn part(place: Place, part: &str, id: &str) -> Option<Self> {
        let document = Arc::clone(&place.version.document);
        Some(match part {
            "operations" => {
                let at = document.operations().iter().position(|operation| operation.id == id)?;
                Self::Operation(place, at)
            }
            "schemas" => Self::Schema(place, document.schemas().iter().position(|named| named.id == id)?),
            "webhooks" => Self::Webhook(place, document.webhooks().iter().position(|webhook| webhook.id == id)?),
            _ => return None,
        })
    }

    /// Everything there is to read about a version, in the order of its menu.
    pub(super) fn of_version(place: &Place) -> Vec<Self> {
        let document = place.document();
        let operations = place.version.navigation().tags().flat_map(|tag| tag.operations.clone());
        let mut subjects = vec![Self::Overview(place.clone())];
        subjects.extend(operations.map(|at| Self::Operation(place.clone(), at)));
        subjects.extend((0..document.webhooks().len()).map(|at| Self::Webhook(place.clone(), at)));
        subjects.extend((0..document.schemas().len()).map(|at| Self::Schema(place.clone(), at)));
        subjects.push(Self::Errors(place.clone()));
        subjects
    }

    /// The page's text; it starts with its only heading of the first level and ends with a line break.
    pub(super) fn text(&self, portal: &Portal, viewer: Viewer) -> String {
        let origin = portal.config.base_url.as_str();
        let mut text = match self {
            Self::Docs => docs::text(&portal.catalogue.visible_to(viewer), &portal.guides),
            Self::Overview(place) => overview::text(place, origin),
            Self::Operation(place, at) => operation::text(place, &place.document().operations()[*at], origin),
            Self::Schemas(place) => schemas::list(place),
            Self::Schema(place, at) => schemas::text(place, &place.document().schemas()[*at], origin),
            Self::Webhooks(place) => webhooks::list(place),
            Self::Webhook(place, at) => webhooks::text(place, &place.document().webhooks()[*at], origin),
            Self::Errors(place) => errors::text(place),
        };
        text.push('\n');
        text
    }
}

fn decoded(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(|text| text.into_owned())
}

/// The blocks of a page, with an empty line between them.
#[derive(Default)]
struct Text(String);

impl Text {
    /// A page with its heading, which is Markdown already.
    fn titled(title: &str) -> Self {
        Self(format!("# {title}"))
    }

    /// Adds a block, unless it is empty.
    fn add(&mut self, block: impl AsRef<str>) {
        let block = block.as_ref().trim_end();
        if !block.is_empty() {
            self.0.push_str("\n\n");
            self.0.push_str(block);
        }
    }

    /// Adds a heading with a block below it, unless the block is empty.
    fn section(&mut self, level: usize, title: &str, block: impl AsRef<str>) {
        if !block.as_ref().trim().is_empty() {
            self.add(format!("{} {title}", "#".repeat(level)));
            self.add(block);
        }
    }

    fn end(self) -> String {
        self.0
    }
}

/// The address of a page's text.
fn text_of(path: &str) -> String {
    format!("{path}{ENDING}")
}

/// What a reader has to know of the version before anything else.
fn state_of(place: &Place) -> String {
    let version = &place.version;
    let newest = place.api.newest_stable();
    let mut said = format!("{} {} ({})", plain(&place.api.name), plain(&version.name), version.state.as_str());
    if let Some(date) = version.sunset_on {
        said.push_str(&format!(", ends on {date}"));
    }
    if !Arc::ptr_eq(newest, version) {
        let overview = text_of(&format!("/docs/{}/{}", place.api.slug, newest.name));
        said.push_str(&format!(". The version to build on is {}", link(&newest.name, &overview)));
    }
    said.push('.');
    said
}
