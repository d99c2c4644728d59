//! What a document says about the API as a whole.

use serde_json::Value;

use super::super::document::tree::Source;

/// The API: its name, who stands behind it, where it is served, how it is ordered.
#[derive(Debug, Clone)]
pub struct Api {
    /// The document's own OpenAPI version, such as `3.1.0`.
    pub openapi: String,
    /// The API's name; "Untitled API" where the document has none.
    pub title: String,
    /// The API's version as its authors write it; empty where the document has none.
    pub version: String,
    /// One line about the API.
    pub summary: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Address of the terms of service.
    pub terms_of_service: Option<String>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// Under which licence the API is offered.
    pub license: Option<License>,
    /// Where it is served; `/` where the document says nothing.
    pub servers: Vec<Server>,
    /// The document's tags, then those that only operations name.
    pub tags: Vec<Tag>,
    /// `x-tagGroups`, in order; empty where there are none.
    pub tag_groups: Vec<TagGroup>,
    /// More to read elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// The document's own `x-` members.
    pub extensions: Extensions,
}

/// Whom to ask about an API.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// A person or a team.
    pub name: Option<String>,
    /// A page.
    pub url: Option<String>,
    /// A mail address.
    pub email: Option<String>,
}

/// A licence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct License {
    /// Its name.
    pub name: String,
    /// Its SPDX expression.
    pub identifier: Option<String>,
    /// Its text.
    pub url: Option<String>,
}

/// A base address of the API.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// As written, with `{variables}`.
    pub url: String,
    /// Its short name (OpenAPI 3.2).
    pub name: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// The variables in `url`, in order.
    pub variables: Vec<ServerVariable>,
}

/// A part of a server's address that a caller chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerVariable {
    /// As in the address.
    pub name: String,
    /// The value that is meant where none is chosen.
    pub default: String,
    /// The values it may have; empty where any will do.
    pub choices: Vec<String>,
    /// Markdown.
    pub description: Option<String>,
}

/// A group of operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Tag {
    /// Its name, by which operations refer to it.
    pub name: String,
    /// Its name for people, where it has another (`summary` in OpenAPI 3.2, `x-displayName` before).
    pub title: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// The tag above it (OpenAPI 3.2).
    pub parent: Option<String>,
    /// What it orders by, such as `nav`, `badge` or `audience` (OpenAPI 3.2).
    pub kind: Option<String>,
    /// More to read elsewhere.
    pub external_docs: Option<ExternalDocs>,
}

/// A group of tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagGroup {
    /// Its heading.
    pub name: String,
    /// Names of tags.
    pub tags: Vec<String>,
}

/// A link to more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalDocs {
    /// The address.
    pub url: String,
    /// What is there; Markdown.
    pub description: Option<String>,
}

/// The `x-` members of a part of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extensions(Source);

impl Server {
    /// The address with every variable at its default.
    pub fn default_url(&self) -> String {
        self.url_with(&[])
    }

    /// The address with the variables that were chosen, and the defaults of the others.
    pub fn url_with(&self, chosen: &[(String, String)]) -> String {
        self.variables.iter().fold(self.url.clone(), |url, variable| {
            let choice = chosen.iter().find(|(name, _)| *name == variable.name);
            let value = choice.map_or(&variable.default, |(_, value)| value);
            url.replace(&format!("{{{}}}", variable.name), value)
        })
    }
}

impl Extensions {
    /// Those of the object at this place.
    pub fn of(source: Source) -> Self {
        Self(source)
    }

    /// One by its name, `x-` included.
    pub fn get(&self, name: &str) -> Option<Value> {
        Some(self.0.node().get(name)?.to_json())
    }

    /// All, in the document's order.
    pub fn all(&self) -> Vec<(String, Value)> {
        let members = self.0.node().entries().filter(|(name, _)| name.starts_with("x-"));
        members.map(|(name, node)| (name.to_owned(), node.to_json())).collect()
    }
}
