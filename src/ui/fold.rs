//! Something that most readers skip, behind one line.
use leptos::prelude::*;

/// Content that opens on demand.
#[component]
pub fn Fold(
    /// The line.
    #[prop(into)]
    summary: String,
    /// How it starts.
    #[prop(optional)]
    starts: Opening,
    /// What is behind it.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=starts == Opening::Open>
            <summary>{summary}</summary>
            {children()}
        </details>
    }
}

/// How a fold starts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opening {
    /// Closed.
    #[default]
    Closed,
    /// Open.
    Open,
}
