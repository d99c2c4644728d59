//! The properties of a schema, or the parameters of a call, as a list.
use leptos::prelude::*;

use super::{
    badge::{Badge, Tone},
    field::Need,
    icon::Glyph,
    words::Words,
};

/// A list of properties; a nested list goes into a `<Fold>` of its property.
#[component]
pub fn Props(
    /// Names the list for a field that narrows it.
    #[prop(optional, into)]
    id: Words,
    /// `<Prop>` after `<Prop>`.
    children: Children,
) -> impl IntoView {
    view! { <ul class="props" id=id.0>{children()}</ul> }
}

/// One property.
#[component]
pub fn Prop(
    /// Its name, as it is sent.
    #[prop(into)]
    name: String,
    /// Its type in words: `string`, `array of Parcel`, `object · Address`.
    #[prop(into)]
    kind: String,
    /// Whether it must be there.
    need: Need,
    /// Whether it is still in use.
    #[prop(optional)]
    life: PropLife,
    /// Names it for links; its name is then one to itself.
    #[prop(optional, into)]
    id: Words,
    /// Description in `<p>`, `<Limits>`, `<Values>`, `<Fold>`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let deprecated = life == PropLife::Deprecated;
    let name = match &id.0 {
        Some(id) => view! { <a class="name" href=format!("#{id}")>{name}</a> }.into_any(),
        None => view! { <span class="name">{name}</span> }.into_any(),
    };
    view! {
        <li id=id.0 data-gone=deprecated>
            <div class="head">
                {name}
                <span class="type">{kind}</span>
                {deprecated.then(|| view! { <Badge tone=Tone::Warn icon=Glyph::Warn>"Deprecated"</Badge> })}
                {(need == Need::Required).then(|| view! { <span class="must">"Required"</span> })}
            </div>
            {children.map(|children| children())}
        </li>
    }
}

/// What a value may be, in a few words each.
#[component]
pub fn Limits(
    /// Each limit: `1 to 64 characters`, or words before a `<code>`.
    limits: Vec<AnyView>,
) -> impl IntoView {
    view! { <div class="limits">{limits.into_iter().map(|limit| view! { <span>{limit}</span> }).collect_view()}</div> }
}

/// The values of an enumeration with their meaning.
#[component]
pub fn Values(
    /// The values.
    values: Vec<Value>,
) -> impl IntoView {
    let rows = values.into_iter().map(|value| view! { <dt><code>{value.value}</code></dt><dd>{value.meaning}</dd> });
    view! { <dl class="values">{rows.collect_view()}</dl> }
}

/// One value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// As it is sent.
    pub value: String,
    /// What it means; may be empty.
    pub meaning: String,
}

/// Whether a property is still in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PropLife {
    /// It is.
    #[default]
    Live,
    /// It is on its way out.
    Deprecated,
}
