//! A block of code.
use leptos::prelude::*;

use super::words::Words;

/// A block of code that scrolls sideways. Highlighting is spans with the classes `n` (name), `s` (string), `d`
/// (number), `w` (word), `c` (comment) and `hole` (what the reader replaces).
#[component]
pub fn Code(
    /// What the code is, above it.
    #[prop(optional, into)]
    title: Words,
    /// A button that copies it, at the end of the head; needs a title.
    #[prop(optional)]
    copy: Option<AnyView>,
    /// A line below the code.
    #[prop(optional, into)]
    footer: Words,
    /// The code.
    children: Children,
) -> impl IntoView {
    view! {
        <figure class="code">
            {title.0.map(|title| view! { <header><span>{title}</span>{copy}</header> })}
            <pre tabindex="0"><code>{children()}</code></pre>
            {footer.0.map(|footer| view! { <footer>{footer}</footer> })}
        </figure>
    }
}
