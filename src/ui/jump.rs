//! The sections of a long page, as links at its top.
use leptos::prelude::*;

use super::link::Link;

/// Links to the sections of this page.
#[component]
pub fn Jump(
    /// The sections, as fragments.
    sections: Vec<Link>,
) -> impl IntoView {
    view! {
        <nav class="jump" aria-label="On this page">
            {sections.into_iter().map(|link| view! { <a href=link.href>{link.label}</a> }).collect_view()}
        </nav>
    }
}
