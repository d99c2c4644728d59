//! The menu beside every page of the dashboard.

use leptos::prelude::*;

use super::{
    icon::Glyph,
    menu::{Menu, MenuItem},
};

const OVERVIEW: &str = "/dashboard";
const APPS: &str = "/dashboard/apps";

/// Where one works.
const WORK: [(&str, &str, Glyph); 4] = [
    (OVERVIEW, "Overview", Glyph::Home),
    (APPS, "Apps and keys", Glyph::Key),
    ("/dashboard/calls", "Calls", Glyph::Send),
    ("/dashboard/usage", "Usage", Glyph::Gauge),
];
/// Who one is.
const PEOPLE: [(&str, &str, Glyph); 4] = [
    ("/dashboard/team", "Team", Glyph::People),
    ("/dashboard/tokens", "Management tokens", Glyph::Lock),
    ("/dashboard/audit", "Audit trail", Glyph::Eye),
    ("/dashboard/account", "Your account", Glyph::Info),
];
/// Pages that belong to a place although their address does not start with its.
const ELSEWHERE: [(&str, &str); 1] = [("/dashboard/keys", APPS)];

/// The menu, with the place marked to which `path` belongs.
pub fn partner_menu(path: &str) -> impl IntoView + use<> {
    let current = place_of(path);
    view! {
        <Menu label="Dashboard" current items=items(WORK)/>
        <Menu label="Organization" heading="Organization" current items=items(PEOPLE)/>
    }
}

fn items<const N: usize>(places: [(&str, &str, Glyph); N]) -> Vec<MenuItem> {
    places.map(|(href, label, icon)| MenuItem::new(href, label).icon(icon)).into()
}

fn place_of(path: &str) -> &'static str {
    let own = WORK.iter().chain(&PEOPLE).map(|(href, ..)| (*href, *href));
    own.chain(ELSEWHERE)
        .filter(|(href, _)| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        .max_by_key(|(href, _)| href.len())
        .map_or(OVERVIEW, |(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_marks_the_place_it_belongs_to() {
        assert_eq!(place_of("/dashboard"), OVERVIEW);
        assert_eq!(place_of("/dashboard/apps/app_1/settings"), APPS);
        assert_eq!(place_of("/dashboard/keys/key_1"), APPS);
        assert_eq!(place_of("/dashboard/team"), "/dashboard/team");
        assert_eq!(place_of("/dashboard/teams"), OVERVIEW);
    }
}
