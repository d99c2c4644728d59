//! A view becomes a document, and the document an answer.

mod finished;
mod remembered;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderValue, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use futures_util::StreamExt;
use hydration_context::SsrSharedContext;
use leptos::{nonce::use_nonce, prelude::*};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub use self::remembered::RememberedPages;
use self::{finished::Finished, remembered::Key};
use super::{ClientRequest, Flash, Visitor, cookies::read_cookie};
use crate::{
    islands::Palette,
    portal::Portal,
    ui::{self, Brand, Frame, Place, SearchField, Shell, Theme, Tone, Width},
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
    edition: Option<u64>,
    is_in_markdown: bool,
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
        Self {
            portal,
            parts,
            visitor,
            status: StatusCode::OK,
            description: None,
            width: Width::Page,
            side: None,
            edition: None,
            is_in_markdown: false,
        }
    }

    /// Answers with another status than 200.
    pub fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The sentence that search engines and link previews show.
    pub fn description(self, description: impl Into<String>) -> Self {
        Self { description: Some(description.into()), ..self }
    }

    /// Says that the page is Markdown too: at its address with `.md`, and for who asks for it.
    pub fn in_markdown(self) -> Self {
        Self { is_in_markdown: true, ..self }
    }

    /// How wide the text runs.
    pub fn width(self, width: Width) -> Self {
        Self { width, ..self }
    }

    /// Puts a menu beside the text.
    pub fn side<V: IntoView + 'static>(self, side: impl FnOnce() -> V + Send + 'static) -> Self {
        Self { side: Some(Box::new(move || side().into_any())), ..self }
    }

    /// Renders it once for each reader and edition: what it shows must depend on nothing else than those two and its
    /// path. The edition counts changes of what is published.
    pub fn remembered(self, edition: u64) -> Self {
        Self { edition: Some(edition), ..self }
    }

    /// Renders the view inside the portal's frame.
    pub async fn render<V: IntoView + 'static>(
        self,
        title: impl Into<String>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let is_in_markdown = self.is_in_markdown;
        let mut response = self.found_or_rendered(title, body).await;
        if is_in_markdown {
            response.headers_mut().append(header::VARY, HeaderValue::from_static("accept"));
        }
        response
    }

    async fn found_or_rendered<V: IntoView + 'static>(
        mut self,
        title: impl Into<String>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let portal = self.portal.clone();
        let flash = Flash::read(&self.parts.headers, &portal.config.base_url);
        let shown_flash = flash.is_some();
        let (status, asked) = (self.status, self.parts.headers.clone());
        let document = self.document(title.into(), flash);
        let key = self.key(&document);
        if let Some(page) = key.as_ref().and_then(|key| portal.pages.find(key)) {
            return page.answer(&asked, status);
        }
        let page = match document.finish(Request::from_parts(self.parts, Body::empty()), body).await {
            Ok(page) => page,
            Err(error) => return super::Error::broken(error).into_response(),
        };
        let Some(key) = key else {
            let mut response = page.answer(&asked, status);
            if shown_flash {
                Flash::clear(&mut response, &portal.config.base_url);
            }
            return response;
        };
        let page = Arc::new(page.compressed());
        portal.pages.keep(key, Arc::clone(&page));
        page.answer(&asked, status)
    }

    /// What the page depends on, if that is all that it depends on.
    fn key(&self, document: &Document) -> Option<Key> {
        let is_plain =
            self.status == StatusCode::OK && self.parts.uri.query().is_none() && document.frame.flash.is_none();
        let edition = self.edition.filter(|_| is_plain)?;
        Some(Key {
            path: document.frame.path.clone(),
            edition,
            theme: document.theme,
            brand: document.frame.brand.clone(),
            account: self.visitor.session.as_ref().map(|session| session.account),
            visitor: document.frame.visitor.clone(),
        })
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
            markdown: self.is_in_markdown.then(|| format!("{}.md", self.parts.uri.path())),
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

/// Leptos would put what islands need after the end of the page, where HTML has no place for it.
fn with_scripts(mut html: String, scripts: &str) -> String {
    let end = html.rfind("</body>").unwrap_or(html.len());
    html.insert_str(end, scripts);
    html
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
    markdown: Option<String>,
    theme: Option<Theme>,
    style: String,
    script: String,
    wasm: String,
    width: Width,
    side: Option<Side>,
    frame: Frame,
}

impl Document {
    /// Renders the document; `request` is what leptos wants to know of.
    async fn finish<V: IntoView + 'static>(
        self,
        request: Request<Body>,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> anyhow::Result<Finished> {
        let nonce = Arc::new(Mutex::new(String::new()));
        let used = Arc::clone(&nonce);
        let response = leptos_axum::handle_response_inner(
            || {},
            move || {
                let nonce = use_nonce().expect("leptos provides a nonce to every rendering");
                *used.lock().unwrap_or_else(PoisonError::into_inner) = nonce.to_string();
                self.view(body)
            },
            request,
            |view, chunks, _| {
                Box::pin(async move {
                    let html = view.to_html_stream_in_order().collect::<String>().await;
                    let scripts = chunks().collect::<String>().await;
                    Box::pin(futures_util::stream::once(async move { with_scripts(html, &scripts) })) as _
                })
            },
        )
        .await;
        let html = without_controls(axum::body::to_bytes(response.into_body(), usize::MAX).await?);
        let nonce = nonce.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Finished::from_rendered(std::str::from_utf8(&html)?, &nonce))
    }

    fn view<V: IntoView + 'static>(self, body: impl FnOnce() -> V + Send + 'static) -> impl IntoView {
        let nonce = use_nonce().expect("leptos provides a nonce to every rendering");
        let theme = self.theme.map(Theme::name);
        let brand = self.frame.brand.css();
        let side = self.side.map(|side| side());
        let search = view! { <Palette><SearchField/></Palette> }.into_any();
        let start = format!("{START_ISLANDS}({:?},{:?});", self.script, self.wasm);
        view! {
            <!DOCTYPE html>
            <html lang="en" data-theme=theme>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title>{self.title}</title>
                    {self.description.map(|text| view! { <meta name="description" content=text/> })}
                    {self.markdown.map(|href| view! { <link rel="alternate" type="text/markdown" href=href/> })}
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                    <link rel="stylesheet" href=self.style/>
                    {brand.map(|css| view! { <style nonce=nonce.clone()>{css}</style> })}
                    <script type="module" nonce=nonce inner_html=start></script>
                </head>
                <body>
                    {match side {
                        Some(side) => view! { <Shell frame=self.frame width=self.width side search>{body()}</Shell> }.into_any(),
                        None => view! { <Shell frame=self.frame width=self.width search>{body()}</Shell> }.into_any(),
                    }}
                </body>
            </html>
        }
    }
}

/// HTML has no place for control characters, and what partners and documents write may have any.
fn without_controls(html: Bytes) -> Bytes {
    let is_suspect = |(at, byte): (usize, &u8)| match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..=0x1f | 0x7f => true,
        // The first byte of the controls after 0x7f, and of the code points that are no characters.
        0xc2 => html.get(at + 1).is_some_and(|next| *next < 0xa0),
        0xef => html.get(at + 1).is_some_and(|next| matches!(next, 0xb7 | 0xbf)),
        _ => false,
    };
    if !html.iter().enumerate().any(is_suspect) {
        return html;
    }
    let is_none = |c: char| {
        let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32 & 0xfffe) == 0xfffe;
        (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || is_noncharacter
    };
    String::from_utf8_lossy(&html).replace(is_none, "\u{fffd}").into()
}

/// The HTML of a view by itself, islands included.
pub fn rendered<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| view().to_html())
}

/// A part of a page, for an island to put in place.
pub fn fragment<V: IntoView>(status: StatusCode, view: impl FnOnce() -> V) -> Response {
    let html = rendered(view);
    let headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("x-fragment", "true")];
    (status, headers, html).into_response()
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
    // The same wherever nothing is found: it must not tell what is hidden from what is not there.
    let may_be_hidden = code == super::Code::NotFound && page.visitor.session.is_none();
    let next = utf8_percent_encode(&request.path, NON_ALPHANUMERIC).to_string();
    let body = move || {
        let sign_in = may_be_hidden
            .then(|| view! { <ui::LinkButton href=format!("/login?next={next}")>"Sign in, if it is for partners"</ui::LinkButton> });
        view! {
            <ui::Failure status=code.status().as_u16() title=code.title() text request_id>
                {sign_in}
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
    fn what_is_no_character_of_html_is_replaced() {
        let fine = "<p>Größe · 1\t2\n\u{feff}\u{1f980}</p>";
        assert_eq!(without_controls(fine.into()), fine);
        let replaced = without_controls("a\0b\u{1b}c\u{85}d\u{7f}e\u{fffe}f\u{fdd0}".into());
        assert_eq!(replaced, "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}e\u{fffd}f\u{fffd}");
    }

    #[test]
    fn only_paths_of_this_portal_are_local() {
        assert_eq!(local_path("/docs/parcels?x=1#y"), Some("/docs/parcels?x=1#y"));
        for elsewhere in ["", "https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", "/\t/x"]
        {
            assert_eq!(local_path(elsewhere), None, "{elsewhere}");
        }
    }
}
