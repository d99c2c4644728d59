//! A schema as an indented list: two levels in place, deeper ones as links to their own texts.

use super::{
    super::super::{
        example::Direction,
        model::{Operation, Parameter, Place as At, Schema},
        pages::Place,
        shape::{self, Mixing, Shape},
    },
    text_of, values,
};
use crate::markdown::text::{code, link, plain, words};

/// Levels below the first list.
const DEEPEST: usize = 1;

/// A text of more lines is read by nobody; the rest is counted.
const MOST_LINES: usize = 400;

/// More choices are counted.
const MOST_CHOICES: usize = 30;

/// As much of a description as a list's line holds.
const LONGEST_DESCRIPTION: usize = 600;

/// A value's properties, its choices, or what is known of a plain one; `page` is the schema that the text is about.
pub(super) fn of(place: &Place, schema: &Schema, direction: Option<Direction>, page: Option<&Schema>) -> String {
    let mut list = List { place, direction, lines: Vec::new(), trail: Vec::new() };
    let Some(core) = shape::core(schema) else { return values::kind(schema) };
    let shape = shape::of(&core);
    let about = about(place, schema, &core, page);
    if !shape.is_composed() {
        let mut said = vec![about];
        said.extend(values::choices(schema));
        let limits = values::limits(schema);
        said.extend((!limits.is_empty()).then(|| format!("Limits: {}.", limits.join(", "))));
        return said.join(" ");
    }
    list.trail.push(core.source().node().index());
    list.members(&core, &shape, 0);
    format!("{about}\n\n{}", list.lines.join("\n"))
}

/// What a whole value is, with a link to the schema that it is made of.
fn about(place: &Place, schema: &Schema, core: &Schema, page: Option<&Schema>) -> String {
    let kind = values::kind(schema);
    let target = Some(core).filter(|core| page != Some(*core)).and_then(|core| place.schema_path(core));
    match target.zip(core.name()) {
        Some((path, name)) => format!("{kind}. Schema {}.", link(name, &text_of(&path))),
        None => format!("{kind}."),
    }
}

/// The parameters of one place of a request.
pub(super) fn of_parameters(place: &Place, operation: &Operation, at: At) -> String {
    let mut list = List { place, direction: Some(Direction::Request), lines: Vec::new(), trail: Vec::new() };
    for parameter in operation.parameters_in(at) {
        list.parameter(parameter);
    }
    list.lines.join("\n")
}

/// Names with a value each, such as headers.
pub(super) fn named(place: &Place, named: &[(&str, Option<&Schema>, Need, Option<&str>)]) -> String {
    let mut list = List { place, direction: Some(Direction::Response), lines: Vec::new(), trail: Vec::new() };
    for (name, schema, need, description) in named {
        list.named(&code(name), *schema, *need, *description, 0);
    }
    list.lines.join("\n")
}

/// Whether something must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
    Deprecated,
}

struct List<'p> {
    place: &'p Place,
    direction: Option<Direction>,
    lines: Vec<String>,
    trail: Vec<u32>,
}

impl List<'_> {
    fn parameter(&mut self, parameter: &Parameter) {
        let need = match (parameter.deprecated, parameter.required) {
            (true, _) => Need::Deprecated,
            (false, true) => Need::Required,
            (false, false) => Need::Optional,
        };
        let description = parameter.description.as_deref();
        self.named(&code(&parameter.name), parameter.shape(), need, description, 0);
        let example = super::super::super::example::own(&parameter.examples);
        if let (Some(example), Some(line)) = (example, self.lines.last_mut())
            && !line.contains("example ")
        {
            let colon = if line.ends_with(')') { ":" } else { "" };
            line.push_str(&format!("{colon} Example: {}.", values::shortly(&example)));
        }
    }

    fn members(&mut self, schema: &Schema, shape: &Shape, level: usize) {
        let shown: Vec<_> = shape.properties.iter().filter(|property| self.travels(&property.schema)).collect();
        for (index, property) in shown.iter().enumerate() {
            if self.lines.len() >= MOST_LINES {
                self.line(level, &format!("and {} more", shown.len() - index));
                return;
            }
            let need = if property.required { Need::Required } else { Need::Optional };
            self.named(&code(&property.name), Some(&property.schema), need, None, level);
        }
        for (pattern, value) in &shape.patterns {
            self.named(&format!("names that match {}", code(pattern)), Some(value), Need::Optional, None, level);
        }
        if let Some(others) = shape.others.as_ref().filter(|_| !shape.properties.is_empty()) {
            self.named("any other name", Some(others), Need::Optional, None, level);
        }
        if !shape.choices.is_empty() {
            self.choices(schema, shape, level);
        }
    }

    fn choices(&mut self, schema: &Schema, shape: &Shape, level: usize) {
        let lead = match shape.mixing {
            Mixing::One => "one of these",
            Mixing::Any => "any of these",
        };
        let discriminator = schema.discriminator();
        let told = discriminator.map(|it| format!(", told apart by {}", code(&it.property))).unwrap_or_default();
        self.line(level, &format!("{lead}{told}:"));
        let left_out = shape.choices.len().saturating_sub(MOST_CHOICES);
        for choice in shape.choices.iter().take(MOST_CHOICES) {
            self.named(&plain(&choice.label()), Some(choice), Need::Optional, None, level + 1);
        }
        if left_out > 0 {
            self.line(level + 1, &format!("and {left_out} more"));
        }
    }

    /// `name` is Markdown already.
    fn named(&mut self, name: &str, schema: Option<&Schema>, need: Need, description: Option<&str>, level: usize) {
        let behind = schema.and_then(shape::behind);
        let said = |schema: &Schema| schema.description().map(str::to_owned);
        let own = description.map(str::to_owned).or_else(|| schema.and_then(said));
        let description = own.or_else(|| behind.as_ref().and_then(said)).unwrap_or_default();
        let is_old = schema.is_some_and(Schema::is_deprecated) || behind.as_ref().is_some_and(Schema::is_deprecated);
        let need = match need {
            _ if is_old => ", deprecated",
            Need::Required => ", required",
            Need::Deprecated => ", deprecated",
            Need::Optional => "",
        };
        let kind = schema.map_or_else(|| "any".to_owned(), values::kind);
        let name = &format!("{name} ({kind}{need})");
        let mut parts = Vec::new();
        let described = words(&description, LONGEST_DESCRIPTION);
        parts.extend((!described.is_empty()).then(|| ended(described)));
        let Some(schema) = schema else { return self.line(level, &joined(name, &parts)) };
        let limits = values::limits(schema);
        parts.extend((!limits.is_empty()).then(|| ended(capitalized(&limits.join(", ")))));
        parts.extend(values::choices(schema));
        parts.extend(lost(schema));
        let core = shape::core(schema).map(|core| (shape::of(&core), core)).filter(|(shape, _)| shape.is_composed());
        let Some((shape, core)) = core else { return self.line(level, &joined(name, &parts)) };
        let index = core.source().node().index();
        let is_deep = level >= DEEPEST || self.trail.contains(&index) || self.lines.len() >= MOST_LINES;
        match (is_deep, self.place.schema_path(&core).zip(core.name())) {
            (true, Some((path, target))) => {
                parts.push(format!("See {}.", link(target, &text_of(&path))));
                self.line(level, &joined(name, &parts));
            }
            (true, None) if self.trail.contains(&index) || level > DEEPEST + 2 => {
                parts.push(format!("At {} in the document.", code(&core.pointer())));
                self.line(level, &joined(name, &parts));
            }
            _ => {
                self.line(level, &joined(name, &parts));
                self.trail.push(index);
                self.members(&core, &shape, level + 1);
                self.trail.pop();
            }
        }
    }

    fn line(&mut self, level: usize, text: &str) {
        self.lines.push(format!("{}- {text}", "  ".repeat(level)));
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

/// A reference that leads nowhere.
fn lost(schema: &Schema) -> Option<String> {
    let reference = schema.reference().filter(|_| schema.resolved().is_none())?;
    Some(format!("The reference {} is not resolved in this document.", code(&reference.text)))
}

fn joined(name: &str, parts: &[String]) -> String {
    if parts.is_empty() { name.to_owned() } else { format!("{name}: {}", parts.join(" ")) }
}

fn ended(text: String) -> String {
    if text.ends_with(['.', '!', '?', '…', ':']) { text } else { format!("{text}.") }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
