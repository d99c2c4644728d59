//! Fields of a form: label, control, hint and error, tied together for those who do not see them.
use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    words::Words,
};

/// A field of one line.
#[component]
pub fn TextField(
    /// The name under which it is sent, and its id.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What kind of text it takes.
    #[prop(optional)]
    kind: Input,
    /// What is in it.
    #[prop(optional, into)]
    value: Words,
    /// Whether it must be filled.
    #[prop(optional)]
    need: Need,
    /// Whether it can be changed.
    #[prop(optional)]
    editing: Editing,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with what was sent.
    #[prop(optional, into)]
    error: Words,
    /// An example, shown while it is empty.
    #[prop(optional, into)]
    placeholder: Words,
    /// What a browser may fill in: `email`, `current-password`, `new-password`, `one-time-code` …
    #[prop(optional, into)]
    autocomplete: Words,
    /// Another id than the name, where the name is twice on the page.
    #[prop(optional, into)]
    id: Words,
) -> impl IntoView {
    let tie = Tie::new(id.0.unwrap_or_else(|| name.clone()), hint, error);
    let control = view! {
        <input
            class=if matches!(kind, Input::Code | Input::Number) { "control mono" } else { "control" }
            type=kind.name()
            id=tie.id.clone()
            name=name
            value=value.0
            placeholder=placeholder.0
            autocomplete=autocomplete.0
            autocapitalize=kind.autocapitalize()
            inputmode=kind.inputmode()
            spellcheck=kind.autocapitalize().map(|_| "false")
            required=need == Need::Required
            readonly=editing == Editing::ReadOnly
            disabled=editing == Editing::Disabled
            aria-invalid=tie.invalid()
            aria-describedby=tie.described_by()
        />
    };
    tie.field(label, need, control)
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// The name under which it is sent, and its id.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What is in it.
    #[prop(optional, into)]
    value: Words,
    /// How tall it starts.
    #[prop(default = 4)]
    rows: u16,
    /// Whether it must be filled.
    #[prop(optional)]
    need: Need,
    /// What helps to fill it.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with what was sent.
    #[prop(optional, into)]
    error: Words,
    /// Another id than the name, where the name is no id.
    #[prop(optional, into)]
    id: Words,
) -> impl IntoView {
    let tie = Tie::new(id.0.unwrap_or_else(|| name.clone()), hint, error);
    let control = view! {
        <textarea
            class="control"
            id=tie.id.clone()
            name=name
            rows=rows
            required=need == Need::Required
            aria-invalid=tie.invalid()
            aria-describedby=tie.described_by()
        >
            {value.0}
        </textarea>
    };
    tie.field(label, need, control)
}

/// A field that takes a file.
#[component]
pub fn FileField(
    /// The name under which it is sent, and its id.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// Which files the browser offers: `.json,.yaml`.
    #[prop(optional, into)]
    accept: Words,
    /// Whether one must be chosen.
    #[prop(optional)]
    need: Need,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with what was sent.
    #[prop(optional, into)]
    error: Words,
    /// Another id than the name, where the name is no id.
    #[prop(optional, into)]
    id: Words,
) -> impl IntoView {
    let tie = Tie::new(id.0.unwrap_or_else(|| name.clone()), hint, error);
    let control = view! {
        <input
            class="control"
            type="file"
            id=tie.id.clone()
            name=name
            accept=accept.0
            required=need == Need::Required
            aria-invalid=tie.invalid()
            aria-describedby=tie.described_by()
        />
    };
    tie.field(label, need, control)
}

/// What kind of text a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// Any.
    #[default]
    Text,
    /// Any, in the monospaced face: ids, scopes, codes.
    Code,
    /// An address of mail.
    Email,
    /// A password.
    Password,
    /// An address of the web.
    Url,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A colour, as `#rrggbb`.
    Color,
}

impl Input {
    const fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Code | Self::Number => "text",
            Self::Email => "email",
            Self::Password => "password",
            Self::Url => "url",
            Self::Date => "date",
            Self::Color => "color",
        }
    }

    /// What is not prose is neither capitalized nor corrected by a phone.
    const fn autocapitalize(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::Date | Self::Color => None,
            Self::Code | Self::Email | Self::Number | Self::Password | Self::Url => Some("none"),
        }
    }

    /// A field of the type "number" would hide what it does not understand.
    const fn inputmode(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("decimal"),
            _ => None,
        }
    }
}

/// Whether something must be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// It must.
    #[default]
    Required,
    /// It may be left out.
    Optional,
}

impl Need {
    fn mark(self) -> Option<impl IntoView> {
        (self == Self::Optional).then(|| view! { <span class="faint">" (optional)"</span> })
    }
}

/// Whether a field can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Editing {
    /// It can.
    #[default]
    Open,
    /// It can be read and copied.
    ReadOnly,
    /// It cannot be used now; its hint says why.
    Disabled,
}

/// What ties a control to its hint and its error.
pub(super) struct Tie {
    pub(super) id: String,
    hint: Option<String>,
    error: Option<String>,
}

impl Tie {
    pub(super) fn new(id: String, hint: Words, error: Words) -> Self {
        Self { id, hint: hint.0, error: error.0 }
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    pub(super) fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let ids: Vec<_> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// A control that is tied so, below its label.
    pub(super) fn field(&self, label: String, need: Need, control: impl IntoView + 'static) -> AnyView {
        view! {
            <div class="field">
                <label for=self.id.clone()>{label}{need.mark()}</label>
                {control}
                {self.notes()}
            </div>
        }
        .into_any()
    }

    pub(super) fn notes(&self) -> impl IntoView + use<> {
        let Self { id, hint, error } = self;
        view! {
            {error.clone().map(|error| view! {
                <span class="error" id=format!("{id}-error")><Icon glyph=Glyph::Bad/><span>{error}</span></span>
            })}
            {hint.clone().map(|hint| view! { <span class="hint" id=format!("{id}-hint")>{hint}</span> })}
        }
    }
}
