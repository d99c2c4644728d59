//! Menus: a list of places with the current one marked, in groups that fold.
use leptos::prelude::*;

use super::{
    badge::{Badge, Tone},
    fold::Opening,
    icon::{Glyph, Icon},
    method::MethodBadge,
    words::Words,
};

/// A menu of a side column.
#[component]
pub fn Menu(
    /// What it leads to, for those who do not see it.
    #[prop(into)]
    label: String,
    /// A heading in view.
    #[prop(optional, into)]
    heading: Words,
    /// The address of the place that is marked.
    #[prop(optional, into)]
    current: Words,
    /// Places outside of any group.
    #[prop(optional)]
    items: Vec<MenuItem>,
    /// Groups; the one with the current place is open.
    #[prop(optional)]
    groups: Vec<MenuGroup>,
    /// What stands below the heading: a field that chooses a version.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let current = current.0.unwrap_or_default();
    let groups = groups.into_iter().map(|group| {
        let open = group.opening == Opening::Open || group.items.iter().any(|item| item.href == current);
        let items = group.items.into_iter().map(|item| view! { <li>{place(item, &current)}</li> }).collect_view();
        view! { <details open=open><summary>{group.heading}</summary><ul class="list">{items}</ul></details> }
    });
    view! {
        <nav class="menu" aria-label=label>
            {heading.0.map(|heading| view! { <h2>{heading}</h2> })}
            {children.map(|children| children())}
            {items.into_iter().map(|item| place(item, &current)).collect_view()}
            {groups.collect_view()}
        </nav>
    }
}

fn place(item: MenuItem, current: &str) -> impl IntoView + use<> {
    let here = (item.href == current).then_some("page");
    view! {
        <a href=item.href aria-current=here data-words=item.words>
            {item.icon.map(|glyph| view! { <Icon glyph/> })}
            <span>{item.label}</span>
            {item.badge.map(|(tone, words)| view! { <Badge tone>{words}</Badge> })}
            {item.method.map(|method| view! { <MethodBadge method/> })}
        </a>
    }
}

/// A place of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    href: String,
    label: String,
    icon: Option<Glyph>,
    badge: Option<(Tone, String)>,
    method: Option<String>,
    words: Option<String>,
}

impl MenuItem {
    /// A place called `label` at `href`.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into(), icon: None, badge: None, method: None, words: None }
    }

    /// With an icon before its name.
    pub fn icon(self, icon: Glyph) -> Self {
        Self { icon: Some(icon), ..self }
    }

    /// With a word at its end.
    pub fn badge(self, tone: Tone, words: impl Into<String>) -> Self {
        Self { badge: Some((tone, words.into())), ..self }
    }

    /// With the HTTP method of an operation at its end.
    pub fn method(self, method: impl Into<String>) -> Self {
        Self { method: Some(method.into()), ..self }
    }

    /// With words that are not in view, by which a filter finds it too.
    pub fn words(self, words: impl Into<String>) -> Self {
        Self { words: Some(words.into()), ..self }
    }
}

/// Places that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuGroup {
    /// What they have in common.
    pub heading: String,
    /// The places.
    pub items: Vec<MenuItem>,
    /// How the group starts where the current place is elsewhere.
    pub opening: Opening,
}
