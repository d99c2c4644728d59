//! The published APIs and the guides.

use super::{
    super::super::{Api, Published},
    Text, text_of,
};
use crate::{
    guides::Guides,
    markdown::text::{item, link, plain},
};

pub(super) fn text(published: &Published, guides: &Guides) -> String {
    let mut text = Text::titled("Documentation");
    let apis: Vec<String> = published.apis.iter().map(|api| index_entry(api, "")).collect();
    text.section(2, "Reference", apis.join("\n"));
    let guides: Vec<String> = guides
        .all()
        .iter()
        .map(|guide| item(&format!("{}: {}", link(&guide.title, &text_of(&guide.path())), plain(&guide.summary))))
        .collect();
    text.section(2, "Guides", guides.join("\n"));
    text.end()
}

/// An API in one line; its link starts with `origin`.
pub(in super::super) fn index_entry(api: &Api, origin: &str) -> String {
    let newest = api.newest_stable();
    let path = format!("{origin}{}", text_of(&format!("/docs/{}/{}", api.slug, newest.name)));
    let summary = plain(&api.summary);
    let colon = if summary.is_empty() { "" } else { ": " };
    item(&format!("{}{colon}{summary}", link(&format!("{} {}", api.name, newest.name), &path)))
}
