//! Fields that choose: from a list that opens, from a few in view, or between yes and no.
use leptos::prelude::*;

use super::{
    field::{Need, Tie},
    words::Words,
};

/// One of several, from a list that opens.
#[component]
pub fn SelectField(
    /// The name under which it is sent, and its id.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What there is to choose from; hints are not shown.
    options: Vec<Choice>,
    /// The value that is chosen.
    #[prop(optional, into)]
    selected: Words,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: Words,
    /// What is wrong with what was sent.
    #[prop(optional, into)]
    error: Words,
    /// Another id than the name, where the name is twice on the page.
    #[prop(optional, into)]
    id: Words,
) -> impl IntoView {
    let tie = Tie::new(id.0.unwrap_or_else(|| name.clone()), hint, error);
    let options = options.into_iter().map(|option| {
        let chosen = selected.0.as_ref() == Some(&option.value);
        view! { <option value=option.value selected=chosen>{option.label}</option> }
    });
    let control = view! {
        <select
            class="control"
            id=tie.id.clone()
            name=name
            aria-invalid=tie.invalid()
            aria-describedby=tie.described_by()
        >
            {options.collect_view()}
        </select>
    };
    tie.field(label, Need::Required, control)
}

/// One or several of a few, all in view.
#[component]
pub fn Choices(
    /// The name under which each chosen value is sent.
    #[prop(into)]
    name: String,
    /// What it asks for.
    #[prop(into)]
    label: String,
    /// What there is to choose from.
    options: Vec<Choice>,
    /// The values that are chosen.
    #[prop(optional)]
    chosen: Vec<String>,
    /// Whether one or several may be chosen.
    #[prop(optional)]
    pick: Pick,
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
    let options = options.into_iter().map(|option| {
        let checked = chosen.contains(&option.value);
        view! {
            <label class="check">
                <input type=pick.name() name=name.clone() value=option.value checked=checked/>
                <span>{option.label}{option.hint.0.map(|hint| view! { <small>{hint}</small> })}</span>
            </label>
        }
    });
    view! {
        <fieldset class="field" id=tie.id.clone() aria-describedby=tie.described_by()>
            <legend>{label}</legend>
            <div class="options">{options.collect_view()}</div>
            {tie.notes()}
        </fieldset>
    }
}

/// A single yes or no; sent as `on` when it is yes.
#[component]
pub fn Check(
    /// The name under which it is sent.
    #[prop(into)]
    name: String,
    /// What is agreed to.
    #[prop(into)]
    label: String,
    /// A second line.
    #[prop(optional, into)]
    hint: Words,
    /// How it starts.
    #[prop(optional)]
    answer: Answer,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=name checked=answer == Answer::Yes/>
            <span>{label}{hint.0.map(|hint| view! { <small>{hint}</small> })}</span>
        </label>
    }
}

/// The answer to a yes or no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// No.
    #[default]
    No,
    /// Yes.
    Yes,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    value: String,
    label: String,
    hint: Words,
}

impl Choice {
    /// A choice that sends `value` and says `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: Words(None) }
    }

    /// The same with a second line.
    pub fn hint(self, hint: impl Into<Words>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// How many of a few may be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// Any number.
    #[default]
    Many,
    /// Exactly one.
    One,
}

impl Pick {
    const fn name(self) -> &'static str {
        match self {
            Self::Many => "checkbox",
            Self::One => "radio",
        }
    }
}
