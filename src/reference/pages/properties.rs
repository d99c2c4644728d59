//! A schema as a list of properties: two levels in place, deeper ones folded, and fetched where the page has no room.
//!
//! A list shows everything up to a bound; what is below it is shown while the page has room. Circles end where they close.

use leptos::prelude::*;

use super::{
    super::{
        example::Direction,
        model::{MediaType, Schema},
        reading::{counted, grouped},
        shape::{self, Shape},
    },
    Place, address,
    anchors::{Anchors, below},
    encoding, enumeration, limits, lost,
    phrase::Phrase,
    rules,
    unfolding::{self, Start},
    words,
};
use crate::{
    islands::ListFilter,
    ui::{Fold, Limits, Need, Opening, Prop, PropLife, Props},
};

/// Named schemas have a page of their own; deeper than this they are fetched.
const DEEPEST_NAMED: usize = 2;

/// Deeper than this nothing is shown in place.
const DEEPEST: usize = 7;

/// Rows of one list; the rest of it is on further pages.
pub(super) const MOST_ROWS: usize = 400;

/// Conditions of one value; more are read in the document.
const MOST_CONDITIONS: usize = 40;

/// From here on a list can be searched.
const SEARCHED_FROM: usize = 31;

/// Rows of second lists that are open from the start, on the whole page.
const OPEN_ROWS: usize = 14;

/// Renders schemas of one place of a page.
pub(super) struct Lens<'p> {
    pub(super) place: &'p Place,
    pub(super) direction: Option<Direction>,
    pub(super) start: Start,
    room: usize,
    open: usize,
    trail: Vec<u32>,
    anchors: Option<&'p Anchors>,
    path: String,
    form: Option<&'p MediaType>,
}

impl<'p> Lens<'p> {
    /// For values that travel one way, with room for so many properties below the first list.
    pub fn new(place: &'p Place, direction: Option<Direction>, room: usize) -> Self {
        let (trail, path, start) = (Vec::new(), String::new(), Start::default());
        Self { place, direction, start, room, open: 0, trail, anchors: None, path, form: None }
    }

    /// Gives every row an id that starts with `path`.
    pub fn at(mut self, anchors: &'p Anchors, path: impl Into<String>) -> Self {
        (self.anchors, self.path) = (Some(anchors), path.into());
        self
    }

    /// Opens the first short lists below the first one.
    pub fn opened(self) -> Self {
        Self { open: OPEN_ROWS, ..self }
    }

    /// Starts somewhere else than at the first row.
    pub fn starting(self, start: Start) -> Self {
        Self { start, ..self }
    }

    /// Tells how each property of a form is written.
    pub fn form(self, media_type: &'p MediaType) -> Self {
        Self { form: encoding::is_form(media_type).then_some(media_type), ..self }
    }

    /// A whole value: its properties, its choices, or what is known of a plain one.
    pub fn whole(&mut self, schema: &Schema) -> AnyView {
        if let Some(unresolved) = lost::of(schema) {
            return unresolved.into_any();
        }
        let kind = shape::kind(schema);
        let Some(core) = shape::core(schema) else {
            return view! { <p class="note">{kind}</p> }.into_any();
        };
        let shape = shape::of(&core);
        if !shape.is_composed() {
            let limits = limits::of(schema);
            let values = enumeration::of(schema);
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
        let rules = whole_rules(schema, &core);
        self.trail.push(core.source().node().index());
        let list = self.list(&core, &shape, 0);
        self.trail.pop();
        view! {
            {is_wrapped.then(|| view! { <p class="note">{kind}</p> })}
            {(!rules.is_empty()).then(|| view! { <Limits limits=rules/> })}
            {list}
        }
        .into_any()
    }

    /// A property, a parameter or a header: a name with a value.
    pub fn named(&mut self, named: Named<'_>, level: usize) -> AnyView {
        let Named { name, schema, need, description, life, mut notes, more } = named;
        let id = self.anchors.map(|anchors| anchors.claim(&self.path, &name));
        let Some(schema) = schema else {
            let described = words(description);
            let limits = (!notes.is_empty()).then(|| view! { <Limits limits=notes/> });
            return view! { <Prop name kind="any" need life id>{described}{limits}{more}</Prop> }.into_any();
        };
        let behind = shape::behind(schema);
        let description = description.or(schema.description()).or(behind.as_ref().and_then(Schema::description));
        let is_old = schema.is_deprecated() || behind.as_ref().is_some_and(Schema::is_deprecated);
        let life = if is_old { PropLife::Deprecated } else { life };
        let described = words(description);
        notes.splice(0..0, limits::of(schema));
        let limits = (!notes.is_empty()).then(|| view! { <Limits limits=notes/> });
        let docs = schema.external_docs().or_else(|| behind.as_ref()?.external_docs());
        let docs = docs.map(|docs| {
            let label = docs.description.as_deref().map(|text| crate::markdown::plain(text, 80));
            let label = label.filter(|label| !label.is_empty()).unwrap_or_else(|| "More about this".to_owned());
            view! { <p class="note">"Read on: "{address(&docs.url, label)}</p> }
        });
        let values = enumeration::of(schema);
        let inner = below(&self.path, &name);
        let outer = std::mem::replace(&mut self.path, inner);
        let inside = self.below(schema, level);
        self.path = outer;
        let unresolved = lost::of(schema);
        view! {
            <Prop name kind=shape::kind(schema) need life id>
                {described}{unresolved}{limits}{values}{docs}{more}{inside}
            </Prop>
        }
        .into_any()
    }

    pub(super) fn list(&mut self, schema: &Schema, shape: &Shape, level: usize) -> AnyView {
        self.room = self.room.saturating_sub(shape.properties.len());
        let rows = self.rows(schema, shape, level);
        let count = rows.len();
        let properties = (count > 0).then(|| self.searchable(rows, count));
        let conditions = self.conditions(shape, level);
        let choices = self.choices(schema, shape, level);
        view! { {properties}{choices}{conditions} }.into_any()
    }

    /// A long list with a field that narrows it.
    fn searchable(&self, rows: Vec<AnyView>, count: usize) -> AnyView {
        let Some(anchors) = self.anchors.filter(|_| count >= SEARCHED_FROM) else {
            return view! { <Props>{rows}</Props> }.into_any();
        };
        let id = anchors.claim(&self.path, "list");
        let label = format!("Filter {}", counted(count as u64, "property", "properties"));
        view! { <ListFilter list=id.clone() label/><Props id>{rows}</Props> }.into_any()
    }

    fn rows(&mut self, schema: &Schema, shape: &Shape, level: usize) -> Vec<AnyView> {
        let travelling: Vec<_> = shape.properties.iter().filter(|property| self.travels(&property.schema)).collect();
        let start = if level == 0 { self.start.properties } else { 0 };
        let left_out = travelling.len().saturating_sub(start + MOST_ROWS);
        let mut rows: Vec<AnyView> = Vec::with_capacity(travelling.len().min(MOST_ROWS));
        let form = self.form.filter(|_| level == 0);
        for property in travelling.into_iter().skip(start).take(MOST_ROWS) {
            let need = if property.required { Need::Required } else { Need::Optional };
            let mut named = Named::new(&property.name, Some(&property.schema), need);
            if let Some(form) = form {
                named.notes = encoding::notes(form, property);
                named.more = encoding::headers(self.place, form, property);
            }
            rows.push(self.named(named, level));
        }
        if left_out > 0 {
            let next = Start { properties: start + MOST_ROWS, choices: 0 };
            rows.push(unfolding::further(self.place, schema, self.direction, next, left_out));
        }
        if start == 0 {
            self.other_rows(&mut rows, shape, level);
        }
        rows
    }

    /// Rows for what has no name of its own: items by place, names by pattern, any other name.
    fn other_rows(&mut self, rows: &mut Vec<AnyView>, shape: &Shape, level: usize) {
        for (index, item) in shape.items.iter().enumerate().take(MOST_ROWS) {
            rows.push(self.named(Named::new(&format!("[{index}]"), Some(item), Need::Optional), level));
        }
        let further = shape.parts.iter().find_map(Schema::further_items).filter(|_| !shape.items.is_empty());
        rows.extend(further.map(|further| self.named(Named::new("[…]", Some(&further), Need::Optional), level)));
        let is_whole = shape.choices.is_empty();
        for name in shape.undescribed.iter().filter(|_| is_whole).take(MOST_ROWS) {
            rows.push(self.named(Named::new(name, None, Need::Required), level));
        }
        for (pattern, values) in shape.patterns.iter().take(MOST_ROWS) {
            let named = Named::new("names that match", Some(values), Need::Optional);
            let notes = vec![Phrase::value(pattern).view()];
            rows.push(self.named(Named { notes, ..named }, level));
        }
        let is_beside = !(shape.properties.is_empty() && shape.patterns.is_empty());
        if let Some(others) = shape.others.as_ref().filter(|_| is_beside) {
            rows.push(self.named(Named::new("any other name", Some(others), Need::Optional), level));
        }
        let undescribed = if is_whole { shape.undescribed.len() } else { 0 };
        let counts = [shape.items.len(), undescribed, shape.patterns.len()];
        let left_out: usize = counts.iter().map(|count| count.saturating_sub(MOST_ROWS)).sum();
        rows.extend((left_out > 0).then(|| in_the_document(left_out)));
    }

    /// What holds only when something else does.
    fn conditions(&mut self, shape: &Shape, level: usize) -> Vec<AnyView> {
        let mut shown = Vec::new();
        let mut conditions: Vec<_> = shape.parts.iter().flat_map(rules::conditions).collect();
        let left_out = conditions.len().saturating_sub(MOST_CONDITIONS);
        conditions.truncate(MOST_CONDITIONS);
        for (when, then) in conditions {
            let inner = shape::of(&then);
            let told = rules::told(&then);
            // Each counts, as one may lead to the others again.
            self.room = self.room.saturating_sub(1);
            shown.push(match (inner.is_composed(), told) {
                (false, Some(told)) => view! { <p class="note">{when.and(": ").then(told).view()}</p> }.into_any(),
                (false, None) => continue,
                (true, _) if level >= DEEPEST || self.room == 0 => continue,
                (true, _) => {
                    let list = self.list(&then, &inner, level + 1);
                    view! { <p class="note choices">{when.and(":").view()}</p>{list} }.into_any()
                }
            });
        }
        let more = format!("and {} more conditions in the document", grouped(left_out as u64));
        shown.extend((left_out > 0).then(|| view! { <p class="note">{more}</p> }.into_any()));
        shown
    }

    /// What a value is made of, below its name.
    fn below(&mut self, schema: &Schema, level: usize) -> Option<AnyView> {
        let core = shape::core(schema)?;
        let shape = shape::of(&core);
        if !shape.is_composed() {
            return None;
        }
        let summary = summary(&core, &shape);
        let index = core.source().node().index();
        let repeats = self.is_shown(&core);
        let deepest = if core.name().is_some() { DEEPEST_NAMED } else { DEEPEST };
        if repeats || level >= deepest || self.room == 0 {
            let summary = if repeats { format!("{summary}, as above") } else { summary };
            return Some(unfolding::fold(self.place, &core, self.direction, summary));
        }
        self.trail.push(index);
        let list = self.list(&core, &shape, level + 1);
        self.trail.pop();
        let starts = self.starts(schema, &shape, level);
        Some(view! { <Fold summary starts>{list}</Fold> }.into_any())
    }

    /// The second level is open where it is short, or where there is nothing else to read.
    fn starts(&mut self, schema: &Schema, shape: &Shape, level: usize) -> Opening {
        let rows = shape.properties.len() + shape.choices.len();
        if level > 0 {
            return Opening::Closed;
        }
        if self.trail.len() == 1 && is_alone(schema) {
            return Opening::Open;
        }
        match self.open.checked_sub(rows) {
            Some(left) => {
                self.open = left;
                Opening::Open
            }
            None => Opening::Closed,
        }
    }

    /// Whether a schema is the one whose list is being written.
    pub(super) fn is_shown(&self, schema: &Schema) -> bool {
        self.trail.contains(&schema.source().node().index())
    }

    fn travels(&self, schema: &Schema) -> bool {
        let any = |is: fn(&Schema) -> bool| is(schema) || shape::behind(schema).is_some_and(|behind| is(&behind));
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
    /// Further limits.
    pub notes: Vec<AnyView>,
    /// What stands below them.
    pub more: Option<AnyView>,
}

impl<'a> Named<'a> {
    pub fn new(name: &str, schema: Option<&'a Schema>, need: Need) -> Self {
        let (name, life) = (name.to_owned(), PropLife::Live);
        Self { name, schema, need, description: None, life, notes: Vec::new(), more: None }
    }
}

/// The row that says what no page shows.
fn in_the_document(left_out: usize) -> AnyView {
    let words = format!("and {} more in the document", grouped(left_out as u64));
    view! { <li class="further">{words}</li> }.into_any()
}

/// Whether a property is the only one around, such as the `data` that wraps a whole answer.
fn is_alone(schema: &Schema) -> bool {
    schema.source().node().parent().is_some_and(|around| around.entries().len() == 1)
}

/// The limits of a whole object or list, without its example and default.
fn whole_rules(schema: &Schema, core: &Schema) -> Vec<AnyView> {
    let behind = shape::behind(schema).filter(|behind| behind != core);
    let parts = behind.iter().chain(std::iter::once(core));
    let phrases = parts.flat_map(|part| {
        let mut phrases = limits::in_words(&part.constraints());
        phrases.extend(rules::of(part));
        phrases
    });
    phrases.map(Phrase::view).collect()
}

/// `Address, 7 properties`
pub(super) fn summary(core: &Schema, shape: &Shape) -> String {
    let (properties, choices, items) =
        (shape.properties.len() as u64, shape.choices.len() as u64, shape.items.len() as u64);
    let count = match (properties, choices, items) {
        (0, 0, 0) => "names by pattern".to_owned(),
        (0, 0, items) => counted(items, "item", "items"),
        (0, choices, _) => counted(choices, "choice", "choices"),
        (properties, 0, _) => counted(properties, "property", "properties"),
        (properties, choices, _) => {
            format!("{} and {}", counted(properties, "property", "properties"), counted(choices, "choice", "choices"))
        }
    };
    core.title().or(core.name()).map_or_else(|| count.clone(), |name| format!("{name}, {count}"))
}
