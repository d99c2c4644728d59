//! `oneOf` and `anyOf` as choices, each by the value that tells it apart.

use leptos::prelude::*;

use super::{
    super::{
        model::{Discriminator, Schema},
        reading::counted,
        shape::{Mixing, Shape},
    },
    properties::{Lens, Named},
    unfolding::{self, Start},
};
use crate::ui::{Need, Props};

/// More choices than anybody compares at once; the rest is on further pages.
pub(super) const MOST_CHOICES: usize = 30;

impl Lens<'_> {
    /// The choices of a value; those that a discriminator alone knows included.
    pub(super) fn choices(&mut self, schema: &Schema, shape: &Shape, level: usize) -> Option<AnyView> {
        let discriminator = shape.discriminator.as_ref();
        if shape.choices.is_empty() {
            return self.kinds(schema, discriminator?);
        }
        let start = if level == 0 { self.start.choices } else { 0 };
        let mut rows: Vec<AnyView> = Vec::new();
        for choice in shape.choices.iter().skip(start).take(MOST_CHOICES) {
            let told = discriminator.and_then(|discriminator| value_of(discriminator, choice));
            let name = told.unwrap_or_else(|| choice.label());
            rows.push(self.named(Named::new(&name, Some(choice), Need::Optional), level));
        }
        let left_out = shape.choices.len().saturating_sub(start + MOST_CHOICES);
        if left_out > 0 {
            let next = Start { properties: 0, choices: start + MOST_CHOICES };
            rows.push(unfolding::further(self.place, schema, self.direction, next, left_out));
        }
        let lead = match shape.mixing {
            Mixing::One => "One of these",
            Mixing::Any => "Any of these, one or more",
        };
        let told_apart = discriminator.map(|it| it.property.clone());
        let told_apart = told_apart.map(|property| view! { ", told apart by "<code>{property}</code> });
        Some(view! { <p class="note choices">{lead}{told_apart}</p><Props>{rows}</Props> }.into_any())
    }

    /// What extends a schema that has a discriminator and names no choices, as 3.0 documents write inheritance.
    fn kinds(&self, schema: &Schema, discriminator: &Discriminator) -> Option<AnyView> {
        let mut kinds: Vec<(String, Schema)> = discriminator
            .mapping
            .iter()
            .filter_map(|(value, lead)| Some((value.clone(), lead.schema()?.clone())))
            .collect();
        if kinds.is_empty() {
            kinds = self.extensions_of(schema);
        }
        // Seen from one of its own extensions, the base has nothing to choose.
        kinds.retain(|(_, kind)| !self.is_shown(kind));
        if kinds.is_empty() {
            return None;
        }
        let left_out = kinds.len().saturating_sub(MOST_CHOICES);
        let items = kinds.iter().take(MOST_CHOICES).map(|(value, kind)| {
            let name = kind.name().unwrap_or(value).to_owned();
            let page = self.place.schema_path(kind);
            let link = page
                .map_or_else(|| name.clone().into_any(), |href| view! { <a href=href>{name.clone()}</a> }.into_any());
            view! { <li><code>{value.clone()}</code>" is "{link}</li> }
        });
        let items = items.collect_view();
        let more =
            (left_out > 0).then(|| view! { <li>{counted(left_out as u64, "further kind", "further kinds")}</li> });
        let property = discriminator.property.clone();
        Some(
            view! {
                <p class="note choices">"Its kinds, told apart by "<code>{property}</code></p>
                <ul class="kinds">{items}{more}</ul>
            }
            .into_any(),
        )
    }

    /// The named schemas whose `allOf` refers to this one.
    fn extensions_of(&self, schema: &Schema) -> Vec<(String, Schema)> {
        let named = self.place.document().schemas().iter();
        let extending = named.filter(|named| {
            let parts = named.schema.all_of();
            parts.iter().any(|part| part.reference().is_some() && part.resolved().is_some_and(|part| part == *schema))
        });
        extending.map(|named| (named.name.clone(), named.schema.clone())).collect()
    }
}

/// The value of the discriminator that stands for a choice, where the document lists it.
fn value_of(discriminator: &Discriminator, choice: &Schema) -> Option<String> {
    let target = choice.resolved()?;
    let mut mapping = discriminator.mapping.iter();
    mapping.find(|(_, lead)| lead.schema().is_some_and(|it| *it == target)).map(|(value, _)| value.clone())
}
