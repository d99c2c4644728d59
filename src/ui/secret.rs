//! A secret, in the one moment in which it can be shown.
use leptos::prelude::*;

/// The secret itself; one click selects all of it.
#[component]
pub fn Secret(
    /// The secret.
    #[prop(into)]
    value: String,
    /// A button that copies it.
    #[prop(optional)]
    copy: Option<AnyView>,
) -> impl IntoView {
    view! { <div class="secret"><code translate="no">{value}</code>{copy}</div> }
}
