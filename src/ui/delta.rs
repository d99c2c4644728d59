//! Things that are gone, different or new, each said in a word beside its colour.
use leptos::prelude::*;

use super::{
    badge::{Badge, Tone},
    method::MethodBadge,
};

/// A list of things that differ, gone ones first as the caller orders them.
#[component]
pub fn Delta(
    /// The things.
    items: Vec<DeltaItem>,
) -> impl IntoView {
    let rows = items.into_iter().map(|item| {
        let (tone, word) = item.kind.shown();
        let details = item.details.join(", ");
        view! {
            <li>
                <Badge tone>{word}</Badge>
                <span class="what">
                    {item.method.map(|method| view! { <MethodBadge method/> })}
                    <code>{item.name}</code>
                </span>
                {(!details.is_empty()).then(|| view! { <p>{details}</p> })}
            </li>
        }
    });
    view! { <ul class="delta">{rows.collect_view()}</ul> }
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeltaItem {
    /// What became of it.
    pub kind: DeltaKind,
    /// The method, where it is a call.
    pub method: Option<String>,
    /// Its name.
    pub name: String,
    /// What of it differs.
    pub details: Vec<String>,
}

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeltaKind {
    /// It is gone.
    Removed,
    /// It is different.
    Changed,
    /// It is new.
    Added,
}

impl DeltaKind {
    const fn shown(self) -> (Tone, &'static str) {
        match self {
            Self::Removed => (Tone::Bad, "Removed"),
            Self::Changed => (Tone::Warn, "Changed"),
            Self::Added => (Tone::Ok, "Added"),
        }
    }
}
