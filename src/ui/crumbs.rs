//! Where a page is: the places above it.
use leptos::prelude::*;

use super::link::Link;

/// The trail from the section to the parent of this page.
#[component]
pub fn Crumbs(
    /// The places, outermost first.
    trail: Vec<Link>,
) -> impl IntoView {
    view! {
        <nav aria-label="Where you are">
            <ol class="crumbs">
                {trail.into_iter().map(|link| view! { <li><a href=link.href>{link.label}</a></li> }).collect_view()}
            </ol>
        </nav>
    }
}
