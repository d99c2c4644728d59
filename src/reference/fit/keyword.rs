//! What each keyword of a schema asks for.

use serde_json::Value;

use super::{
    Asked, At, Fault, Fit,
    fault::{alternatives, plain},
    scalar::same,
};
use crate::reference::{
    document::tree::{Kind, Node},
    model::Type,
};

/// A keyword and what it says.
pub(super) type Stated<'t> = (&'t str, Node<'t>);

impl Fit {
    pub(super) fn keyword(&mut self, asked: &Asked<'_>, stated: Stated<'_>, value: &Value, at: &At<'_>) -> bool {
        match (stated.0, value) {
            ("enum", _) => self.listed(stated.1, value, at),
            ("const", _) => self.constant(stated.1, value, at),
            ("format", _) => !self.is_of_call || self.format(stated.1, value, at),
            ("allOf" | "anyOf" | "oneOf" | "not" | "if", _) => self.composition(asked, stated, value, at),
            (_, Value::Array(items)) if stated.0 != "type" => self.list(asked, stated, (value, items), at),
            (_, Value::Object(members)) if stated.0 != "type" => self.object(asked, stated, (value, members), at),
            _ => self.limit(asked.schema, stated, value, at),
        }
    }

    /// Types, and what is counted or compared of numbers and texts.
    pub(super) fn limit(&mut self, schema: Node<'_>, stated: Stated<'_>, value: &Value, at: &At<'_>) -> bool {
        match (stated.0, value) {
            ("type", _) => self.kind(stated.1, value, at),
            (_, Value::Number(number)) => self.number(schema, stated, number, at),
            (_, Value::String(text)) => self.text(stated, (value, text), at),
            _ => true,
        }
    }

    fn kind(&mut self, stated: Node<'_>, value: &Value, at: &At<'_>) -> bool {
        let names = || stated.items().chain((stated.kind() == Kind::Text).then_some(stated));
        let kinds = || names().filter_map(|name| Type::parse(name.text()?));
        if kinds().any(|kind| kind.holds(value)) || kinds().next().is_none() {
            return true;
        }
        self.wrong(at, Fault::WrongType, || {
            let mut expected: Vec<Type> = kinds().collect();
            expected.sort_by_key(|kind| *kind == Type::Null); // it comes last in speech
            expected.dedup();
            format!("This must be {}.", alternatives(expected.into_iter().map(|kind| kind.as_str().to_owned())))
        })
    }

    fn listed(&mut self, stated: Node<'_>, value: &Value, at: &At<'_>) -> bool {
        if stated.kind() != Kind::List || stated.items().any(|allowed| same(allowed, value)) {
            return true;
        }
        self.wrong(at, Fault::UnlistedValue, || {
            format!("This must be {}.", alternatives(stated.items().map(|allowed| plain(&allowed.to_json()))))
        })
    }

    fn constant(&mut self, stated: Node<'_>, value: &Value, at: &At<'_>) -> bool {
        same(stated, value)
            || self.wrong(at, Fault::UnlistedValue, || format!("This must be {}.", plain(&stated.to_json())))
    }
}
