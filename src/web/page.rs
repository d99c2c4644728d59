//! A view becomes a document, and the document an answer.

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{HeaderValue, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use futures_util::StreamExt;
use leptos::{nonce::use_nonce, prelude::*};
use sha2::{Digest, Sha256};

use super::{ClientRequest, Flash, Visitor, cookies::read_cookie, headers::policy_of_page};
use crate::{
    portal::Portal,
    ui::{self, Brand, Frame, Place, Shell, Theme, Tone, Width},
};

/// Starts the islands: loads the WebAssembly when the browser is idle, then hydrates each island in document order.
const START_ISLANDS: &str = include_str!("start_islands.js");

/// The page that answers the request at hand.
pub struct Page {
    portal: Portal,
    parts: Parts,
    visitor: Visitor,
    status: StatusCode,
    description: Option<String>,
    width: Width,
    side: Option<Side>,
}

/// Builds the menu of the side column, where rendering happens.
type Side = Box<dyn FnOnce() -> AnyView + Send>;

impl FromRequestParts<Portal> for Page {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Self::Rejection> {
        Ok(Self::answering(portal.clone(), parts.clone()))
    }
}

impl Page {
    pub(super) fn answering(portal: Portal, parts: Parts) -> Self {
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        Self { portal, parts, visitor, status: StatusCode::OK, description: None, width: Width::Page, side: None }
    }

    /// Answers with another status than 200.
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The sentence that search engines and link previews show.
    pub fn description(self, description: impl Into<String>) -> Self {
        Self { description: Some(description.into()), ..self }
    }

    /// How wide the text runs.
    pub fn width(self, width: Width) -> Self {
        Self { width, ..self }
    }

    /// Puts a menu beside the text.
    pub fn side<V: IntoView + 'static>(self, side: impl FnOnce() -> V + Send + 'static) -> Self {
        Self { side: Some(Box::new(move || side().into_any())), ..self }
    }

    /// Renders the view inside the portal's frame.
    pub async fn render<V: IntoView + 'static>(
        mut self,
        title: impl Into<String>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let portal = self.portal.clone();
        let base_url = portal.config.base_url.clone();
        let flash = Flash::read(&self.parts.headers, &base_url);
        let shown_flash = flash.is_some();
        let known = self.parts.headers.get(header::IF_NONE_MATCH).cloned();
        let status = self.status;
        let document = self.document(title.into(), flash);
        let request = Request::from_parts(self.parts, Body::empty());
        let mut response = leptos_axum::handle_response_inner(
            || {},
            move || document.view(body),
            request,
            |view, chunks, _| {
                Box::pin(async move {
                    let html = view.to_html_stream_in_order().collect::<String>().await;
                    Box::pin(futures_util::stream::once(async move { html }).chain(chunks())) as _
                })
            },
        )
        .await;
        *response.status_mut() = status;
        let mut response = finish(response, known).await;
        if shown_flash {
            Flash::clear(&mut response, &base_url);
        }
        response
    }

    fn document(&mut self, title: String, flash: Option<String>) -> Document {
        let settings = self.portal.settings.current();
        let theme = read_cookie(&self.parts.headers, &self.portal.config.base_url, "theme");
        let path = self.parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let brand = Brand {
            name: settings.portal_name.clone(),
            logo: settings.logo(),
            accent: Some(settings.accent.clone()),
            support: Some(settings.support_email.clone()).filter(|address| !address.is_empty()),
        };
        let frame = Frame {
            brand,
            place: place_of(&path),
            visitor: shown_visitor(&self.visitor),
            path,
            flash: flash.map(|sentence| ui::Flash { tone: Tone::Ok, title: sentence, text: ui::Words(None) }),
        };
        Document {
            title: format!("{title} · {}", settings.portal_name),
            description: self.description.take(),
            theme: theme.as_deref().and_then(Theme::parse),
            style: self.portal.assets.style.clone(),
            script: self.portal.assets.script.clone(),
            wasm: self.portal.assets.wasm.clone(),
            width: self.width,
            side: self.side.take(),
            frame,
        }
    }
}

fn place_of(path: &str) -> Place {
    match path.split(['/', '?']).nth(1).unwrap_or("") {
        "docs" => Place::Docs,
        "guides" => Place::Guides,
        "dashboard" => Place::Dashboard,
        "admin" => Place::Admin,
        _ => Place::Home,
    }
}

fn shown_visitor(visitor: &Visitor) -> ui::Visitor {
    let Some(session) = visitor.session.as_deref() else { return ui::Visitor::Guest };
    match (&session.membership, session.staff) {
        (_, Some(_)) => ui::Visitor::Staff { name: session.name.clone() },
        (Some(member), None) => {
            ui::Visitor::Partner { name: session.name.clone(), organization: member.organization_name.clone() }
        }
        (None, None) => ui::Visitor::Partner { name: session.name.clone(), organization: session.name.clone() },
    }
}

/// Everything around the view.
struct Document {
    title: String,
    description: Option<String>,
    theme: Option<Theme>,
    style: String,
    script: String,
    wasm: String,
    width: Width,
    side: Option<Side>,
    frame: Frame,
}

impl Document {
    fn view<V: IntoView + 'static>(self, body: impl FnOnce() -> V + Send + 'static) -> impl IntoView {
        let nonce = use_nonce().expect("leptos provides a nonce to every rendering");
        let policy = policy_of_page(&nonce);
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            expect_context::<leptos_axum::ResponseOptions>().insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
        let theme = self.theme.map(Theme::name);
        let brand = self.frame.brand.css();
        let side = self.side.map(|side| side());
        let start = format!("{START_ISLANDS}({:?},{:?});", self.script, self.wasm);
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=theme>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title>{self.title}</title>
                    {self.description.map(|text| view! { <meta name="description" content=text/> })}
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <link rel="stylesheet" href=self.style/>
                    {brand.map(|css| view! { <style nonce=nonce.clone()>{css}</style> })}
                    <script type="module" nonce=nonce inner_html=start></script>
                </head>
                <body>
                    {match side {
                        Some(side) => view! { <Shell frame=self.frame width=self.width side>{body()}</Shell> }.into_any(),
                        None => view! { <Shell frame=self.frame width=self.width>{body()}</Shell> }.into_any(),
                    }}
                </body>
            </html>
        }
    }
}

/// Gives a page its validator, and answers 304 where the browser has the same page already.
///
/// The validator leaves the nonce out: it differs in every rendering and says nothing about the page.
async fn finish(response: Response, known: Option<HeaderValue>) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return super::Error::broken(anyhow::anyhow!(error)).into_response(),
    };
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if parts.status != StatusCode::OK {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let tag = entity_tag(&parts, &bytes);
    let is_known = known.is_some_and(|known| known.as_bytes().windows(tag.len()).any(|part| part == tag.as_bytes()));
    if let Ok(value) = HeaderValue::from_str(&format!("W/{tag}")) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_SECURITY_POLICY);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn entity_tag(parts: &axum::http::response::Parts, html: &[u8]) -> String {
    let policy = parts.headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok()).unwrap_or("");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("");
    let mut hash = Sha256::new();
    match std::str::from_utf8(html) {
        Ok(text) if !nonce.is_empty() => text.split(nonce).for_each(|part| hash.update(part)),
        _ => hash.update(html),
    }
    format!("\"{}\"", data_encoding::BASE64URL_NOPAD.encode(&hash.finalize()[..16]))
}

/// Sends the visitor on after something was done, with a sentence for the next page.
pub fn see_other(portal: &Portal, path: &str, sentence: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    if !sentence.is_empty() {
        Flash::set(&mut response, &portal.config.base_url, sentence);
    }
    response
}

/// The path, if it leads to this portal and nowhere else: a link must not send people away after a sign-in.
pub fn local_path(path: &str) -> Option<&str> {
    let is_local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    is_local.then_some(path)
}

/// An error as a page: what happened, what to do, and the request's id for support.
pub(super) async fn error_page(page: Page, error: &super::Error, request: &ClientRequest) -> Response {
    let code = error.code();
    let text = format!("{} {}", error.detail(), code.advice());
    let request_id = request.id.as_str().to_owned();
    let body = move || {
        view! {
            <ui::Failure status=code.status().as_u16() title=code.title() text request_id>
                <ui::LinkButton href="/">"Go to the start page"</ui::LinkButton>
            </ui::Failure>
        }
    };
    page.status(code.status()).width(Width::Narrow).render(code.title(), body).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_portal_are_local() {
        assert_eq!(local_path("/docs/parcels?x=1#y"), Some("/docs/parcels?x=1#y"));
        for elsewhere in ["", "https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", "/\t/x"]
        {
            assert_eq!(local_path(elsewhere), None, "{elsewhere}");
        }
    }
}
