//! The page that stands for one that could not be shown.
use leptos::prelude::*;

use super::words::Words;

/// What happened, why, what to do, and the id to quote.
#[component]
pub fn Failure(
    /// The HTTP status.
    status: u16,
    /// What happened.
    #[prop(into)]
    title: String,
    /// Why, and what to do.
    #[prop(into)]
    text: String,
    /// The id that support finds in the log.
    #[prop(optional, into)]
    request_id: Words,
    /// Where to go from here.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="failure">
            <p class="code-line">{status}</p>
            <h1>{title}</h1>
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
            {request_id.0.map(|id| view! { <p class="note">"Request "<code>{id}</code></p> })}
        </div>
    }
}
