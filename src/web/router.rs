//! The URL map, and the layers that every request passes.
//!
//! Outermost first: identity and log, security headers, errors made visible, panics caught, cross-site posts
//! refused, compression; then the visitor is recognized and admitted, or not, before any handler runs.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer, services::ServeDir,
    set_header::SetResponseHeaderLayer,
};

use super::{
    Access, ClientRequest, Code, Error, Page, Route, Routes, Visitor, csrf, error::carry, headers, health, idempotency,
    page::error_page, request,
};
use crate::{
    accounts, admin, api, apps, audit, console, guides, home, keys, mail, onboarding, organizations, portal::Portal,
    reference, sandbox, search, settings, tokens, usage,
};

/// Every route of the portal.
pub fn routes() -> Routes {
    Routes::new()
        .merge(home::routes())
        .merge(accounts::routes())
        .merge(organizations::routes())
        .merge(onboarding::routes())
        .merge(apps::routes())
        .merge(keys::routes())
        .merge(tokens::routes())
        .merge(reference::routes())
        .merge(console::routes())
        .merge(guides::routes())
        .merge(search::routes())
        .merge(sandbox::routes())
        .merge(usage::routes())
        .merge(api::routes())
        .merge(admin::routes())
        .merge(audit::routes())
        .merge(mail::routes())
        .merge(settings::routes())
        .merge(health::routes())
}

/// The whole portal as a service.
pub fn router(portal: Portal) -> Router {
    let (router, table) = routes().into_parts();
    let gate = Gate { portal: portal.clone(), table: Arc::new(Table(table)) };
    let site = &portal.assets.site;
    let hashed = Router::new()
        .fallback_service(ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip())
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ));
    router
        .route_layer(from_fn_with_state(portal.clone(), reference::in_markdown))
        .route_layer(from_fn_with_state(portal.clone(), idempotency::replay))
        .route_layer(from_fn_with_state(gate, admit))
        .route_layer(from_fn_with_state(api::Limits::default(), api::limit))
        .nest_service("/pkg", hashed)
        .fallback_service(ServeDir::new(site).precompressed_br().precompressed_gzip())
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(portal.clone(), csrf::require_origin))
        .layer(CsrfLayer::new().with_rejection_response(|_| {
            Error::new(Code::CrossSite, "The form was not sent from a page of this portal.").into_response()
        }))
        .layer(CatchPanicLayer::custom(|_| Error::broken(anyhow::anyhow!("a handler panicked")).into_response()))
        .layer(from_fn_with_state(portal.clone(), present))
        .layer(from_fn_with_state(portal.clone(), headers::secure))
        .layer(from_fn_with_state(portal.clone(), request::identify))
        .with_state(portal)
}

#[derive(Clone)]
struct Gate {
    portal: Portal,
    table: Arc<Table>,
}

/// Who may use which route; what is not in it is closed to everybody.
struct Table(Vec<Route>);

impl Table {
    fn access(&self, method: &Method, path: &str) -> Option<Access> {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        self.0.iter().find(|route| route.method == method && route.path == path).map(|route| route.access)
    }
}

/// Recognizes the visitor and admits them to the route, or answers why not.
async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let Some(access) = gate.table.access(request.method(), &path) else {
        // Registered for another method only: axum answers 405 with the methods that exist.
        return match gate.table.0.iter().any(|route| route.path == path) {
            true => next.run(request).await,
            false => Error::not_found().into_response(),
        };
    };
    let visitor = match recognize(&gate.portal, access, request.headers()).await {
        Ok(visitor) => visitor,
        Err(error) => return error.into_response(),
    };
    let verdict = visitor.may(access);
    request.extensions_mut().insert(visitor.clone());
    let mut response = match verdict {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    };
    response.extensions_mut().insert(visitor);
    response
}

/// Pages know their visitor by the session, the HTTP API by its token, the sandbox by its key: never by two of them.
async fn recognize(portal: &Portal, access: Access, headers: &HeaderMap) -> super::Result<Visitor> {
    match access {
        Access::Key => Ok(Visitor::default()),
        Access::StaffToken(_) | Access::OrganizationToken(_) | Access::AnyToken(_) => {
            let caller = tokens::caller(portal, headers).await?;
            Ok(Visitor { session: None, caller: caller.map(Arc::new) })
        }
        Access::Public | Access::SignedIn | Access::Member(_) | Access::Staff(_) => {
            let session = accounts::visitor(portal, headers).await?;
            Ok(Visitor { session: session.map(Arc::new), caller: None })
        }
    }
}

/// Shows an error as the visitor can use it: a problem document, a way to sign in, or a page.
async fn present(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = error_of(&response) else { return response };
    error.log();
    let Some(client) = asked.extensions.get::<ClientRequest>().cloned() else { return response };
    let mut shown = if wants_problem(&asked) {
        error.problem(&client, portal.config.base_url.as_str())
    } else if error.code() == Code::Unauthenticated {
        let next = asked.uri.path_and_query().map_or("/", |path| path.as_str());
        let next = if asked.method == Method::GET { next } else { "/dashboard" };
        let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
        return Redirect::to(&format!("/login?next={next}")).into_response();
    } else {
        let mut asked = asked;
        if let Some(visitor) = response.extensions().get::<Visitor>() {
            asked.extensions.insert(visitor.clone());
        }
        error_page(Page::answering(portal.clone(), asked), &error, &client).await
    };
    error.set_retry_after(&mut shown);
    carry(&response, &mut shown);
    shown
}

/// The error of an answer: one of ours, or what axum and the file service say with a bare status.
fn error_of(response: &Response) -> Option<Error> {
    if let Some(error) = response.extensions().get::<Error>() {
        return Some(error.clone());
    }
    let is_bare = !response.headers().contains_key(header::CONTENT_TYPE);
    match response.status() {
        StatusCode::NOT_FOUND if is_bare => Some(Error::not_found()),
        StatusCode::METHOD_NOT_ALLOWED if is_bare => {
            Some(Error::new(Code::MethodNotAllowed, "This address does not take that method."))
        }
        _ => None,
    }
}

fn wants_problem(asked: &axum::http::request::Parts) -> bool {
    let path = asked.uri.path();
    let accept = asked.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    path.starts_with("/api/") || path.starts_with("/sandbox/") || (accept.contains("json") && !accept.contains("html"))
}
