//! A schema as a list of properties: two levels in place, deeper ones folded or on the schema's own page.
//!
//! A list is always complete; what is below it is shown while the page has room. Circles end where they close.

use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{EnumValue, Lead, Schema},
        reading::counted,
        shape::{self, Mixing, Shape},
    },
    Place, limits, words,
};
use crate::ui::{Badge, Fold, Glyph, Limits, Need, Opening, Prop, PropLife, Props, Tone, Value, Values};

/// Named schemas have a page of their own; deeper than this they are a link to it.
const DEEPEST_NAMED: usize = 2;

/// Schemas without a name have no other place to be read.
const DEEPEST: usize = 7;

/// More choices than anybody compares; the rest is counted.
const MOST_CHOICES: usize = 30;

/// More values than a line holds; they are folded.
const VALUES_IN_VIEW: usize = 12;

/// Renders schemas of one place of a page.
pub(super) struct Lens<'p> {
    place: &'p Place,
    direction: Option<Direction>,
    room: usize,
    trail: Vec<u32>,
}

impl<'p> Lens<'p> {
    /// For values that travel one way, with room for so many properties below the first list.
    pub fn new(place: &'p Place, direction: Option<Direction>, room: usize) -> Self {
        Self { place, direction, room, trail: Vec::new() }
    }

    /// A whole value: its properties, its choices, or what is known of a plain one.
    pub fn whole(&mut self, schema: &Schema) -> AnyView {
        if let Some(lost) = lost(schema) {
            return lost.into_any();
        }
        let kind = shape::kind(schema);
        let Some(core) = shape::core(schema) else {
            return view! { <p class="note">{kind}</p> }.into_any();
        };
        let shape = shape::of(&core);
        if !shape.is_composed() {
            let limits = limits::of(schema);
            let values = self.values(schema);
            return view! {
                <div>
                    <p class="mono soft">{kind}</p>
                    {(!limits.is_empty()).then(|| view! { <Limits limits/> })}
                    {values}
                </div>
            }
            .into_any();
        }
        let is_wrapped = shape::behind(schema).is_some_and(|own| own != core);
        self.trail.push(core.source().node().index());
        let list = self.list(&core, &shape, 0);
        self.trail.pop();
        view! { {is_wrapped.then(|| view! { <p class="note">{kind}</p> })}{list} }.into_any()
    }

    /// A property, a parameter or a header: a name with a value.
    pub fn named(&mut self, named: Named<'_>, level: usize) -> AnyView {
        let Named { name, schema, need, description, life, id, mut notes } = named;
        let Some(schema) = schema else {
            let described = words(description);
            return view! { <Prop name kind="any" need life id>{described}</Prop> }.into_any();
        };
        let behind = shape::behind(schema);
        let description = description.or(schema.description()).or(behind.as_ref().and_then(Schema::description));
        let is_old = schema.is_deprecated() || behind.as_ref().is_some_and(Schema::is_deprecated);
        let life = if is_old { PropLife::Deprecated } else { life };
        let described = words(description);
        notes.splice(0..0, limits::of(schema));
        let limits = (!notes.is_empty()).then(|| view! { <Limits limits=notes/> });
        let values = self.values(schema);
        let below = self.below(schema, level);
        let lost = lost(schema);
        view! {
            <Prop name kind=shape::kind(schema) need life id>
                {described}{lost}{limits}{values}{below}
            </Prop>
        }
        .into_any()
    }

    fn list(&mut self, schema: &Schema, shape: &Shape, level: usize) -> AnyView {
        self.room = self.room.saturating_sub(shape.properties.len());
        let shown = shape.properties.iter().filter(|property| self.travels(&property.schema));
        let shown: Vec<_> = shown.cloned().collect();
        let mut rows: Vec<AnyView> = Vec::with_capacity(shown.len());
        for property in &shown {
            let need = if property.required { Need::Required } else { Need::Optional };
            rows.push(self.named(Named::new(&property.name, Some(&property.schema), need), level));
        }
        for (pattern, values) in &shape.patterns {
            let named = Named::new("names that match", Some(values), Need::Optional);
            let notes = vec![view! { <code>{pattern.clone()}</code> }.into_any()];
            rows.push(self.named(Named { notes, ..named }, level));
        }
        if let Some(others) = shape.others.as_ref().filter(|_| !shape.properties.is_empty()) {
            rows.push(self.named(Named::new("any other name", Some(others), Need::Optional), level));
        }
        let properties = (!rows.is_empty()).then(|| view! { <Props>{rows}</Props> });
        let choices = (!shape.choices.is_empty()).then(|| self.choices(schema, shape, level));
        view! { {properties}{choices} }.into_any()
    }

    fn choices(&mut self, schema: &Schema, shape: &Shape, level: usize) -> AnyView {
        let discriminator = schema.discriminator();
        let told_apart = discriminator.as_ref().map(|it| it.property.clone());
        let value_of = |choice: &Schema| {
            let mapping = &discriminator.as_ref()?.mapping;
            let target = choice.resolved()?;
            mapping
                .iter()
                .find(|(_, lead)| lead.schema().is_some_and(|it| *it == target))
                .map(|(value, _)| value.clone())
        };
        let left_out = shape.choices.len().saturating_sub(MOST_CHOICES);
        let mut rows: Vec<AnyView> = Vec::new();
        for choice in shape.choices.iter().take(MOST_CHOICES) {
            let name = value_of(choice).unwrap_or_else(|| choice.label());
            rows.push(self.named(Named::new(&name, Some(choice), Need::Optional), level));
        }
        let lead = match shape.mixing {
            Mixing::One => "One of these",
            Mixing::Any => "Any of these",
        };
        view! {
            <p class="note choices">
                {lead}
                {told_apart.map(|property| view! { ", told apart by "<code>{property}</code> })}
            </p>
            <Props>{rows}</Props>
            {(left_out > 0).then(|| view! { <p class="note">{format!("and {left_out} more")}</p> })}
        }
        .into_any()
    }

    /// What a value is made of, below its name.
    fn below(&mut self, schema: &Schema, level: usize) -> Option<AnyView> {
        let core = shape::core(schema)?;
        let shape = shape::of(&core);
        if !shape.is_composed() {
            return None;
        }
        let summary = summary(&core, &shape);
        let page = self.place.schema_path(&core);
        let index = core.source().node().index();
        if self.trail.contains(&index) {
            let words = format!("{summary}, as above");
            return Some(link_or_words(page, words));
        }
        let deepest = if page.is_some() { DEEPEST_NAMED } else { DEEPEST };
        if level >= deepest || self.room == 0 {
            let words = if page.is_some() { summary } else { format!("{summary}, at {}", core.pointer()) };
            return Some(link_or_words(page, words));
        }
        self.trail.push(index);
        let list = self.list(&core, &shape, level + 1);
        self.trail.pop();
        let starts =
            if level == 0 && self.trail.len() == 1 && self.is_alone(schema) { Opening::Open } else { Opening::Closed };
        Some(view! { <Fold summary starts>{list}</Fold> }.into_any())
    }

    /// Whether a property is the only one around, such as the `data` that wraps a whole answer.
    fn is_alone(&self, schema: &Schema) -> bool {
        schema.source().node().parent().is_some_and(|around| around.entries().len() == 1)
    }

    fn values(&self, schema: &Schema) -> Option<AnyView> {
        let values = shape::core(schema)?.enum_values();
        let count = values.len();
        if values.is_empty() {
            return None;
        }
        let list = values_view(values);
        Some(match count > VALUES_IN_VIEW {
            true => view! { <Fold summary=counted(count as u64, "value", "values")>{list}</Fold> }.into_any(),
            false => list,
        })
    }

    fn travels(&self, schema: &Schema) -> bool {
        let any = |is: fn(&Schema) -> bool| is(schema) || schema.resolved().is_some_and(|resolved| is(&resolved));
        match self.direction {
            Some(Direction::Request) => !any(Schema::is_read_only),
            Some(Direction::Response) => !any(Schema::is_write_only),
            None => true,
        }
    }
}

/// What a list shows of one of its rows.
pub(super) struct Named<'a> {
    pub name: String,
    pub schema: Option<&'a Schema>,
    pub need: Need,
    pub description: Option<&'a str>,
    pub life: PropLife,
    pub id: Option<String>,
    /// Further limits.
    pub notes: Vec<AnyView>,
}

impl<'a> Named<'a> {
    pub fn new(name: &str, schema: Option<&'a Schema>, need: Need) -> Self {
        let (name, life) = (name.to_owned(), PropLife::Live);
        Self { name, schema, need, description: None, life, id: None, notes: Vec::new() }
    }
}

/// `Address, 7 properties`
fn summary(core: &Schema, shape: &Shape) -> String {
    let count = match (shape.properties.len() as u64, shape.choices.len() as u64) {
        (0, 0) => "names by pattern".to_owned(),
        (0, choices) => counted(choices, "choice", "choices"),
        (properties, _) => counted(properties, "property", "properties"),
    };
    core.title().or(core.name()).map_or_else(|| count.clone(), |name| format!("{name}, {count}"))
}

fn link_or_words(page: Option<String>, words: String) -> AnyView {
    match page {
        Some(href) => view! { <p><a href=href>{words}</a></p> }.into_any(),
        None => view! { <p class="note">{words}</p> }.into_any(),
    }
}

/// That a reference leads nowhere, where it does.
fn lost(schema: &Schema) -> Option<impl IntoView + use<>> {
    let mut at = schema.clone();
    let mut steps = 0;
    let (reference, why) = loop {
        let reference = at.reference()?;
        match reference.lead {
            Lead::To(next) if steps < 64 => at = next,
            Lead::To(_) => break (reference.text, "leads back to itself"),
            Lead::Nowhere => break (reference.text, "leads nowhere in this document"),
            Lead::Outside => break (reference.text, "leads to another document"),
        }
        steps += 1;
    };
    let pointer = at.pointer();
    Some(view! {
        <p>
            <Badge tone=Tone::Warn icon=Glyph::Warn>"Unresolved"</Badge>
            " " <code>{reference}</code> " " {why} ", at " <code>{pointer}</code> "."
        </p>
    })
}

fn values_view(values: Vec<EnumValue>) -> AnyView {
    if values.iter().all(|value| value.description.is_none() && value.name.is_none()) {
        let limits = values.iter().map(|value| view! { <code>{limits::shortly(&value.value)}</code> }.into_any());
        return view! { <Limits limits=limits.collect()/> }.into_any();
    }
    let values = values.into_iter().map(|value| {
        let meaning = value.description.or(value.name).unwrap_or_default();
        Value { value: limits::shortly(&value.value), meaning: crate::markdown::plain(&meaning, 400) }
    });
    view! { <Values values=values.collect()/> }.into_any()
}
