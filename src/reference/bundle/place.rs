//! Which part of an OpenAPI document a value is: what its references mean follows from it.

/// A value's part in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// One of a kind.
    One(Kind),
    /// Several by name; the names are the author's.
    Map(Kind),
    /// The values of a discriminator: names or references of schemas.
    Mapping,
    /// Data, in which a `$ref` is no reference.
    Data,
}

/// The kinds of part that references are between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    PathItem,
    Operation,
    Parameter,
    Body,
    Response,
    Header,
    MediaType,
    Encoding,
    Example,
    Link,
    Callback,
    SecurityScheme,
    Schema,
    Discriminator,
    Other,
}

/// A group of the components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Group {
    Schemas,
    Responses,
    Parameters,
    Examples,
    RequestBodies,
    Headers,
    SecuritySchemes,
    Links,
    Callbacks,
    PathItems,
    MediaTypes,
}

impl Group {
    pub const ALL: [Self; 11] = [
        Self::Schemas,
        Self::Responses,
        Self::Parameters,
        Self::Examples,
        Self::RequestBodies,
        Self::Headers,
        Self::SecuritySchemes,
        Self::Links,
        Self::Callbacks,
        Self::PathItems,
        Self::MediaTypes,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schemas => "schemas",
            Self::Responses => "responses",
            Self::Parameters => "parameters",
            Self::Examples => "examples",
            Self::RequestBodies => "requestBodies",
            Self::Headers => "headers",
            Self::SecuritySchemes => "securitySchemes",
            Self::Links => "links",
            Self::Callbacks => "callbacks",
            Self::PathItems => "pathItems",
            Self::MediaTypes => "mediaTypes",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == name)
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Schemas => Kind::Schema,
            Self::Responses => Kind::Response,
            Self::Parameters => Kind::Parameter,
            Self::Examples => Kind::Example,
            Self::RequestBodies => Kind::Body,
            Self::Headers => Kind::Header,
            Self::SecuritySchemes => Kind::SecurityScheme,
            Self::Links => Kind::Link,
            Self::Callbacks => Kind::Callback,
            Self::PathItems => Kind::PathItem,
            Self::MediaTypes => Kind::MediaType,
        }
    }
}

impl Place {
    /// The group of components to which another file's part of this kind is added. Without one it is put in place:
    /// paths are not shared, and versions before 3.2 have no group for media types.
    pub fn group(self) -> Option<Group> {
        match self {
            Self::One(Kind::PathItem | Kind::MediaType) => None,
            Self::One(kind) => Group::ALL.into_iter().find(|group| group.kind() == kind),
            _ => None,
        }
    }

    /// The part that a member is.
    pub fn member(self, key: &str) -> Self {
        match self {
            // Names of headers and properties may start like an extension; those of paths and statuses do not.
            Self::Map(Kind::PathItem | Kind::Response | Kind::Callback) if key.starts_with("x-") => Self::Data,
            Self::Map(kind) => Self::One(kind),
            Self::One(_) if key.starts_with("x-") && key != "x-webhooks" => Self::Data,
            Self::One(kind) => member_of(kind, key),
            Self::Mapping => Self::Mapping,
            Self::Data => Self::Data,
        }
    }
}

fn member_of(kind: Kind, key: &str) -> Place {
    use self::{Kind::*, Place::*};
    match (kind, key) {
        (Schema, key) => of_schema(key),
        (Root, "paths" | "webhooks" | "x-webhooks") => Map(PathItem),
        (PathItem, "additionalOperations") => Map(Operation),
        (PathItem | Operation, "parameters") => One(Parameter),
        (PathItem, "servers" | "summary" | "description") => One(Other),
        (PathItem, _) => One(Operation),
        (Operation, "requestBody") => One(Body),
        (Operation, "responses") => Map(Response),
        (Operation, "callbacks") => Map(Callback),
        (Callback, _) => One(PathItem),
        (Parameter | Header | MediaType, "schema" | "itemSchema") => One(Schema),
        (Parameter | Header | Body | Response, "content") => Map(MediaType),
        (Parameter | Header | MediaType, "examples") => Map(Example),
        (Parameter | Header | MediaType, "example") | (Example, "value" | "dataValue") => Data,
        (Response | Encoding, "headers") => Map(Header),
        (Response, "links") => Map(Link),
        (MediaType | Encoding, "encoding") => Map(Encoding),
        (MediaType | Encoding, "prefixEncoding" | "itemEncoding") => One(Encoding),
        (Link, "parameters" | "requestBody") => Data,
        (Discriminator, "mapping") => Mapping,
        _ => One(Other),
    }
}

fn of_schema(key: &str) -> Place {
    match key {
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => Place::Map(Kind::Schema),
        "discriminator" => Place::One(Kind::Discriminator),
        "default" | "example" | "examples" | "enum" | "const" | "required" | "type" => Place::Data,
        "externalDocs" | "xml" | "description" | "title" => Place::One(Kind::Other),
        _ => Place::One(Kind::Schema),
    }
}
