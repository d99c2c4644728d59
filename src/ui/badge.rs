//! Badges: one or two words about a thing, in a tone that never stands alone.
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A word about the thing beside it.
#[component]
pub fn Badge(
    /// What kind of news it is.
    #[prop(optional)]
    tone: Tone,
    /// A shape that says the same as the tone.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// The word.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.name()>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </span>
    }
}

/// What kind of news a badge or a callout brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A plain fact.
    #[default]
    Plain,
    /// Chosen or counted; never a state.
    Accent,
    /// It works.
    Ok,
    /// Look at it.
    Warn,
    /// It is broken or breaks something.
    Bad,
    /// It is planned.
    Plan,
}

impl Tone {
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Accent => Some("accent"),
            Self::Ok => Some("ok"),
            Self::Warn => Some("warn"),
            Self::Bad => Some("bad"),
            Self::Plan => Some("plan"),
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Plain | Self::Accent => Glyph::Info,
            Self::Ok => Glyph::Ok,
            Self::Warn => Glyph::Warn,
            Self::Bad => Glyph::Bad,
            Self::Plan => Glyph::Calendar,
        }
    }
}
