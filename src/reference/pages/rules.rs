//! What a schema asks beyond the limits of a value, in words: which names go together, what is refused, what holds only
//! when something else does.

use std::{cell::Cell, collections::HashSet};

use serde_json::Value;

use super::{
    super::{
        model::{Additional, Property, Schema, Type},
        reading::counted,
        shape,
    },
    limits,
    phrase::Phrase,
};

/// More values than a sentence holds.
const NAMED_VALUES: usize = 5;

/// A condition about a condition is read in the document.
const DEEPEST: usize = 3;

/// Schemas and names that one sentence speaks of.
const MOST_TOLD: usize = 60;

/// The rules of one schema, those about other names and items included.
pub(super) fn of(schema: &Schema) -> Vec<Phrase> {
    let mut rules = Vec::new();
    rules.extend(names(schema));
    for (name, others) in schema.dependent_required() {
        let others = others.into_iter().map(Phrase::value).collect();
        rules.push(Phrase::words("with ").and_value(name).and(" also ").then(Phrase::joined(others, " and ")));
    }
    rules.extend(contains(schema));
    if schema.ends_with_prefix() && !schema.prefix_items().is_empty() {
        rules.push(Phrase::words("no further items"));
    }
    rules.extend(schema.not().and_then(|not| Some(Phrase::words("not: ").then(told(&not)?))));
    let is_closed = matches!(schema.additional(), Additional::Nothing);
    if is_closed && !(schema.properties().is_empty() && schema.all_of().is_empty()) {
        rules.push(Phrase::words("no other names"));
    }
    rules
}

/// What holds only under a condition: the condition, and what then holds.
pub(super) fn conditions(schema: &Schema) -> Vec<(Phrase, Schema)> {
    let mut conditions = Vec::new();
    if let Some((when, then, otherwise)) = schema.condition() {
        let told = told(&when).unwrap_or_else(|| Phrase::words(format!("it fits {}", when.pointer())));
        conditions.extend(then.map(|then| (Phrase::words("When ").then(told.clone()), then)));
        conditions.extend(otherwise.map(|otherwise| (Phrase::words("Unless ").then(told), otherwise)));
    }
    for (name, then) in schema.dependent_schemas() {
        conditions.push((Phrase::words("When ").and_value(name).and(" is there"), then));
    }
    conditions
}

/// What a value that fits is like: "`country` is `PT` and `postcode` is there".
pub(super) fn told(schema: &Schema) -> Option<Phrase> {
    let left = Cell::new(MOST_TOLD);
    let told = told_within(schema, Reach { depth: 0, left: &left })?;
    Some(if left.get() == 0 { told.and(", …") } else { told })
}

/// How far a sentence still goes: schemas refer to themselves, and not only once.
#[derive(Clone, Copy)]
struct Reach<'s> {
    depth: usize,
    left: &'s Cell<usize>,
}

impl Reach<'_> {
    fn inner(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    /// Takes room for one more schema or name.
    fn takes(self) -> bool {
        let left = self.left.get().checked_sub(1).filter(|_| self.depth <= DEEPEST);
        left.inspect(|left| self.left.set(*left)).is_some()
    }
}

fn told_within(schema: &Schema, reach: Reach<'_>) -> Option<Phrase> {
    let schema = schema.resolved().filter(|_| reach.takes())?;
    let properties = schema.properties();
    let mut parts: Vec<Phrase> = properties.iter().filter_map(|property| told_of(property, reach)).collect();
    let described: HashSet<&str> = properties.iter().map(|property| property.name.as_str()).collect();
    let others = schema.required().into_iter().filter(|name| !described.contains(name) && reach.takes());
    parts.extend(others.map(|name| Phrase::value(name).and(" is there")));
    parts.extend(itself(&schema, reach).filter(|_| properties.is_empty()));
    for (choices, between) in [(schema.all_of(), " and "), (schema.any_of(), " or "), (schema.one_of(), " or ")] {
        let choices: Vec<Phrase> = choices.iter().filter_map(|choice| told_within(choice, reach.inner())).collect();
        parts.extend((!choices.is_empty()).then(|| Phrase::joined(choices, between)));
    }
    parts.extend(schema.not().and_then(|not| Some(Phrase::words("not: ").then(told_within(&not, reach.inner())?))));
    (!parts.is_empty()).then(|| Phrase::joined(parts, " and "))
}

fn told_of(property: &Property, reach: Reach<'_>) -> Option<Phrase> {
    if !reach.takes() {
        return None;
    }
    let name = Phrase::value(&property.name);
    match told_within(&property.schema, reach.inner()) {
        Some(told) => Some(name.and(" ").then(told)),
        None => property.required.then(|| name.and(" is there")),
    }
}

/// What a plain value is: "is `PT`", "is at least 3", "is a string".
fn itself(schema: &Schema, reach: Reach<'_>) -> Option<Phrase> {
    let is = |value: &Value| Phrase::words("is ").and_value(limits::shortly(value));
    if let Some(constant) = schema.constant() {
        return Some(is(&constant));
    }
    let values = shape::values(schema);
    if !values.is_empty() {
        let named: Vec<Phrase> =
            values.iter().take(NAMED_VALUES).map(|value| Phrase::value(limits::shortly(&value.value))).collect();
        let more = if values.len() > NAMED_VALUES { " or another listed value" } else { "" };
        return Some(Phrase::words("is ").then(Phrase::joined(named, " or ")).and(more));
    }
    let limits = limits::in_words(&schema.constraints());
    if !limits.is_empty() {
        return Some(Phrase::words("has ").then(Phrase::joined(limits, ", ")));
    }
    if let Some(items) = schema.contains().and_then(|items| told_within(&items, reach.inner())) {
        return Some(Phrase::words("has an item that ").then(items));
    }
    let is_bare = schema.required().is_empty() && schema.children_of_any_kind().is_empty();
    let kind = schema.main_type().filter(|_| is_bare)?;
    let article = if matches!(kind, Type::Array | Type::Object | Type::Integer) { "an" } else { "a" };
    Some(Phrase::words(if kind == Type::Null {
        "is null".to_owned()
    } else {
        format!("is {article} {}", kind.as_str())
    }))
}

/// `propertyNames`
fn names(schema: &Schema) -> Option<Phrase> {
    let names = schema.property_names()?;
    let limits = limits::in_words(&names.constraints());
    let told = match limits.is_empty() {
        true => itself(&names, Reach { depth: 0, left: &Cell::new(MOST_TOLD) })?,
        false => Phrase::joined(limits, ", "),
    };
    Some(Phrase::words("each name: ").then(told))
}

fn contains(schema: &Schema) -> Option<Phrase> {
    let items = schema.contains()?;
    let count = match schema.contained() {
        (Some(0), None) => return None,
        (None, None) | (Some(1), None) => "at least one item".to_owned(),
        (Some(least), None) => format!("at least {}", counted(least, "item", "items")),
        (None, Some(most)) => format!("1 to {}", counted(most, "item", "items")),
        (Some(least), Some(most)) if least == most => format!("exactly {}", counted(most, "item", "items")),
        (Some(least), Some(most)) => format!("{least} to {}", counted(most, "item", "items")),
    };
    let told = told(&items).unwrap_or_else(|| Phrase::words(format!("is {}", shape::kind(&items))));
    let subject = if items.properties().is_empty() && items.required().is_empty() { "it " } else { "" };
    Some(Phrase::words(format!("{count} where {subject}")).then(told))
}

#[cfg(test)]
mod tests {
    use super::{super::super::document::Document, *};

    fn rules(yaml: &str) -> Vec<String> {
        let document = Document::read(format!("openapi: 3.1.0\ncomponents: {{schemas: {{A: {yaml}}}}}").as_bytes());
        let schema = document.unwrap().schema("A").unwrap().schema.clone();
        let conditions = conditions(&schema)
            .into_iter()
            .map(|(when, then)| format!("{}: {}", when.text(), told(&then).unwrap_or_default().text()));
        of(&schema).iter().map(Phrase::text).chain(conditions).collect()
    }

    #[test]
    fn rules_are_told_in_words() {
        let cases = [
            ("{propertyNames: {maxLength: 20}}", "each name: up to 20 characters"),
            ("{dependentRequired: {card: [cvc, name]}}", "with card also cvc and name"),
            ("{contains: {const: 1}}", "at least one item where it is 1"),
            ("{contains: {type: string}, minContains: 2, maxContains: 3}", "2 to 3 items where it is a string"),
            ("{prefixItems: [{type: string}], items: false}", "no further items"),
            ("{not: {required: [a]}}", "not: a is there"),
            ("{properties: {a: {}}, additionalProperties: false}", "no other names"),
            ("{properties: {a: {}}, unevaluatedProperties: false}", "no other names"),
            (
                "{if: {properties: {country: {const: PT}}}, then: {required: [postcode]}}",
                "When country is PT: postcode is there",
            ),
            ("{if: {required: [a]}, else: {required: [b]}}", "Unless a is there: b is there"),
            ("{dependentSchemas: {card: {required: [cvc]}}}", "When card is there: cvc is there"),
            (
                "{if: {properties: {a: {enum: [1, 2]}}}, then: {properties: {b: {minLength: 3}}}}",
                "When a is 1 or 2: b has at least 3 characters",
            ),
        ];
        for (schema, rule) in cases {
            assert_eq!(rules(schema), [rule], "{schema}");
        }
    }

    #[test]
    fn rules_about_rules_end() {
        let mut deep = "{required: [a]}".to_owned();
        for _ in 0..100 {
            deep = format!("{{not: {deep}}}");
        }
        assert!(rules(&deep).iter().all(|rule| rule.len() < 100));
    }
}
