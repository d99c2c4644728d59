//! A second opinion on OpenAPI 3.0: what the crate `openapiv3`, which reads strictly, says about a document.
//!
//! It is asked about the document without its schemas, and then about each schema without those inside: its tries at a
//! fault in a nested schema double with every level, and twenty levels would take minutes.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;

use super::{
    pointer,
    review::NAMED,
    tree::{Kind, Node},
};

/// The strict reader works on the stack.
const DEEPEST: usize = 64;

/// Members of parts other than schemas whose values may be anything.
const DATA: [&str; 2] = ["example", "value"];

/// Why a strict reader refuses the document.
pub(super) struct Refusal {
    pub pointer: String,
    pub message: String,
}

/// The first fault that a strict reader finds.
pub(super) fn refusal(root: Node<'_>) -> Option<Refusal> {
    let mut schemas = Vec::new();
    let Some(skeleton) = without_schemas(root, Names::Fixed, DEEPEST, &mut schemas) else {
        let message = "it is nested too deeply".to_owned();
        return Some(Refusal { pointer: String::new(), message });
    };
    if let Some(refusal) = refused::<openapiv3::OpenAPI>(skeleton, root) {
        return Some(refusal);
    }
    while let Some(schema) = schemas.pop() {
        let alone = without_inner_schemas(schema, &mut schemas);
        if let Some(refusal) = refused::<openapiv3::ReferenceOr<openapiv3::Schema>>(alone, schema) {
            return Some(refusal);
        }
    }
    None
}

/// Whether OpenAPI or the author names an object's members.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Fixed,
    Free,
}

/// A copy in which every schema is empty; none if it is too deep.
fn without_schemas<'t>(node: Node<'t>, names: Names, depth: usize, schemas: &mut Vec<Node<'t>>) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match node.kind() {
        Kind::Object => {
            let mut copy = Map::new();
            let is_free = |key: &str| names == Names::Fixed && (key.starts_with("x-") || DATA.contains(&key));
            for (key, member) in node.entries().filter(|(key, _)| !is_free(key)) {
                let is_named_schema = names == Names::Free && node.key() == Some("schemas");
                let is_schema = is_named_schema || (names == Names::Fixed && key == "schema");
                let value = if is_schema && member.kind() == Kind::Object {
                    schemas.push(member);
                    json!({})
                } else {
                    let inner = if names == Names::Fixed && NAMED.contains(&key) { Names::Free } else { Names::Fixed };
                    without_schemas(member, inner, depth, schemas)?
                };
                copy.insert(key.to_owned(), value);
            }
            Some(Value::Object(copy))
        }
        Kind::List => {
            let items = node.items().map(|item| without_schemas(item, Names::Fixed, depth, schemas));
            items.collect::<Option<Vec<_>>>().map(Value::Array)
        }
        _ => Some(node.to_json()),
    }
}

/// A copy of a schema in which those inside are empty, and what may be anything is left out.
fn without_inner_schemas<'t>(schema: Node<'t>, schemas: &mut Vec<Node<'t>>) -> Value {
    let mut stub = |node: Node<'t>| {
        if node.kind() != Kind::Object {
            return node.to_json();
        }
        schemas.push(node);
        json!({})
    };
    let mut copy = Map::new();
    for (key, member) in schema.entries() {
        let value = match (key, member.kind()) {
            ("example" | "default" | "x-examples", _) => continue,
            (_, Kind::Text) if key == "description" || key == "title" => json!(""),
            ("properties", Kind::Object) => {
                Value::Object(member.entries().map(|(name, node)| (name.to_owned(), stub(node))).collect())
            }
            ("items" | "additionalProperties" | "not", _) => stub(member),
            ("allOf" | "oneOf" | "anyOf", Kind::List) => Value::Array(member.items().map(&mut stub).collect()),
            _ if key.starts_with("x-") => continue,
            _ => member.to_json(),
        };
        copy.insert(key.to_owned(), value);
    }
    Value::Object(copy)
}

fn refused<T: DeserializeOwned>(value: Value, node: Node<'_>) -> Option<Refusal> {
    let error = serde_path_to_error::deserialize::<_, T>(value).err()?;
    let mut at = node.pointer();
    for segment in error.path().iter() {
        match segment {
            Segment::Seq { index } => pointer::push(&mut at, &index.to_string()),
            Segment::Map { key } => pointer::push(&mut at, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    Some(Refusal { pointer: at, message: error.into_inner().to_string() })
}
