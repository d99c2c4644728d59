//! The badge of an HTTP method. Its shape says how dangerous a call is: round reads, filled square creates, outlined
//! replaces, dashed changes in part, cut corners delete.
use leptos::prelude::*;

/// The badge of `method`, in whatever case it comes.
#[component]
pub fn MethodBadge(
    /// `get`, `POST`, `Delete` …
    #[prop(into)]
    method: String,
) -> impl IntoView {
    let name = method.to_uppercase();
    let words = match name.as_str() {
        "DELETE" => view! { "DEL"<span class="visually-hidden">"ETE"</span> }.into_any(),
        _ => name.into_any(),
    };
    view! { <span class="method" data-method=method.to_lowercase()>{words}</span> }
}
