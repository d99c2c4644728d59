//! Regions of a page: a bordered panel with a head, and a plain section with a heading.
use leptos::prelude::*;

use super::words::Words;

/// A bordered region. A body that is only a table or a list of its own goes in as `flush`.
#[component]
pub fn Panel(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Names the region for links and labels.
    #[prop(optional, into)]
    id: Words,
    /// What stands at the end of the head: a badge, a small button.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// Content without the padding of the body, after it.
    #[prop(optional)]
    flush: Option<AnyView>,
    /// The line at the end.
    #[prop(optional)]
    footer: Option<AnyView>,
    /// A further class of the page it belongs to.
    #[prop(optional, into)]
    class: Words,
    /// The body.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = class.0.map_or_else(|| "panel".to_owned(), |class| format!("panel {class}"));
    view! {
        <section class=class id=id.0>
            <header><h2>{title}</h2>{aside}</header>
            {children.map(|children| view! { <div class="body">{children()}</div> })}
            {flush}
            {footer.map(|footer| view! { <footer>{footer}</footer> })}
        </section>
    }
}

/// A section of a page: heading, what stands beside it, content.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Names the section for links.
    #[prop(optional, into)]
    id: Words,
    /// A note, link or button across from the heading.
    #[prop(optional)]
    aside: Option<AnyView>,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section id=id.0>
            <div class="section-head"><h2>{title}</h2>{aside}</div>
            {children()}
        </section>
    }
}
