//! Holds every schema of a document against reason, and the document's own examples against their schemas.

use std::{cmp::Ordering, collections::HashSet};

use super::{
    super::{
        fit::{Fit, Misfit},
        model::{NamedSchema, Schema, Type},
    },
    reader::Reader,
    tree::{Kind, Node},
    warning::WarningCode,
};

/// Schemas that all examples together are held against: GitHub's ask for half a million.
const MOST_STEPS: usize = 4_000_000;

/// Values of an enumeration that are looked at.
const MOST_LISTED: usize = 1_000;

/// What belongs together: the first must not be greater than the second.
const LIMITS: [(&str, &str); 7] = [
    ("minimum", "maximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
];

impl<'s> Reader<'s> {
    /// Adds the warnings about schemas and examples.
    pub fn review_schemas(&mut self, named: &[NamedSchema]) {
        let mut fit = Fit::new(None);
        let mut seen = HashSet::new();
        let mut schemas = std::mem::take(&mut self.schemas);
        schemas.extend(named.iter().map(|named| named.schema.clone()));
        while let Some(schema) = schemas.pop() {
            let node = self.tree.node(schema.source());
            if !seen.insert(node.index()) {
                continue;
            }
            self.review_type(node);
            self.review_pattern(&mut fit, node);
            self.review_limits(node);
            self.review_own_values(&mut fit, &schema, node);
            schemas.extend(schema.children_of_any_kind());
        }
        for exemplified in std::mem::take(&mut self.exemplified) {
            for source in exemplified.examples.iter().filter_map(|example| example.value.as_ref()) {
                self.review_value(&mut fit, "example", &exemplified.schema, self.tree.node(source));
            }
        }
    }

    fn review_type(&mut self, node: Node<'s>) {
        let Some(kind) = node.get("type") else { return };
        let names = kind.items().chain((kind.kind() != Kind::List).then_some(kind));
        let unknown = names.filter(|name| name.text().and_then(Type::parse).is_none());
        for name in unknown {
            let written = name.written().unwrap_or("of another kind");
            self.warn(WarningCode::UnknownType, name, format!("JSON Schema has no type `{written}`."));
        }
    }

    fn review_pattern(&mut self, fit: &mut Fit, node: Node<'s>) {
        let own = node.get("pattern").filter(|pattern| pattern.kind() == Kind::Text);
        let unreadable = own.filter(|pattern| pattern.text().is_some_and(|text| fit.is_unreadable(text)));
        if let Some(pattern) = unreadable {
            self.warn(
                WarningCode::UnreadablePattern,
                pattern,
                "`pattern` is no regular expression; it is passed over.",
            );
        }
        let names = node.get("patternProperties").into_iter().flat_map(Node::entries);
        for (_, member) in names.filter(|(pattern, _)| fit.is_unreadable(pattern)) {
            let message = "The name is no regular expression, as `patternProperties` asks for; it is passed over.";
            self.warn(WarningCode::UnreadablePattern, member, message);
        }
    }

    fn review_limits(&mut self, node: Node<'s>) {
        for (low, high) in LIMITS {
            let (Some(least), Some(most)) =
                (node.get(low).and_then(Node::number), node.get(high).and_then(Node::number))
            else {
                continue;
            };
            let order = least.as_f64().partial_cmp(&most.as_f64());
            let is_open = low.starts_with("exclusive") || high.starts_with("exclusive");
            if order == Some(Ordering::Greater) || (is_open && order == Some(Ordering::Equal)) {
                let message = format!("No value fits: `{low}` is {least} and `{high}` is {most}.");
                self.warn(WarningCode::ImpossibleConstraint, node, message);
            }
        }
        if node.get("additionalProperties").and_then(Node::boolean) != Some(false)
            || node.get("patternProperties").is_some()
        {
            return;
        }
        let properties = node.get("properties");
        let is_known = |name: &str| properties.is_some_and(|properties| properties.get(name).is_some());
        let required = node.get("required").into_iter().flat_map(Node::items);
        for name in required.filter(|name| name.text().is_some_and(|name| !is_known(name))) {
            let written = name.text().unwrap_or_default();
            let message = format!("No value fits: `{written}` is required, and `additionalProperties` forbids it.");
            self.warn(WarningCode::ImpossibleConstraint, name, message);
        }
    }

    fn review_own_values(&mut self, fit: &mut Fit, schema: &Schema, node: Node<'s>) {
        let listed = node.get("examples").into_iter().flat_map(Node::items);
        for example in listed.chain(node.get("example")) {
            self.review_value(fit, "example", schema, example);
        }
        if let Some(default) = node.get("default") {
            self.review_value(fit, "default", schema, default);
        }
        let listed = node.get("enum").into_iter().flat_map(Node::items).take(MOST_LISTED);
        for value in listed {
            if let Some(misfit) = fit.misfit_beside_enum(schema, &value.to_json()) {
                return self.warn_of_misfit("value of the enumeration", value, &misfit);
            }
        }
    }

    fn review_value(&mut self, fit: &mut Fit, what: &str, schema: &Schema, value: Node<'s>) {
        if fit.steps() > MOST_STEPS {
            let message =
                "There are too many examples to hold them all against their schemas; from here on, they are not.";
            return self.warnings.add_once(WarningCode::ExamplesUnchecked, value, message);
        }
        if let Some(misfit) = fit.misfit(schema, &value.to_json()) {
            self.warn_of_misfit(what, value, &misfit);
        }
    }

    fn warn_of_misfit(&mut self, what: &str, value: Node<'s>, Misfit { pointer, message, .. }: &Misfit) {
        let place = self.tree.at(&format!("{}{pointer}", value.pointer())).unwrap_or(value);
        let inside = if pointer.is_empty() { String::new() } else { format!(", at `{pointer}`") };
        self.warn(
            WarningCode::ExampleMismatch,
            place,
            format!("The {what} does not fit its schema{inside}: {message}"),
        );
    }
}
