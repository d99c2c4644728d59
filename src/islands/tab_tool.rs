use leptos::{html::Button, prelude::*};

/// Copies the open tab of the set that it stands in, and opens the one that was chosen last, on this page or another.
/// Without the script the first tab is open, and there is no button: it could do nothing.
#[island]
pub fn TabTool(
    /// What the tabs are versions of; under this name the choice is kept.
    topic: String,
    /// What the button is called, e.g. "Copy the request".
    label: String,
) -> impl IntoView {
    let button = NodeRef::<Button>::new();
    let (enabled, copied) = (RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| {
        if button.get().is_some() {
            remember_choice(button, topic.clone(), copied);
            enabled.set(true);
        }
    });
    let copy = move |_| {
        copy_open_tab(button);
        copied.set(true);
    };
    let title = label.clone();
    view! {
        <button
            node_ref=button
            class="icon-button copy-tab"
            type="button"
            title=title
            data-done=move || copied.get().then_some("true")
            hidden=move || !enabled.get()
            on:click=copy
        >
            <span class="visually-hidden" aria-live="polite">
                {move || if copied.get() { "Copied".to_owned() } else { label.clone() }}
            </span>
        </button>
    }
}

#[cfg(feature = "hydrate")]
fn remember_choice(button: NodeRef<Button>, topic: String, copied: RwSignal<bool>) {
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{Element, Event};

    let Some(tabs) = tabs_around(button) else { return };
    let kept = || window().local_storage().ok().flatten();
    if let Some(choice) = kept().and_then(|kept| kept.get_item(&topic).ok().flatten())
        && let Ok(Some(tab)) = tabs.query_selector(&format!("details[data-choice=\"{choice}\"]"))
    {
        let _ = tab.set_attribute("open", "");
    }
    let toggled = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let Some(tab) = event.target().and_then(|it| it.dyn_into::<Element>().ok()) else { return };
        copied.set(false);
        if let (true, Some(choice), Some(kept)) = (tab.has_attribute("open"), tab.get_attribute("data-choice"), kept())
        {
            let _ = kept.set_item(&topic, &choice);
        }
    });
    // The event does not bubble, but it can be seen on its way down.
    let _ = tabs.add_event_listener_with_callback_and_bool("toggle", toggled.as_ref().unchecked_ref(), true);
    toggled.forget(); // it lives as long as the page
}

#[cfg(feature = "hydrate")]
fn copy_open_tab(button: NodeRef<Button>) {
    let code = tabs_around(button).and_then(|tabs| tabs.query_selector("details[open] pre").ok().flatten());
    if let Some(text) = code.and_then(|code| code.text_content()) {
        let _ = window().navigator().clipboard().write_text(&text);
    }
}

#[cfg(feature = "hydrate")]
fn tabs_around(button: NodeRef<Button>) -> Option<web_sys::Element> {
    button.get_untracked()?.closest(".tabs").ok().flatten()
}

#[cfg(not(feature = "hydrate"))]
fn remember_choice(_: NodeRef<Button>, _: String, _: RwSignal<bool>) {}

#[cfg(not(feature = "hydrate"))]
fn copy_open_tab(_: NodeRef<Button>) {}
