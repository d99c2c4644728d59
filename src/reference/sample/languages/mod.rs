//! A request in the languages that partners write: a short program each, complete, with the key from the environment.
//!
//! Each says the same as the `curl` line. Text that a document gives is only ever inside a literal.

mod call;
mod csharp;
mod go;
mod java;
mod javascript;
mod native;
mod php;
mod python;
mod ruby;
mod rust;
#[cfg(test)]
mod tests;
pub(super) mod text;

use self::call::Call;
use super::{Request, curl};

/// A language that a request can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A line for a shell.
    Curl,
    /// `fetch`, as browsers, Node, Deno and Bun have it.
    JavaScript,
    /// With requests.
    Python,
    /// With net/http.
    Go,
    /// With Net::HTTP.
    Ruby,
    /// With its curl.
    Php,
    /// With java.net.http.
    Java,
    /// With HttpClient.
    CSharp,
    /// With reqwest.
    Rust,
}

impl Language {
    /// Every language, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Curl,
        Self::JavaScript,
        Self::Python,
        Self::Go,
        Self::Ruby,
        Self::Php,
        Self::Java,
        Self::CSharp,
        Self::Rust,
    ];

    /// Its name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Ruby => "Ruby",
            Self::Php => "PHP",
            Self::Java => "Java",
            Self::CSharp => "C#",
            Self::Rust => "Rust",
        }
    }

    /// Its name in addresses, in code blocks and where a choice is kept.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::JavaScript => "javascript",
            Self::Python => "python",
            Self::Go => "go",
            Self::Ruby => "ruby",
            Self::Php => "php",
            Self::Java => "java",
            Self::CSharp => "csharp",
            Self::Rust => "rust",
        }
    }

    /// A program that makes the request, with the key from this variable of the environment.
    pub(super) fn program(self, request: &Request, variable: &str) -> String {
        let call = Call::new(request, variable);
        match self {
            Self::Curl => curl::command(request, variable),
            Self::JavaScript => javascript::program(&call),
            Self::Python => python::program(&call),
            Self::Go => go::program(&call),
            Self::Ruby => ruby::program(&call),
            Self::Php => php::program(&call),
            Self::Java => java::program(&call),
            Self::CSharp => csharp::program(&call),
            Self::Rust => rust::program(&call),
        }
    }
}

/// The paragraphs of a program, without those that are empty.
fn paragraphs(all: impl IntoIterator<Item = String>) -> String {
    all.into_iter().filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n\n")
}
