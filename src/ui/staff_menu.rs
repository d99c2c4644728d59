//! The menu beside every staff page.

use leptos::prelude::*;

use super::{
    icon::Glyph,
    menu::{Menu, MenuItem},
};

/// The places, each with the pages below it.
const PLACES: [(&str, &str, Glyph); 9] = [
    (OVERVIEW, "Overview", Glyph::Home),
    ("/admin/apis", "APIs", Glyph::Book),
    ("/admin/partners", "Partners", Glyph::People),
    ("/admin/mail", "Mail", Glyph::Mail),
    ("/admin/audit", "Audit trail", Glyph::Eye),
    ("/admin/tokens", "Tokens", Glyph::Key),
    ("/admin/staff", "Staff", Glyph::Lock),
    ("/admin/settings", "Settings", Glyph::Gauge),
    ("/admin/styleguide", "Style guide", Glyph::Theme),
];
const OVERVIEW: &str = "/admin";

/// The menu, with the place marked to which `path` belongs.
pub fn staff_menu(path: &str) -> impl IntoView + use<> {
    let items: Vec<_> = PLACES.map(|(href, label, icon)| MenuItem::new(href, label).icon(icon)).into();
    view! { <Menu label="Administration" heading="Administration" current=place_of(path) items/> }
}

fn place_of(path: &str) -> &'static str {
    let is_within = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    PLACES
        .iter()
        .map(|(href, ..)| *href)
        .filter(|href| is_within(href))
        .max_by_key(|href| href.len())
        .unwrap_or(OVERVIEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_marks_the_place_it_belongs_to() {
        assert_eq!(place_of("/admin"), "/admin");
        assert_eq!(place_of("/admin/partners/org_1"), "/admin/partners");
        assert_eq!(place_of("/admin/apis/parcels/v1"), "/admin/apis");
        assert_eq!(place_of("/admin/mailbox"), "/admin");
    }
}
