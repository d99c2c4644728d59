//! The neighbours of a page: operations before and after, or the next part of a list.
use leptos::prelude::*;

use super::{link::Link, words::Words};

/// Links to what comes before and after.
#[component]
pub fn Pager(
    /// What comes before, if anything.
    #[prop(optional_no_strip)]
    before: Option<Link>,
    /// What comes after, if anything.
    #[prop(optional_no_strip)]
    after: Option<Link>,
    /// What is being paged; "Neighbours" where left out.
    #[prop(optional, into)]
    label: Words,
) -> impl IntoView {
    let side = |rel: &'static str, words: &'static str, link: Option<Link>| match link {
        Some(link) => view! { <a href=link.href rel=rel><small>{words}</small>{link.label}</a> }.into_any(),
        None => view! { <span></span> }.into_any(),
    };
    view! {
        <nav class="pager" aria-label=label.0.unwrap_or_else(|| "Neighbours".to_owned())>
            {side("prev", "Before", before)}
            {side("next", "Next", after)}
        </nav>
    }
}
