use leptos::prelude::*;

/// Narrows a long list to the entries with what is typed. Without the script there is no field, and the list is whole.
#[island]
pub fn ListFilter(
    /// The id of the list.
    list: String,
    /// What the field is called, e.g. "Filter 300 properties".
    label: String,
) -> impl IntoView {
    let enabled = RwSignal::new(false);
    let found = RwSignal::new(String::new());
    Effect::new(move |_| enabled.set(true));
    let narrow = move |event| found.set(narrow(&list, &event_target_value(&event)));
    view! {
        <div class="list-filter" hidden=move || !enabled.get()>
            <input class="control" type="search" placeholder=label.clone() aria-label=label autocomplete="off" spellcheck="false" on:input=narrow/>
            <span class="note" role="status">{move || found.get()}</span>
        </div>
    }
}

/// Hides the entries without the words, and says how many are left.
#[cfg(feature = "hydrate")]
fn narrow(list: &str, typed: &str) -> String {
    let Some(list) = document().get_element_by_id(list) else { return String::new() };
    let wanted = typed.trim().to_lowercase();
    let (entries, mut left) = (list.children(), 0);
    for index in 0..entries.length() {
        let Some(entry) = entries.item(index) else { continue };
        let is_found = entry.text_content().is_some_and(|text| text.to_lowercase().contains(&wanted));
        left += u32::from(is_found);
        let _ = entry.toggle_attribute_with_force("hidden", !is_found);
    }
    if wanted.is_empty() { String::new() } else { format!("{left} of {}", entries.length()) }
}

#[cfg(not(feature = "hydrate"))]
fn narrow(_: &str, _: &str) -> String {
    String::new()
}
