//! What is doubtful in a document that can be read all the same: shown to the administrator who imports it.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use super::{
    tree::Node,
    unreadable::{Lines, Position},
};

/// One fault that repeats a thousand times is still one fault; the rest is counted.
const MAX_PER_CODE: usize = 100;

/// A doubtful part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What kind of doubt.
    pub code: WarningCode,
    /// The JSON pointer of the part.
    pub pointer: String,
    /// Where the part starts in the file.
    pub position: Position,
    /// What is wrong, in one sentence.
    pub message: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// The kinds of doubt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum WarningCode {
            $($(#[$doc])+ $name,)+
        }

        impl WarningCode {
            /// The kind's stable code.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

codes! {
    /// A `$ref` into the document leads nowhere.
    UnresolvedReference = "unresolved_reference",
    /// A `$ref` leads to another document.
    ExternalReference = "external_reference",
    /// References lead back to themselves with nothing in between.
    ReferenceLoop = "reference_loop",
    /// An operation has no operationId.
    MissingOperationId = "missing_operation_id",
    /// Two operations have the same operationId.
    DuplicateOperationId = "duplicate_operation_id",
    /// Two paths differ only in the names of their parameters.
    DuplicatePath = "duplicate_path",
    /// A path does not start with a slash.
    MalformedPath = "malformed_path",
    /// A path item has a member that is neither a method nor anything else known.
    UnknownMethod = "unknown_method",
    /// The path has a parameter that is not described.
    PathParameterUndeclared = "path_parameter_undeclared",
    /// A path parameter is described that the path does not have.
    PathParameterUnused = "path_parameter_unused",
    /// A parameter is described without its shape.
    ParameterWithoutSchema = "parameter_without_schema",
    /// A parameter is described twice.
    DuplicateParameter = "duplicate_parameter",
    /// A parameter is at a place that OpenAPI does not have.
    UnknownParameterPlace = "unknown_parameter_place",
    /// An operation has no response.
    ResponseMissing = "response_missing",
    /// A response is for something that is no status.
    UnknownStatus = "unknown_status",
    /// A schema has a type that JSON Schema does not have.
    UnknownType = "unknown_type",
    /// An example, a default or a value of an enumeration does not fit its schema.
    ExampleMismatch = "example_mismatch",
    /// There are so many examples that not all are held against their schemas.
    ExamplesUnchecked = "examples_unchecked",
    /// A `pattern` is no regular expression.
    UnreadablePattern = "unreadable_pattern",
    /// No value can fit a schema.
    ImpossibleConstraint = "impossible_constraint",
    /// An operation asks for a security scheme that is not described.
    UnknownSecurityScheme = "unknown_security_scheme",
    /// A security scheme is of a type that OpenAPI does not have, or incomplete.
    MalformedSecurityScheme = "malformed_security_scheme",
    /// An operation asks for a scope that its scheme does not have.
    UnknownScope = "unknown_scope",
    /// A server's address has a variable that is not described.
    ServerVariableUndeclared = "server_variable_undeclared",
    /// A link leads to an operation that is not there.
    UnknownLinkTarget = "unknown_link_target",
    /// An object has the same name twice; the last one counts.
    DuplicateName = "duplicate_name",
    /// A part is of another kind than OpenAPI says; it is left out.
    MalformedPart = "malformed_part",
    /// The API has no name.
    MissingTitle = "missing_title",
    /// The API has no version.
    MissingVersion = "missing_version",
    /// The file has further documents, which are ignored.
    FurtherDocuments = "further_documents",
    /// Operations share so many parts that they cannot all be shown.
    TooManyParts = "too_many_parts",
    /// A strict reader of OpenAPI 3.0 refuses the document.
    NotStrict = "not_strict",
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Collects warnings within bounds.
pub(super) struct Warnings<'s> {
    lines: Lines<'s>,
    found: Vec<Warning>,
    counts: HashMap<WarningCode, usize>,
    told: HashSet<(WarningCode, usize, String)>,
}

impl<'s> Warnings<'s> {
    pub fn new(lines: Lines<'s>) -> Self {
        Self { lines, found: Vec::new(), counts: HashMap::new(), told: HashSet::new() }
    }

    pub fn add(&mut self, code: WarningCode, node: Node<'_>, message: impl Into<String>) {
        self.add_at(code, || node.pointer(), node.offset(), message.into());
    }

    /// A part that several operations share is read with each of them, but told once.
    pub fn add_at(&mut self, code: WarningCode, pointer: impl FnOnce() -> String, offset: usize, message: String) {
        if !self.told.insert((code, offset, message.clone())) {
            return;
        }
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= MAX_PER_CODE {
            let position = self.lines.position(offset);
            self.found.push(Warning { code, pointer: pointer(), position, message });
        }
    }

    /// For what has one cause, wherever it shows.
    pub fn add_once(&mut self, code: WarningCode, node: Node<'_>, message: &str) {
        if !self.counts.contains_key(&code) {
            self.add(code, node, message);
        }
    }

    /// The warnings in the file's order, and how many of each kind there were in all.
    pub fn finish(mut self) -> (Vec<Warning>, HashMap<WarningCode, usize>) {
        self.found.sort_by_key(|warning| (warning.position, warning.code));
        (self.found, self.counts)
    }
}
