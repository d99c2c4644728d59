//! The menu beside every page of a version: its parts, its operations by tag, its other versions.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        State, Version,
        admin::day,
        model::Operation,
        navigation::{Group, TagEntry},
    },
    Place,
};
use crate::{
    islands::MenuFilter,
    ui::{Link, Menu, MenuGroup, MenuItem, MenuSearch, Opening, Tone},
};

/// With more, the menu has one link to their list.
const LISTED_WEBHOOKS: usize = 30;

/// With more tags, only the current one is open.
const OPEN_TAGS: usize = 8;

/// Where the reader is.
#[derive(Clone, Debug, Default)]
pub(super) struct Here {
    /// The path of the page.
    pub path: String,
    /// The tag it belongs to.
    pub tag: Option<String>,
}

impl Here {
    pub fn at(path: String) -> Self {
        Self { path, tag: None }
    }
}

/// The menu; `in_version` says where the page is in another version.
pub(super) fn menu(place: &Place, here: &Here, in_version: impl Fn(&Version) -> Link) -> AnyView {
    let overview = vec![
        MenuItem::new(place.path(), "Overview"),
        MenuItem::new(format!("{}#authentication", place.path()), "Authentication"),
        MenuItem::new(place.below("errors"), "Errors"),
        MenuItem::new(place.below("schemas"), "Schemas"),
    ];
    let other_versions = versions(place, in_version);
    let label = place.api.name.clone();
    let current = here.path.clone();
    let (asks, api, name) = (asks(place), place.api.slug.clone(), label.clone());
    let menus = view! { {operations(place, here)}{webhooks(place, current.clone())} };
    view! {
        <Menu label=format!("{label}: parts") heading=label current items=overview groups=other_versions/>
        <MenuFilter asks>
            <MenuSearch api name/>
            <div class="menus" id="menus">{menus}</div>
        </MenuFilter>
    }
    .into_any()
}

/// Where the filter asks for what the menu does not have; empty where it has all.
fn asks(place: &Place) -> String {
    match place.version.navigation().is_short() {
        true => String::new(),
        false => format!(
            "/search/suggestions?in=menu&kind=operation&api={}&version={}&q=",
            place.api.slug, place.version.name
        ),
    }
}

fn versions(place: &Place, in_version: impl Fn(&Version) -> Link) -> Vec<MenuGroup> {
    let others = place.api.versions.iter().filter(|version| !Arc::ptr_eq(version, &place.version));
    let items: Vec<_> = others
        .map(|version| {
            let item = MenuItem::new(in_version(version).href, &version.name);
            match (version.state, version.sunset_on) {
                (State::Stable, _) => item,
                (State::Beta, _) => item.badge(Tone::Plan, "beta"),
                (State::Deprecated, Some(date)) => item.badge(Tone::Warn, format!("until {}", day(date))),
                (State::Deprecated, None) => item.badge(Tone::Warn, "deprecated"),
                (State::Retired, _) => item.badge(Tone::Bad, "retired"),
            }
        })
        .collect();
    let heading = format!("Version {}", place.version.name);
    if items.is_empty() { Vec::new() } else { vec![MenuGroup { heading, items, opening: Opening::Closed }] }
}

fn operations(place: &Place, here: &Here) -> AnyView {
    let navigation = place.version.navigation();
    let current = here.path.clone();
    if navigation.is_short() {
        let tags = navigation.tags().count();
        let opening = if tags <= OPEN_TAGS { Opening::Open } else { Opening::Closed };
        let menus = navigation.groups.iter().map(|group| {
            let groups: Vec<_> = group.tags.iter().map(|tag| tag_group(place, tag, opening)).collect();
            view! { <Menu label=label_of(group) heading=group.name.clone() current=current.clone() groups/> }
        });
        return menus.collect_view().into_any();
    }
    let open = here.tag.as_deref().and_then(|name| navigation.tag(name));
    let open_tag = open.map(|tag| {
        let groups = vec![tag_group(place, tag, Opening::Open)];
        view! { <Menu label="Operations" current=current.clone() groups/> }
    });
    let menus = navigation.groups.iter().map(|group| {
        let items: Vec<_> = group.tags.iter().map(|tag| tag_item(place, tag)).collect();
        let heading = group.name.clone().unwrap_or_else(|| "Operations by tag".to_owned());
        view! { <Menu label=heading.clone() heading items/> }
    });
    view! { {open_tag}{menus.collect_view()} }.into_any()
}

fn label_of(group: &Group) -> String {
    group.name.as_ref().map_or_else(|| "Operations".to_owned(), |name| format!("Operations: {name}"))
}

fn tag_group(place: &Place, tag: &TagEntry, opening: Opening) -> MenuGroup {
    let operations = tag.operations.iter().filter_map(|at| place.document().operations().get(*at));
    let items = operations.map(|operation| operation_item(place, operation)).collect();
    MenuGroup { heading: tag.title.clone(), items, opening }
}

fn operation_item(place: &Place, operation: &Operation) -> MenuItem {
    let item = MenuItem::new(place.operation_path(operation), operation.title());
    let item = item.method(operation.method.as_str()).words(&operation.path);
    if operation.deprecated { item.badge(Tone::Warn, "old") } else { item }
}

fn tag_item(place: &Place, tag: &TagEntry) -> MenuItem {
    MenuItem::new(place.tag_path(tag), &tag.title).badge(Tone::Plain, tag.operations.len().to_string())
}

fn webhooks(place: &Place, current: String) -> Option<impl IntoView + use<>> {
    let webhooks = place.document().webhooks();
    if webhooks.is_empty() {
        return None;
    }
    let list = place.below("webhooks");
    if webhooks.len() > LISTED_WEBHOOKS {
        let items = vec![MenuItem::new(list, "Webhooks").badge(Tone::Plain, webhooks.len().to_string())];
        return Some(view! { <Menu label="Webhooks" current items/> });
    }
    let items = webhooks.iter().map(|webhook| MenuItem::new(format!("{list}/{}", webhook.id), &webhook.name));
    let groups = vec![MenuGroup { heading: "Webhooks".into(), items: items.collect(), opening: Opening::Open }];
    Some(view! { <Menu label="Webhooks" current groups/> })
}
