//! What follows from the evidence, in words, before the buttons.
use leptos::prelude::*;

use super::{icon::Icon, state::Condition};

/// A judgement and its reason.
#[component]
pub fn Verdict(
    /// How it is.
    is: Condition,
    /// The judgement.
    #[prop(into)]
    title: String,
    /// The reason.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="verdict" data-state=is.name()>
            <Icon glyph=is.glyph()/>
            <h2>{title}</h2>
            <p>{children()}</p>
        </div>
    }
}
