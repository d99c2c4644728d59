//! Fields that search: of the whole portal in the top bar, of one API in its menu. Without a script they are forms that
//! lead to the page of results.
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The field of the top bar.
#[component]
pub fn SearchField() -> impl IntoView {
    view! {
        <form class="search" role="search" action="/search" aria-label="The portal">
            <Icon glyph=Glyph::Search/>
            <input
                class="control"
                type="search"
                name="q"
                maxlength="200"
                aria-label="Search"
                aria-keyshortcuts="/ Control+K Meta+K"
                placeholder="Search operations, schemas, guides"
                autocomplete="off"
                spellcheck="false"
            />
            <kbd aria-hidden="true">"/"</kbd>
        </form>
    }
}

/// The field above the operations of an API: it filters what is below it, and Enter searches that API.
#[component]
pub fn MenuSearch(
    /// The API's name in addresses.
    api: String,
    /// Its name for people.
    name: String,
) -> impl IntoView {
    view! {
        <form class="search" action="/search">
            <Icon glyph=Glyph::Search/>
            <input
                class="control"
                type="search"
                name="q"
                maxlength="200"
                aria-label=format!("Find in {name}")
                placeholder="Find an operation"
                autocomplete="off"
                spellcheck="false"
            />
            <input type="hidden" name="api" value=api/>
        </form>
    }
}
