//! An API document: read once from JSON or YAML, kept as one tree, shown through one model.
//!
//! Reading is tolerant: what cannot be read at all is [`Unreadable`]; what is doubtful becomes a [`Warning`] with its
//! place, and the rest is shown. References are kept, never replaced by what they lead to. Nothing here does I/O.

mod builder;
mod content;
mod json;
mod naming;
#[cfg(test)]
mod openapi_3_2;
mod operation;
mod operations;
mod overview;
mod plausible;
pub mod pointer;
mod reader;
#[cfg(test)]
mod real_documents;
mod review;
mod security;
mod strict;
#[cfg(test)]
mod tests;
pub mod tree;
mod unreadable;
mod warning;
mod yaml;

use std::{collections::HashMap, sync::Arc};

use self::{
    builder::{Builder, Duplicate, Excess},
    json::Fault,
    operation::Surroundings,
    reader::Reader,
    tree::{Kind, Node, Tree},
    unreadable::Lines,
    warning::Warnings,
    yaml::Rest,
};
use super::model::{Api, NamedSchema, Operation, Schema, Scope, SecurityScheme, Webhook};

pub use self::{
    unreadable::{Position, Unreadable},
    warning::{Warning, WarningCode},
};

/// Five times the largest known document; what is larger is a mistake or an attack.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// An API document that was read.
#[derive(Debug)]
pub struct Document {
    format: Format,
    tree: Arc<Tree>,
    api: Api,
    operations: Vec<Operation>,
    operation_ids: HashMap<String, usize>,
    webhooks: Vec<Webhook>,
    schemas: Vec<NamedSchema>,
    security_schemes: Vec<SecurityScheme>,
    scopes: Vec<Scope>,
    warnings: Vec<Warning>,
    warning_counts: HashMap<WarningCode, usize>,
}

/// The notation of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON
    Json,
    /// YAML
    Yaml,
}

impl Document {
    /// Reads a file's bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = text_of(bytes)?;
        let parsed = parse(text)?;
        let tree = Arc::new(parsed.tree);
        let lines = Lines::of(text.as_bytes());
        let minor = openapi_minor(tree.root(), &lines)?;
        let mut warnings = Warnings::new(lines);
        for Duplicate { pointer, offset } in parsed.duplicates {
            let message = "The same name stands twice in this object; the last one counts.";
            warnings.add_at(WarningCode::DuplicateName, || pointer, offset, message.to_owned());
        }
        if parsed.rest == Rest::Ignored {
            warnings.add(
                WarningCode::FurtherDocuments,
                tree.root(),
                "The file has more than one document; the first is read.",
            );
        }
        if minor == Minor::Zero {
            second_opinion(&tree, &mut warnings);
        }
        Ok(Self::from_tree(parsed.format, &tree, warnings))
    }

    fn from_tree(format: Format, tree: &Arc<Tree>, warnings: Warnings<'_>) -> Self {
        let mut reader = Reader::new(tree, warnings);
        let security_schemes = reader.security_schemes();
        let root = reader.root();
        let servers = reader.servers(root).unwrap_or_default();
        let around = Surroundings { schemes: &security_schemes, servers: &servers };
        let operations = reader.operations(&around);
        let webhooks = reader.webhooks(&around);
        let schemas = reader.named_schemas();
        let api = reader.api(&operations);
        reader.review(&schemas);
        let (warnings, warning_counts) = reader.warnings.finish();
        let ids = operations.iter().enumerate().map(|(index, operation)| (operation.id.clone(), index));
        Self {
            format,
            tree: Arc::clone(tree),
            api,
            operation_ids: ids.collect(),
            scopes: security::all_scopes(&security_schemes, &operations),
            operations,
            webhooks,
            schemas,
            security_schemes,
            warnings,
            warning_counts,
        }
    }

    /// The notation of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The document as it was written, for exports and validators.
    pub fn root(&self) -> Node<'_> {
        self.tree.root()
    }

    /// What it says about the API as a whole.
    pub fn api(&self) -> &Api {
        &self.api
    }

    /// The operations of all paths, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// An operation by its name in addresses.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.get(*self.operation_ids.get(id)?)
    }

    /// The requests that the API sends, in the document's order.
    pub fn webhooks(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// A webhook by its name in addresses.
    pub fn webhook(&self, id: &str) -> Option<&Webhook> {
        self.webhooks.iter().find(|webhook| webhook.id == id)
    }

    /// The schemas among the components, in the document's order.
    pub fn schemas(&self) -> &[NamedSchema] {
        &self.schemas
    }

    /// A component's schema by its name in addresses.
    pub fn schema(&self, id: &str) -> Option<&NamedSchema> {
        self.schemas.iter().find(|named| named.id == id)
    }

    /// The schema at a JSON pointer, such as a page asks for when it unfolds one.
    pub fn schema_at(&self, pointer: &str) -> Option<Schema> {
        let node = self.tree.at(pointer)?;
        Some(Schema::at(tree::Source::root(&self.tree).beside(node)))
    }

    /// The ways to authenticate, in the document's order.
    pub fn security_schemes(&self) -> &[SecurityScheme] {
        &self.security_schemes
    }

    /// A way to authenticate by its name.
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }

    /// Every scope that the API knows or asks for, each once, with what it allows.
    pub fn scopes(&self) -> &[Scope] {
        &self.scopes
    }

    /// What is doubtful, in the file's order; of each kind at most a hundred.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// How many doubts there are of each kind, those that [`Document::warnings`] leaves out included.
    pub fn warning_counts(&self) -> &HashMap<WarningCode, usize> {
        &self.warning_counts
    }
}

/// Reads a file that is part of a document, whatever it holds.
pub fn read_part(bytes: &[u8]) -> Result<Tree, Unreadable> {
    parse(text_of(bytes)?).map(|parsed| parsed.tree)
}

struct Parsed {
    format: Format,
    tree: Tree,
    duplicates: Vec<Duplicate>,
    rest: Rest,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Minor {
    Zero,
    Later,
}

fn text_of(bytes: &[u8]) -> Result<&str, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge { bytes: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let position = Lines::of(bytes).position(error.valid_up_to());
        Unreadable::NotText { position }
    })?;
    if text.trim().is_empty() { Err(Unreadable::Empty) } else { Ok(text) }
}

/// What starts like JSON is read as JSON; where that fails it may still be YAML in its braces notation.
fn parse(text: &str) -> Result<Parsed, Unreadable> {
    if !text.trim_start().starts_with(['{', '[']) {
        return parse_yaml(text);
    }
    let mut builder = Builder::default();
    match json::read(text, &mut builder) {
        Ok(()) => {
            let (tree, duplicates) = builder.finish();
            Ok(Parsed { format: Format::Json, tree, duplicates, rest: Rest::Nothing })
        }
        Err(fault @ Fault::Syntax { .. }) => {
            parse_yaml(text).map_err(|_| unreadable(fault, Format::Json, text, builder.pointer()))
        }
        Err(fault) => Err(unreadable(fault, Format::Json, text, builder.pointer())),
    }
}

fn parse_yaml(text: &str) -> Result<Parsed, Unreadable> {
    let mut builder = Builder::default();
    match yaml::read(text, &mut builder) {
        Ok(_) if builder.last().is_none() => Err(Unreadable::Empty),
        Ok(rest) => {
            let (tree, duplicates) = builder.finish();
            Ok(Parsed { format: Format::Yaml, tree, duplicates, rest })
        }
        Err(fault) => Err(unreadable(fault, Format::Yaml, text, builder.pointer())),
    }
}

fn unreadable(fault: Fault, format: Format, text: &str, pointer: String) -> Unreadable {
    let lines = Lines::of(text.as_bytes());
    match (fault, format) {
        (Fault::Syntax { message, offset }, Format::Json) => {
            Unreadable::NotJson { message, pointer, position: lines.position(offset) }
        }
        (Fault::Syntax { message, offset }, Format::Yaml) => {
            Unreadable::NotYaml { message, pointer, position: lines.position(offset) }
        }
        (Fault::Excess { excess, offset }, _) => {
            let position = lines.position(offset);
            match excess {
                Excess::Depth => Unreadable::TooDeep { pointer, position },
                Excess::Values => Unreadable::TooMany { pointer, position },
                Excess::Aliases => Unreadable::AliasBomb { pointer, position },
            }
        }
    }
}

/// Which OpenAPI the document says it is.
fn openapi_minor(root: Node<'_>, lines: &Lines<'_>) -> Result<Minor, Unreadable> {
    let not_openapi = |found: &str| Err(Unreadable::NotOpenApi { found: found.to_owned() });
    match root.kind() {
        Kind::Object => {}
        Kind::List => return not_openapi("it is a list"),
        _ => return not_openapi("it is a single value"),
    }
    let Some(stated) = root.get("openapi") else {
        return match root.get("swagger") {
            Some(swagger) => Err(Unreadable::Swagger {
                version: in_one_line(swagger.written().unwrap_or("2.0")),
                position: lines.position(swagger.offset()),
            }),
            None => not_openapi("it has no `openapi` member that says its version"),
        };
    };
    let version = stated.written().unwrap_or_default().trim();
    let mut numbers = version.split('.');
    match (numbers.next(), numbers.next()) {
        (Some("3"), Some("0")) => Ok(Minor::Zero),
        (Some("3"), Some("1" | "2")) => Ok(Minor::Later),
        _ => Err(Unreadable::UnsupportedVersion {
            version: in_one_line(version),
            position: lines.position(stated.offset()),
        }),
    }
}

/// As much of a stated version as a message has room for.
fn in_one_line(version: &str) -> String {
    let words: Vec<&str> = version.split_whitespace().collect();
    words.join(" ").chars().take(40).collect()
}

fn second_opinion(tree: &Tree, warnings: &mut Warnings<'_>) {
    if let Some(refusal) = strict::refusal(tree.root()) {
        let message = format!("A strict reader of OpenAPI 3.0 refuses the document here: {}.", refusal.message);
        let offset = tree.at(&refusal.pointer).map_or(0, Node::offset);
        warnings.add_at(WarningCode::NotStrict, || refusal.pointer, offset, message);
    }
}
