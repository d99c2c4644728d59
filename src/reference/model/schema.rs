//! A schema: a handle on a place in the document that answers what a page or a generator asks.
//!
//! Nothing is followed on its own: [`Schema::reference`] says where a `$ref` leads and [`Schema::resolved`] goes there.
//! The spellings of 3.0 and 3.1 give the same answers.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::document::{
        pointer,
        tree::{Kind, Node, Source, Target},
    },
    Additional, Constraint, Discriminator, EnumValue, Extensions, ExternalDocs, Lead, Property, Reference, Type,
    constraint,
};

/// Longer chains of nothing but references are a loop, or nobody's intention.
const LONGEST_CHAIN: usize = 64;

/// A schema of the document: an object, or a plain `true` or `false`. Cheap to clone; equal for the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    source: Source,
}

/// A schema among the components.
#[derive(Debug, Clone)]
pub struct NamedSchema {
    /// Its name in addresses; unique in the document.
    pub id: String,
    /// Its name among the components.
    pub name: String,
    /// The schema.
    pub schema: Schema,
}

impl Schema {
    /// The schema at a place.
    pub fn at(source: Source) -> Self {
        Self { source }
    }

    /// Whether there can be a schema at its place.
    pub fn is_one(&self) -> bool {
        is_schema(self.node())
    }

    /// Where it stands.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its JSON pointer.
    pub fn pointer(&self) -> String {
        self.source.pointer()
    }

    /// Its name, if it is one of the components.
    pub fn name(&self) -> Option<&str> {
        let group = self.node().parent().filter(|group| group.key() == Some("schemas"))?;
        let components = group.parent().filter(|components| components.key() == Some("components"))?;
        components.parent().filter(|root| root.parent().is_none())?;
        self.node().key()
    }

    /// What to call it in a list of choices: its title, its name, or its types.
    pub fn label(&self) -> String {
        if let Some(reference) = self.reference() {
            let target = reference.lead.schema();
            return target.and_then(Schema::title).map_or(reference.name, str::to_owned);
        }
        if let Some(name) = self.title().or(self.name()) {
            return name.to_owned();
        }
        let types = self.types();
        let named: Vec<_> = types.iter().map(|kind| kind.as_str()).collect();
        if named.is_empty() { "any".to_owned() } else { named.join(" or ") }
    }

    /// `true` for a schema that allows everything, `false` for one that allows nothing.
    pub fn as_boolean(&self) -> Option<bool> {
        self.node().boolean()
    }

    /// Where it refers to, if it is a reference.
    pub fn reference(&self) -> Option<Reference> {
        let text = self.node().text_of("$ref").or_else(|| self.node().text_of("$dynamicRef"))?;
        Some(Reference { text: text.to_owned(), name: pointer::last(text).into_owned(), lead: self.lead(text) })
    }

    /// The schema at the end of its references; itself without any. None where they lead nowhere, out, or in a circle.
    pub fn resolved(&self) -> Option<Schema> {
        let mut schema = self.clone();
        for _ in 0..LONGEST_CHAIN {
            match schema.reference() {
                None => return Some(schema),
                Some(Reference { lead: Lead::To(next), .. }) => schema = next,
                Some(_) => return None,
            }
        }
        None
    }

    /// The types a value may have, `null` among them for 3.0's `nullable`; empty where the schema does not say.
    pub fn types(&self) -> Vec<Type> {
        let stated = self.node().get("type");
        let one = stated.and_then(Node::text).and_then(Type::parse);
        let several = stated.into_iter().flat_map(Node::items).filter_map(|name| Type::parse(name.text()?));
        let mut types: Vec<Type> = one.into_iter().chain(several).collect();
        if self.node().flag("nullable") && !types.is_empty() && !types.contains(&Type::Null) {
            types.push(Type::Null);
        }
        types
    }

    /// The type that matters for showing it and for examples: the first that is not `null`, else what its keywords imply.
    pub fn main_type(&self) -> Option<Type> {
        let types = self.types();
        let stated = types.iter().find(|kind| **kind != Type::Null).or(types.first());
        stated.copied().or_else(|| self.implied_type())
    }

    /// Whether a value may be null.
    pub fn is_nullable(&self) -> bool {
        let null_choice = |schema: &Schema| schema.types() == [Type::Null];
        self.node().flag("nullable")
            || self.types().contains(&Type::Null)
            || self.one_of().iter().chain(&self.any_of()).any(null_choice)
    }

    /// `format`
    pub fn format(&self) -> Option<&str> {
        self.node().text_of("format")
    }

    /// `title`
    pub fn title(&self) -> Option<&str> {
        self.node().text_of("title")
    }

    /// `description`; Markdown. It may stand beside a `$ref`.
    pub fn description(&self) -> Option<&str> {
        self.node().text_of("description")
    }

    /// `readOnly`: not to be sent.
    pub fn is_read_only(&self) -> bool {
        self.node().flag("readOnly")
    }

    /// `writeOnly`: never in an answer.
    pub fn is_write_only(&self) -> bool {
        self.node().flag("writeOnly")
    }

    /// `deprecated`
    pub fn is_deprecated(&self) -> bool {
        self.node().flag("deprecated")
    }

    /// The limits that it states.
    pub fn constraints(&self) -> Vec<Constraint> {
        constraint::of(self.node())
    }

    /// The values of its `enum`, with what the document's extensions say about each.
    pub fn enum_values(&self) -> Vec<EnumValue> {
        let Some(values) = self.node().get("enum") else {
            return Vec::new();
        };
        let values = values.items().enumerate();
        values
            .map(|(index, value)| EnumValue {
                value: value.to_json(),
                name: self.beside_enum(&["x-enum-varnames", "x-enumNames", "x-enum-names"], index, value),
                description: self.beside_enum(
                    &["x-enumDescriptions", "x-enum-descriptions", "x-enum-description"],
                    index,
                    value,
                ),
            })
            .collect()
    }

    /// `const`
    pub fn constant(&self) -> Option<Value> {
        self.json("const")
    }

    /// `default`
    pub fn default(&self) -> Option<Value> {
        self.json("default")
    }

    /// `examples` and `example`.
    pub fn examples(&self) -> Vec<Value> {
        let several = self.node().get("examples");
        let listed = several.into_iter().flat_map(Node::items).map(Node::to_json);
        listed.chain(self.json("example")).collect()
    }

    /// `properties` in the document's order, each with whether it is required.
    pub fn properties(&self) -> Vec<Property> {
        let required: HashSet<&str> = self.required().into_iter().collect();
        let entries = self.node().get("properties").into_iter().flat_map(Node::entries);
        entries
            .map(|(name, node)| Property {
                name: name.to_owned(),
                schema: self.beside(node),
                required: required.contains(name),
            })
            .collect()
    }

    /// `required`: names, some of which `properties` may not have.
    pub fn required(&self) -> Vec<&str> {
        let names = self.node().get("required").into_iter().flat_map(Node::items);
        names.filter_map(Node::text).collect()
    }

    /// `additionalProperties`, or `unevaluatedProperties`.
    pub fn additional(&self) -> Additional {
        let stated = self.node().get("additionalProperties").or_else(|| self.node().get("unevaluatedProperties"));
        match stated {
            None => Additional::Unsaid,
            Some(node) if node.boolean() == Some(false) => Additional::Nothing,
            Some(node) if node.kind() == Kind::Object && node.entries().len() > 0 => Additional::Of(self.beside(node)),
            Some(_) => Additional::Anything,
        }
    }

    /// `patternProperties`: regular expressions for names, and the shape of their values.
    pub fn pattern_properties(&self) -> Vec<(String, Schema)> {
        let entries = self.node().get("patternProperties").into_iter().flat_map(Node::entries);
        entries.map(|(pattern, node)| (pattern.to_owned(), self.beside(node))).collect()
    }

    /// `items`
    pub fn items(&self) -> Option<Schema> {
        self.child("items")
    }

    /// `prefixItems`: the shapes of a list's first items; the old `items` list means the same.
    pub fn prefix_items(&self) -> Vec<Schema> {
        let stated = self.children("prefixItems");
        if stated.is_empty() { self.children("items") } else { stated }
    }

    /// `allOf`
    pub fn all_of(&self) -> Vec<Schema> {
        self.children("allOf")
    }

    /// `oneOf`
    pub fn one_of(&self) -> Vec<Schema> {
        self.children("oneOf")
    }

    /// `anyOf`
    pub fn any_of(&self) -> Vec<Schema> {
        self.children("anyOf")
    }

    /// `discriminator`
    pub fn discriminator(&self) -> Option<Discriminator> {
        let node = self.node().get("discriminator")?;
        let property = node.text_of("propertyName").or(node.text())?.to_owned();
        let entries = node.get("mapping").into_iter().flat_map(Node::entries);
        let mapping =
            entries.filter_map(|(value, target)| Some((value.to_owned(), self.mapped(target.text()?)))).collect();
        let fallback = node.text_of("defaultMapping").map(|target| self.mapped(target));
        Some(Discriminator { property, mapping, fallback })
    }

    /// `contentMediaType`, and `contentEncoding`: content in a text.
    pub fn content(&self) -> (Option<&str>, Option<&str>) {
        (self.node().text_of("contentMediaType"), self.node().text_of("contentEncoding"))
    }

    /// `externalDocs`
    pub fn external_docs(&self) -> Option<ExternalDocs> {
        let node = self.node().get("externalDocs")?;
        let url = node.text_of("url")?.to_owned();
        Some(ExternalDocs { url, description: node.text_of("description").map(str::to_owned) })
    }

    /// The document's `x-` members here.
    pub fn extensions(&self) -> Extensions {
        Extensions::of(self.source.clone())
    }

    /// Every schema directly inside this one, whatever its role; not those it refers to.
    pub fn children_of_any_kind(&self) -> Vec<Schema> {
        const SINGLE: [&str; 12] = [
            "items",
            "additionalProperties",
            "unevaluatedProperties",
            "unevaluatedItems",
            "propertyNames",
            "contains",
            "not",
            "if",
            "then",
            "else",
            "contentSchema",
            "additionalItems",
        ];
        const LISTS: [&str; 5] = ["allOf", "oneOf", "anyOf", "prefixItems", "items"];
        const MAPS: [&str; 5] = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
        let node = self.node();
        let maps = MAPS.into_iter().filter_map(|key| node.get(key)).flat_map(|map| map.entries().map(|(_, node)| node));
        let lists = LISTS.into_iter().filter_map(|key| node.get(key)).flat_map(Node::items);
        let single = SINGLE.into_iter().filter_map(|key| node.get(key)).filter(|node| is_schema(*node));
        maps.chain(lists).chain(single).map(|node| self.beside(node)).collect()
    }

    pub(super) fn node(&self) -> Node<'_> {
        self.source.node()
    }

    pub(super) fn beside(&self, node: Node<'_>) -> Schema {
        Schema::at(self.source.beside(node))
    }

    pub(super) fn child(&self, key: &str) -> Option<Schema> {
        let node = self.node().get(key).filter(|node| is_schema(*node))?;
        Some(self.beside(node))
    }

    fn children(&self, key: &str) -> Vec<Schema> {
        let items = self.node().get(key).into_iter().flat_map(Node::items);
        items.filter(|node| is_schema(*node)).map(|node| self.beside(node)).collect()
    }

    fn json(&self, key: &str) -> Option<Value> {
        self.node().get(key).map(Node::to_json)
    }

    fn lead(&self, reference: &str) -> Lead {
        match self.node().tree().resolve(reference) {
            Target::Inside(node) => Lead::To(self.beside(node)),
            Target::Nowhere => Lead::Nowhere,
            Target::Outside => Lead::Outside,
        }
    }

    /// A discriminator's target: the name of a component, or a reference.
    fn mapped(&self, target: &str) -> Lead {
        let named = self.node().tree().root().get("components").and_then(|node| node.get("schemas")?.get(target));
        named.map_or_else(|| self.lead(target), |node| Lead::To(self.beside(node)))
    }

    /// The text that an extension gives for a value of an enumeration, listed in the same order or by value.
    fn beside_enum(&self, keys: &[&str], index: usize, value: Node<'_>) -> Option<String> {
        let texts = keys.iter().find_map(|key| self.node().get(key))?;
        let text = match texts.kind() {
            Kind::List => texts.item(index)?,
            _ => texts.get(value.written()?)?,
        };
        text.text().map(str::to_owned)
    }

    fn implied_type(&self) -> Option<Type> {
        const IMPLIED: [(Type, &[&str]); 4] = [
            (Type::Object, &["properties", "additionalProperties", "patternProperties", "required", "maxProperties"]),
            (Type::Array, &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
            (Type::String, &["pattern", "minLength", "maxLength", "contentMediaType"]),
            (Type::Number, &["minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"]),
        ];
        let node = self.node();
        let implied = IMPLIED.iter().find(|(_, keys)| keys.iter().any(|key| node.get(key).is_some()));
        implied.map(|(kind, _)| *kind)
    }
}

fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Boolean)
}
