//! What crawlers may read: the pages that everybody may see, and where their list is.

use axum::{http::HeaderMap, response::Response};
use serde::Deserialize;

use super::super::{Published, State, Viewer, pages::Place};
use crate::{
    portal::Portal,
    web::{Error, Query, Result, validated},
};

/// The most that one list may hold (sitemaps.org).
const LONGEST_LIST: usize = 50_000;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

const CLOSED: [&str; 5] = ["/admin", "/dashboard", "/invite/", "/sandbox/", "/verify-email"];

/// Which list is asked for, where there are several.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    part: Option<usize>,
}

pub(super) async fn robots(portal: Portal, headers: HeaderMap) -> Response {
    let closed: String = CLOSED.iter().map(|path| format!("Disallow: {path}\n")).collect();
    let text = format!("User-agent: *\n{closed}\nSitemap: {}\n", portal.config.base_url.join("/sitemap.xml"));
    validated(&headers, "text/plain; charset=utf-8", text)
}

pub(super) async fn show(portal: Portal, headers: HeaderMap, Query(asked): Query<Asked>) -> Result<Response> {
    let origin = portal.config.base_url.as_str().trim_end_matches('/');
    let pages = pages(&portal, &portal.catalogue.visible_to(Viewer::Anyone));
    let text = list(&pages, origin, asked.part, LONGEST_LIST).ok_or_else(Error::not_found)?;
    Ok(validated(&headers, "application/xml", text))
}

/// The paths that everybody may see.
fn pages(portal: &Portal, published: &Published) -> Vec<String> {
    let mut pages: Vec<String> = ["/", "/docs", "/guides"].map(str::to_owned).into();
    pages.extend(portal.guides.all().iter().map(|guide| guide.path()));
    for api in &published.apis {
        for version in api.versions.iter().filter(|version| version.state != State::Retired) {
            let place = Place::of(api.clone(), version.clone(), &portal.config.base_url, published.edition);
            let document = place.document();
            pages.push(place.path());
            pages.extend(["errors", "schemas"].map(|part| place.below(part)));
            pages.extend((!document.webhooks().is_empty()).then(|| place.below("webhooks")));
            pages.extend(document.operations().iter().map(|operation| place.operation_path(operation)));
            pages.extend(document.schemas().iter().map(|named| place.below(&format!("schemas/{}", named.id))));
            pages.extend(document.webhooks().iter().map(|webhook| place.below(&format!("webhooks/{}", webhook.id))));
        }
    }
    pages
}

/// One list; a list of lists where there are more pages than one may hold, and then each of them by its number from 1.
fn list(pages: &[String], origin: &str, part: Option<usize>, longest: usize) -> Option<String> {
    match part {
        None if pages.len() > longest => {
            let parts = (1..=pages.len().div_ceil(longest)).map(|part| format!("/sitemap.xml?part={part}"));
            Some(written("sitemapindex", "sitemap", parts, origin))
        }
        None => Some(written("urlset", "url", pages.iter().cloned(), origin)),
        Some(part) => {
            let own = pages.chunks(longest).nth(part.checked_sub(1)?)?;
            Some(written("urlset", "url", own.iter().cloned(), origin))
        }
    }
}

fn written(list: &str, entry: &str, paths: impl Iterator<Item = String>, origin: &str) -> String {
    let entries: String = paths
        .map(|path| format!("  <{entry}><loc>{}</loc></{entry}>\n", escaped(&format!("{origin}{path}"))))
        .collect();
    format!("{HEAD}<{list} xmlns=\"{NAMESPACE}\">\n{entries}</{list}>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_pages_than_a_list_may_hold_are_several_lists() {
        let pages: Vec<String> = (0..5).map(|number| format!("/docs/{number}")).collect();
        let of = |part, longest| list(&pages, "https://dev.example.com", part, longest);
        assert_eq!(of(None, 5).unwrap().matches("<url>").count(), 5);
        let index = of(None, 2).unwrap();
        assert!(index.contains("<loc>https://dev.example.com/sitemap.xml?part=3</loc>"), "{index}");
        assert!(!index.contains("part=4"));
        assert!(of(Some(3), 2).unwrap().contains("<loc>https://dev.example.com/docs/4</loc>"));
        assert_eq!((of(Some(0), 2), of(Some(4), 2)), (None, None));
    }
}
