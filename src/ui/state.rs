//! How a thing is, by a shape, a colour and a word at once.
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// The state of the thing beside it.
#[component]
pub fn StateLabel(
    /// How it is.
    is: Condition,
    /// The word for it.
    children: Children,
) -> impl IntoView {
    view! {
        <span class="state" data-state=is.name()>
            <Icon glyph=is.glyph()/>
            {children()}
        </span>
    }
}

/// How a thing can be. Having no evidence is a condition of its own and never good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It works.
    Ok,
    /// It works with reservations.
    Warn,
    /// It does not work.
    Bad,
    /// It is being worked on, as planned.
    Plan,
    /// Nothing is known.
    None,
}

impl Condition {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Plan => "plan",
            Self::None => "none",
        }
    }

    pub(super) const fn glyph(self) -> Glyph {
        match self {
            Self::Ok => Glyph::Ok,
            Self::Warn => Glyph::Warn,
            Self::Bad => Glyph::Bad,
            Self::Plan => Glyph::Plan,
            Self::None => Glyph::None,
        }
    }
}
