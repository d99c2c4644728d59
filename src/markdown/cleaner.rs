//! HTML that an author wrote into a text: brought into the form of ours, then cleaned from a list of what is allowed.

use std::{collections::HashSet, sync::LazyLock};

use ammonia::Builder;

use super::{SCHEMES, is_external};

/// Links that lead out of the portal lend it no name and no weight.
pub(super) const REL: &str = "noopener nofollow";

/// A group and not a region: a page with many tables would have as many landmarks.
pub(super) const TABLE_OPENS: &str = r#"<div class="table" tabindex="0" role="group" aria-label="Table">"#;

/// What is left of HTML when nothing in it may run, pose as the page's own, or load from elsewhere.
pub(super) fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

/// Gives the tags of an author's own HTML the form that ours have; the cleaner decides afterwards what stays.
pub(super) fn tamed(html: &str) -> String {
    let mut tamed = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        tamed.push_str(&rest[..at]);
        rest = &rest[at..];
        let marker = if rest.starts_with("</") { 2 } else { 1 };
        let length = rest[marker..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len() - marker);
        let name = rest[marker..marker + length].to_ascii_lowercase();
        let (start, end) = rest.split_at(marker + length);
        match (name.as_str(), marker) {
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", 1) => tamed.push_str("<p"),
            ("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => tamed.push_str("</p"),
            ("a", 1) => tamed.push_str(&format!("<a rel=\"{REL}\"")),
            ("pre", 1) => tamed.push_str("<pre tabindex=\"0\""),
            ("table", 1) => tamed.push_str(&format!("{TABLE_OPENS}<table")),
            ("table", _) => tamed.push_str("</table></div"),
            _ => tamed.push_str(start),
        }
        rest = end;
    }
    tamed.push_str(rest);
    tamed
}

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        // Landmarks and the heading of the page belong to the page; image maps to nobody.
        .rm_tags(["h1", "header", "footer", "nav", "aside", "article", "hgroup", "map", "area"])
        .url_schemes(HashSet::from(SCHEMES))
        .link_rel(None)
        .add_tag_attribute_values("a", "rel", [REL])
        .add_tag_attribute_values("pre", "tabindex", ["0"])
        .add_tag_attribute_values("div", "tabindex", ["0"])
        .add_tag_attribute_values("div", "role", ["group"])
        .add_tag_attribute_values("div", "aria-label", ["Table"])
        .add_allowed_classes("div", ["table"])
        .add_allowed_classes("th", ["center", "right"])
        .add_allowed_classes("td", ["center", "right"])
        .add_allowed_classes("span", ["n", "s", "d", "w", "c", "hole"])
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if is_external(value) => None,
            _ => Some(value.into()),
        });
    for heading in ["h2", "h3", "h4", "h5", "h6"] {
        builder.add_tag_attributes(heading, ["id"]);
    }
    builder
});
