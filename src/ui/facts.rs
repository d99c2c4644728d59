//! What is known about a thing: pairs of a label and a value.
use leptos::prelude::*;

/// A list of facts.
#[component]
pub fn Facts(
    /// Side by side or one below the other.
    #[prop(optional)]
    layout: FactsLayout,
    /// `<Fact>` after `<Fact>`.
    children: Children,
) -> impl IntoView {
    let layout = match layout {
        FactsLayout::Columns => None,
        FactsLayout::Rows => Some("rows"),
    };
    view! { <dl class="facts" data-layout=layout>{children()}</dl> }
}

/// One fact.
#[component]
pub fn Fact(
    /// The label.
    #[prop(into)]
    term: String,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! { <div><dt>{term}</dt><dd>{children()}</dd></div> }
}

/// How facts stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactsLayout {
    /// Side by side, label above value.
    #[default]
    Columns,
    /// One below the other, label before value.
    Rows,
}
