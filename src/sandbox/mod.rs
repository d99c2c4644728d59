//! The sandbox: the API's own paths, called with a sandbox key, answered with the document's examples.
//!
//! Nothing is stored and nothing is sent: every id reads the same example. What a call meets on its way is real: the
//! key, its scopes, its rate limit, and problem documents with stable codes.

mod answer;
mod matching;

use axum::{
    body::Body,
    extract::{OriginalUri, Request},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;

use crate::{
    keys::{self, VerifiedKey},
    portal::Portal,
    reference::{State, Viewer, model::Operation},
    web::{Access, ClientRequest, Code, Error, Path, Result, Routes, rate_limit::LimitVerdict},
};

/// As much of a body is read, though nothing in it is looked at: an answer to somebody who is still sending looks like a
/// broken connection to many clients.
const LONGEST_BODY: usize = 8 << 20;

/// Every method under `/sandbox/{api}/{version}/`.
pub fn routes() -> Routes {
    Routes::new().any("/sandbox/{api}/{version}/{*path}", Access::Key, call)
}

async fn call(
    portal: Portal,
    client: ClientRequest,
    Path((api, version, _)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Response {
    let (Parts { method, headers, .. }, body) = request.into_parts();
    read_through(body).await;
    let key = match keys::authenticate(&portal, &headers, client.address).await {
        Ok(key) => key,
        Err(error) => return error.into_response(),
    };
    let allowance = keys::count(&portal, &key);
    let prefix = format!("/sandbox/{api}/{version}");
    let path = uri.path().strip_prefix(&prefix).unwrap_or("/");
    let mut response = match allowance.verdict {
        LimitVerdict::Within => answered(&portal, &key, (&api, &version), method.as_str(), path),
        LimitVerdict::Exceeded => allowance.refusal(),
    };
    allowance.set_headers(response.headers_mut());
    key.announce_retirement(response.headers_mut());
    response
}

async fn read_through(body: Body) {
    let mut chunks = body.into_data_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = chunks.next().await
        && read < LONGEST_BODY
    {
        read += chunk.len();
    }
}

fn answered(portal: &Portal, key: &VerifiedKey, (api, version): (&str, &str), method: &str, path: &str) -> Response {
    let published = portal.catalogue.visible_to(Viewer::of(key.organization));
    let Some((known, version)) = published.find(api, version) else {
        return Error::new(Code::NotFound, format!("There is no API {api} in version {version} here.")).into_response();
    };
    if version.state == State::Retired {
        let detail = format!("Version {} of {} is retired and no longer answers.", version.name, known.name);
        return Error::new(Code::VersionRetired, detail).into_response();
    }
    match matching::operation(version.document.operations(), method, path) {
        matching::Match::Operation(operation) => match admit(key, operation) {
            Ok(()) => answer::example_of(operation),
            Err(error) => error.into_response(),
        },
        matching::Match::OtherMethods(methods) => {
            let detail = format!("{path} takes {}.", methods.join(", "));
            let mut response = Error::new(Code::MethodNotAllowed, detail).into_response();
            if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
                response.headers_mut().insert(header::ALLOW, methods);
            }
            response
        }
        matching::Match::Nothing => Error::new(Code::NotFound, format!("The API has no path {path}.")).into_response(),
    }
}

/// Whether the key has the scopes of one of the ways in which the operation may be called.
fn admit(key: &VerifiedKey, operation: &Operation) -> Result<()> {
    let missing = |requirement: &crate::reference::model::Requirement| -> Vec<String> {
        let asked = requirement.schemes.iter().flat_map(|scheme| &scheme.scopes);
        asked.filter(|scope| !key.scopes.contains(scope)).cloned().collect()
    };
    let least = operation.security.iter().map(missing).min_by_key(Vec::len).unwrap_or_default();
    match least.is_empty() {
        true => Ok(()),
        false => Err(Error::new(Code::InsufficientScope, format!("The key lacks {}.", least.join(", ")))),
    }
}
