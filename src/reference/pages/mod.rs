//! The reference as partners read it. Every page is rendered from the model in memory; the database is not asked.

mod alone;
mod anchors;
mod authentication;
mod callable;
mod callbacks;
mod choices;
mod content;
mod conventions;
mod encoding;
mod enumeration;
mod errors;
mod examples;
mod headers;
mod index;
mod limits;
mod lost;
mod menu;
mod next_calls;
mod operation;
mod overview;
mod parameters;
mod phrase;
mod place;
mod properties;
mod rules;
mod samples;
mod schemas;
mod servers;
mod sunset;
mod unfolding;
mod webhooks;

use axum::response::Response;
use leptos::prelude::*;

pub use self::{alone::pages_alone, callable::Callable};
pub(super) use self::{content::reason, place::Place};
use crate::{
    islands::{CopyButton, CopyPage},
    markdown::{self, Headings},
    web::{Access, Page, Routes},
};

/// `/docs` and below.
pub fn routes() -> Routes {
    let public = Access::Public;
    Routes::new()
        .get("/docs", public, index::index)
        .get("/docs/{api}", public, overview::newest)
        .get("/docs/{api}/{version}", public, overview::show)
        .get("/docs/{api}/{version}/operations/{operation}", public, operation::show)
        .get("/docs/{api}/{version}/schemas", public, schemas::index)
        .get("/docs/{api}/{version}/schemas/{schema}", public, schemas::show)
        .get("/docs/{api}/{version}/properties", public, unfolding::show)
        .get("/docs/{api}/{version}/webhooks", public, webhooks::index)
        .get("/docs/{api}/{version}/webhooks/{event}", public, webhooks::show)
        .get("/docs/{api}/{version}/errors", public, errors::show)
}

/// A page about a version as a whole, at this part of its address; another version's overview is its counterpart.
async fn of_version<V: IntoView + 'static>(
    page: Page,
    place: Place,
    (part, title): (&'static str, &'static str),
    view: fn(&Place) -> V,
) -> Response {
    let (side, title) = (place.clone(), place.title(title));
    page.remembered(place.edition)
        .in_markdown()
        .side(move || {
            menu::menu(&side, &menu::Here::at(side.below(part)), |other: &super::Version| side.overview_of(other))
        })
        .render(title, move || view(&place))
        .await
}

/// A description of the document, as long as an article.
fn article(text: Option<&str>, level: u8, prefix: &str) -> Option<impl IntoView + use<>> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let html = markdown::render(text, Headings::From { level, prefix }).html;
    Some(view! { <div class="prose" inner_html=html></div> })
}

/// A description of a part, inside of a list or a table.
fn words(text: Option<&str>) -> Option<impl IntoView + use<>> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let html = markdown::render(text, Headings::Bold).html;
    Some(view! { <div class="prose" inner_html=html></div> })
}

/// A link to a page's text, and the button that copies it.
fn as_markdown(path: &str) -> AnyView {
    let text = format!("{path}.md");
    view! { <a class="note" href=text.clone()>"View as Markdown"</a><CopyPage text/> }.into_any()
}

/// The button that copies a text.
fn copy(text: String) -> AnyView {
    let label = "Copy".to_owned();
    view! { <CopyButton text label/> }.into_any()
}

/// An address that a document gives, as a link where following it runs nothing.
fn address(url: &str, label: String) -> AnyView {
    if !markdown::is_safe(url) {
        return label.into_any();
    }
    let rel = markdown::is_external(url).then_some("noopener nofollow");
    view! { <a href=url.to_owned() rel=rel>{label}</a> }.into_any()
}
