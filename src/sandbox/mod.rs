//! The sandbox: the API's own paths, called with a sandbox key, answered with the document's examples.
//!
//! Nothing is stored and nothing is sent: every id reads the same example. What a call meets on its way is real: the
//! key, its scopes, its rate limit, and problem documents with stable codes.

mod answer;
mod matching;

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{OriginalUri, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;

use crate::{
    apps::App,
    keys::{self, VerifiedKey},
    portal::Portal,
    reference::{
        Api, State, Version, Viewer,
        model::{Operation, Requirement},
    },
    web::{
        Access, ClientRequest, Code, Ending, Error, Path, Result, Routes,
        rate_limit::{Allowance, LimitVerdict},
    },
};

/// As much of a body is read, though nothing in it is looked at: an answer to somebody who is still sending looks like a
/// broken connection to many clients.
const LONGEST_BODY: usize = 8 << 20;

/// Every method under `/sandbox/{api}/{version}/`.
pub fn routes() -> Routes {
    Routes::new().any("/sandbox/{api}/{version}/{*path}", Access::Key, call)
}

/// A call of the sandbox.
pub struct Call<'a> {
    /// The name of the API in addresses.
    pub api: &'a str,
    /// The name of its version.
    pub version: &'a str,
    /// The method, in upper case.
    pub method: &'a str,
    /// The path below the version; starts with a slash.
    pub path: &'a str,
}

/// Who calls.
pub enum Caller<'a> {
    /// Whoever has the key that these headers carry.
    Key(&'a HeaderMap),
    /// Somebody who may act for this app, whom the portal knows by their session. There is no key, so all that the
    /// sandbox knows may be tried.
    App(&'a App),
}

/// A caller who was let in.
struct Admitted<'a> {
    viewer: Viewer,
    scopes: Scopes<'a>,
}

/// What a caller may do.
enum Scopes<'a> {
    All,
    Of(&'a VerifiedKey),
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
    let prefix = format!("/sandbox/{api}/{version}");
    let path = uri.path().strip_prefix(&prefix).unwrap_or("/");
    let call = Call { api: &api, version: &version, method: method.as_str(), path };
    answer(&portal, client.address, Caller::Key(&headers), &call).await
}

/// Answers a call.
pub async fn answer(portal: &Portal, address: IpAddr, caller: Caller<'_>, call: &Call<'_>) -> Response {
    match caller {
        Caller::App(app) => {
            let admitted = Admitted { viewer: Viewer::of(app.organization), scopes: Scopes::All };
            counted(portal, keys::count_app(portal, app.id), &admitted, call)
        }
        Caller::Key(headers) => match keys::authenticate(portal, headers, address).await {
            Ok(key) => {
                let admitted = Admitted { viewer: Viewer::of(key.organization), scopes: Scopes::Of(&key) };
                counted(portal, keys::count(portal, &key), &admitted, call)
            }
            Err(error) => error.into_response(),
        },
    }
}

fn counted(portal: &Portal, allowance: Allowance, caller: &Admitted<'_>, call: &Call<'_>) -> Response {
    let published = portal.catalogue.visible_to(caller.viewer);
    let found = published.find(call.api, call.version);
    let (mut response, mut ending) = match allowance.verdict {
        LimitVerdict::Within => answered(found.as_ref(), caller, call),
        LimitVerdict::Exceeded => (allowance.refusal(), Ending::default()),
    };
    if let Some((_, version)) = &found {
        ending = ending.or_earlier(version.ending());
    }
    if let Scopes::Of(key) = caller.scopes {
        ending = ending.or_earlier(key.ending());
    }
    ending.announce(response.headers_mut());
    allowance.set_headers(response.headers_mut());
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

/// The answer, and what is to be said of the operation's end.
fn answered(found: Option<&(Arc<Api>, Arc<Version>)>, caller: &Admitted<'_>, call: &Call<'_>) -> (Response, Ending) {
    let Call { api, version, method, path } = call;
    let refused = |code, detail: String| (Error::new(code, detail).into_response(), Ending::default());
    let Some((known, version)) = found else {
        return refused(Code::NotFound, format!("There is no API {api} in version {version} here."));
    };
    if version.state == State::Retired {
        let detail = format!("Version {} of {} is retired and no longer answers.", version.name, known.name);
        return refused(Code::VersionRetired, detail);
    }
    match matching::operation(version.document.operations(), method, path) {
        matching::Match::Operation(operation) => match caller.scopes.admit(operation) {
            Ok(()) => (answer::example_of(operation), operation.ending()),
            Err(error) => (error.into_response(), operation.ending()),
        },
        matching::Match::OtherMethods(methods) => {
            let detail = format!("{path} takes {}.", methods.join(", "));
            let mut response = Error::new(Code::MethodNotAllowed, detail).into_response();
            if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
                response.headers_mut().insert(header::ALLOW, methods);
            }
            (response, Ending::default())
        }
        matching::Match::Nothing => refused(Code::NotFound, format!("The API has no path {path}.")),
    }
}

impl Call<'_> {
    /// The path as callers from outside write it.
    pub fn full_path(&self) -> String {
        format!("/sandbox/{}/{}{}", self.api, self.version, self.path)
    }
}

impl Scopes<'_> {
    /// Whether the caller has the scopes of one of the ways in which the operation may be called.
    fn admit(&self, operation: &Operation) -> Result<()> {
        let Self::Of(key) = self else { return Ok(()) };
        let missing = |requirement: &Requirement| -> Vec<String> {
            let asked = requirement.schemes.iter().flat_map(|scheme| &scheme.scopes);
            asked.filter(|scope| !key.scopes.contains(scope)).cloned().collect()
        };
        let least = operation.security.iter().map(missing).min_by_key(Vec::len).unwrap_or_default();
        match least.is_empty() {
            true => Ok(()),
            false => Err(Error::new(Code::InsufficientScope, format!("The key lacks {}.", least.join(", ")))),
        }
    }
}
