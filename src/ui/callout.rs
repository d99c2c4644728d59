//! A note that stands out of the text: what happened or what to know, and what to do about it.
use leptos::prelude::*;

use super::{
    badge::Tone,
    icon::{Glyph, Icon},
    words::Words,
};

/// A note with a headline.
#[component]
pub fn Callout(
    /// What kind of news it is.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's own.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// The headline.
    #[prop(into)]
    title: String,
    /// `alert` or `status` where the note is the answer to what the visitor just did.
    #[prop(optional, into)]
    role: Words,
    /// The text, in `<p>`; buttons go into `<div class="actions">`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="callout" data-tone=tone.name() role=role.0>
            <Icon glyph=icon.unwrap_or(tone.glyph())/>
            <strong>{title}</strong>
            {children.map(|children| children())}
        </div>
    }
}
