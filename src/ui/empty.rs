//! What stands where nothing is yet: it teaches and offers the first step.
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// An empty list.
#[component]
pub fn Empty(
    /// What would be here.
    icon: Glyph,
    /// That nothing is here.
    #[prop(into)]
    title: String,
    /// What it is good for.
    #[prop(into)]
    text: String,
    /// The first step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=icon/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
