use leptos::prelude::*;

use super::{copy_button::copy_to_clipboard, fetch::text_at};

/// Copies what the server has at an address, and says so. Without the script there is no button: it could do nothing.
#[island]
pub fn CopyPage(
    /// The address.
    text: String,
) -> impl IntoView {
    let said = RwSignal::new("Copy page");
    let enabled = RwSignal::new(false);
    Effect::new(move |_| enabled.set(true));
    let copy = move |_| {
        let address = text.clone();
        leptos::task::spawn_local(async move {
            let fetched = text_at(&address).await;
            said.set(if fetched.is_some() { "Copied" } else { "Could not be copied" });
            if let Some(text) = fetched {
                copy_to_clipboard(&text);
            }
        });
    };
    view! {
        <button class="button copy" type="button" data-size="small" hidden=move || !enabled.get() on:click=copy>
            <span aria-live="polite">{said}</span>
        </button>
    }
}
