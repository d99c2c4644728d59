//! The head of a page: where it is, what it is, how it is, what can be done.
use leptos::prelude::*;

use super::{crumbs::Crumbs, link::Link, words::Words};

/// The head of a page, with its only `<h1>`.
#[component]
pub fn PageTitle(
    /// The name of the thing or the task.
    #[prop(into)]
    title: String,
    /// The places above.
    #[prop(optional)]
    trail: Vec<Link>,
    /// Badges after the name.
    #[prop(optional)]
    badges: Option<AnyView>,
    /// Buttons at the end of the line.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// One or two sentences below.
    #[prop(optional, into)]
    lead: Words,
    /// What else belongs to the head: the endpoint, links to sections.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="title">
            {(!trail.is_empty()).then(|| view! { <Crumbs trail/> })}
            <div class="line">
                <h1>{title}</h1>
                {badges}
                {actions.map(|actions| view! { <div class="actions">{actions}</div> })}
            </div>
            {lead.0.map(|lead| view! { <p class="lead">{lead}</p> })}
            {children.map(|children| children())}
        </header>
    }
}
