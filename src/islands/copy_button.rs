use leptos::prelude::*;

/// Copies a text to the clipboard and says so. Without the script there is no button: it could do nothing.
#[island]
pub fn CopyButton(
    /// What is copied.
    text: String,
    /// What the button is called, e.g. "Copy secret".
    label: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let enabled = RwSignal::new(false);
    Effect::new(move |_| enabled.set(true));
    let copy = move |_| {
        copy_to_clipboard(&text);
        copied.set(true);
    };
    view! {
        <button class="button copy" type="button" data-size="small" hidden=move || !enabled.get() on:click=copy>
            <span aria-live="polite">{move || if copied.get() { "Copied".to_owned() } else { label.clone() }}</span>
        </button>
    }
}

#[cfg(feature = "hydrate")]
pub(super) fn copy_to_clipboard(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}

#[cfg(not(feature = "hydrate"))]
pub(super) fn copy_to_clipboard(_: &str) {}
