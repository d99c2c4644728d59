//! Buttons and the links that look like one. A button's words are a verb with its object.
use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    words::Words,
};

/// A button of the form around it, or one that opens the popover it names.
#[component]
pub fn Button(
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// Small in dense rows.
    #[prop(optional)]
    size: Size,
    /// Whether it can be pressed.
    #[prop(optional)]
    state: ButtonState,
    /// Shown before the words.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// The id of the popover that it opens; such a button submits nothing.
    #[prop(optional, into)]
    opens: Words,
    /// The name under which its value is sent.
    #[prop(optional, into)]
    name: Words,
    /// What is sent when this is the button that was pressed.
    #[prop(optional, into)]
    value: Words,
    /// The words.
    children: Children,
) -> impl IntoView {
    let kind_of_element = if opens.0.is_some() { "button" } else { "submit" };
    view! {
        <button
            class="button"
            type=kind_of_element
            data-kind=kind.name()
            data-size=size.name()
            disabled=state == ButtonState::Disabled
            aria-busy=(state == ButtonState::Busy).then_some("true")
            popovertarget=opens.0
            name=name.0
            value=value.0
        >
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button: it goes somewhere and changes nothing.
#[component]
pub fn LinkButton(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much it asks for attention.
    #[prop(optional)]
    kind: ButtonKind,
    /// Small in dense rows.
    #[prop(optional)]
    size: Size,
    /// Shown before the words.
    #[prop(optional)]
    icon: Option<Glyph>,
    /// The words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="button" href=href data-kind=kind.name() data-size=size.name()>
            {icon.map(|glyph| view! { <Icon glyph/> })}
            {children()}
        </a>
    }
}

/// A button that shows only an icon; its words are read aloud and shown on hover.
#[component]
pub fn IconButton(
    /// What it shows.
    glyph: Glyph,
    /// What it does.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <button class="icon-button" type="button" aria-label=label.clone() title=label>
            <Icon glyph/>
        </button>
    }
}

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// One of several things to do.
    #[default]
    Plain,
    /// The one thing to do here; at most one in a view.
    Primary,
    /// No edge, for the least of several.
    Quiet,
    /// Destroys, inside its confirmation.
    Danger,
    /// Leads to the confirmation of something that destroys.
    DangerPlain,
}

impl ButtonKind {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Primary => Some("primary"),
            Self::Quiet => Some("quiet"),
            Self::Danger => Some("danger"),
            Self::DangerPlain => Some("danger-plain"),
        }
    }
}

/// How tall a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// As tall as a field.
    #[default]
    Normal,
    /// For rows of a table and heads of panels.
    Small,
}

impl Size {
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Small => Some("small"),
        }
    }
}

/// Whether a button can be pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonState {
    /// It can.
    #[default]
    Ready,
    /// It was, and the work is not done.
    Busy,
    /// It cannot; words nearby say why.
    Disabled,
}
