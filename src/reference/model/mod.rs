//! The reference model: what a partner reads about an API, whichever OpenAPI it was written in.
//!
//! Pages, samples, the sandbox, comparison, search and exports know these types and never the document. They are 3.1 in
//! spirit: `nullable` is a type, `example` is one of the examples. Schemas are handles that read the tree when asked, so
//! that cycles are data and a large document costs what is looked at. Everything knows its JSON pointer.

mod api;
mod constraint;
mod content;
mod operation;
mod schema;
mod schema_parts;
mod schema_rules;
mod security;

pub use api::{Api, Contact, Extensions, ExternalDocs, License, Server, ServerVariable, Tag, TagGroup};
pub use constraint::Constraint;
pub use content::{Encoding, Example, Header, Link, MediaType};
pub use operation::{
    Body, Callback, Method, Operation, Parameter, Place, Response, Status, Style, Unresolved, Webhook,
};
pub use schema::{NamedSchema, Schema};
pub use schema_parts::{Additional, Discriminator, EnumValue, Lead, Property, Reference, Type};
pub use security::{ApiKeyPlace, Flow, FlowKind, Requirement, SchemeUse, Scope, SecurityKind, SecurityScheme};
