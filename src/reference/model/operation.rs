//! What can be called, and what calls back.

use std::fmt;

use super::{
    super::document::tree::Source, Example, Extensions, ExternalDocs, Header, Link, MediaType, Requirement, Schema,
    Server,
};

/// An operation of the API, of a webhook or of a callback.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its name in addresses: the operationId made safe for a URL, or method and path in kebab case; unique in the document.
    pub id: String,
    /// The operationId as the document writes it.
    pub operation_id: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path template; a webhook's name; a callback's expression.
    pub path: String,
    /// One line about it.
    pub summary: Option<String>,
    /// Markdown; the path's own description where the operation has none.
    pub description: Option<String>,
    /// To be avoided.
    pub deprecated: bool,
    /// Names of tags.
    pub tags: Vec<String>,
    /// The path's and the operation's parameters, merged by place and name.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back: exact codes in order, then ranges, then the default.
    pub responses: Vec<Response>,
    /// Calls that the API makes on its own because of this one.
    pub callbacks: Vec<Callback>,
    /// The ways to authenticate, any of which will do; empty where none is needed.
    pub security: Vec<Requirement>,
    /// Where it is served: its own, else the path's, else the document's.
    pub servers: Vec<Server>,
    /// More to read elsewhere.
    pub external_docs: Option<ExternalDocs>,
    /// References in this operation that lead nowhere or to another document; what they stood for is missing here.
    pub unresolved: Vec<Unresolved>,
    /// Where it stands.
    pub source: Source,
}

/// An HTTP method: upper case, a token of RFC 9110.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Method(String);

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// Markdown.
    pub description: Option<String>,
    /// Must be sent; path parameters always.
    pub required: bool,
    /// To be avoided.
    pub deprecated: bool,
    /// How lists and objects are written.
    pub style: Style,
    /// Whether each member of a list or object is written on its own.
    pub explode: bool,
    /// Whether reserved characters stay as they are.
    pub allow_reserved: bool,
    /// The shape of its value.
    pub schema: Option<Schema>,
    /// The content type and shape of its value, where that is how it is described.
    pub content: Option<MediaType>,
    /// The document's own examples.
    pub examples: Vec<Example>,
    /// Where it stands: in the operation, in the path, or among the components.
    pub source: Source,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// In the path template.
    Path,
    /// In the query.
    Query,
    /// The whole query as one value (OpenAPI 3.2).
    QueryString,
    /// A request header.
    Header,
    /// A cookie.
    Cookie,
}

/// How a parameter's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `a=1&b=2`
    Form,
    /// `a,b`
    Simple,
    /// `.a.b`
    Label,
    /// `;a=1;b=2`
    Matrix,
    /// `a%20b`
    SpaceDelimited,
    /// `a|b`
    PipeDelimited,
    /// `a[b]=1`
    DeepObject,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Markdown.
    pub description: Option<String>,
    /// Must be sent.
    pub required: bool,
    /// One per content type, in the document's order.
    pub content: Vec<MediaType>,
    /// Where it stands.
    pub source: Source,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// For which status.
    pub status: Status,
    /// One line about it (OpenAPI 3.2).
    pub summary: Option<String>,
    /// Markdown; empty where the document has none.
    pub description: String,
    /// What comes beside the body.
    pub headers: Vec<Header>,
    /// One per content type, in the document's order; empty for a response without a body.
    pub content: Vec<MediaType>,
    /// Calls that it makes possible.
    pub links: Vec<Link>,
    /// Where it stands.
    pub source: Source,
}

/// The status codes that a response is for. They sort as a page lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// One code.
    Code(u16),
    /// A class, `4` for `4XX`.
    Range(u8),
    /// Every code that is not named.
    Default,
}

/// Requests that the API sends to an address it was given.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Its name.
    pub name: String,
    /// Where the address comes from, such as `{$request.body#/callback_url}`.
    pub expression: String,
    /// What is sent there.
    pub operations: Vec<Operation>,
}

/// A request that the API sends to a receiver's own endpoint.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its name in addresses; unique among the document's webhooks.
    pub id: String,
    /// The event as the document names it.
    pub name: String,
    /// What is sent, and what the receiver is to answer.
    pub operation: Operation,
}

/// A `$ref` that this document does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unresolved {
    /// Where it stands.
    pub pointer: String,
    /// What it says.
    pub reference: String,
}

impl Operation {
    /// Its parameters of one place, in the document's order.
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    /// A header parameter by its name, in any case.
    pub fn header(&self, name: &str) -> Option<&Parameter> {
        self.parameters_in(Place::Header).find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    }

    /// The response of a call that went well: the first 2xx, else a 2XX, else the default.
    pub fn success(&self) -> Option<&Response> {
        let good = |response: &&Response| matches!(response.status, Status::Code(200..=299) | Status::Range(2));
        let fallback = || self.responses.iter().find(|response| response.status == Status::Default);
        self.responses.iter().find(good).or_else(fallback)
    }

    /// The response for a status: its own, else its class's, else the default.
    pub fn response(&self, status: u16) -> Option<&Response> {
        let class = (status / 100) as u8;
        let wanted = [Status::Code(status), Status::Range(class), Status::Default];
        wanted.iter().find_map(|status| self.responses.iter().find(|response| response.status == *status))
    }

    /// A heading: the summary, else the operationId, else method and path.
    pub fn title(&self) -> String {
        let stated = self.summary.clone().or_else(|| self.operation_id.clone());
        stated.unwrap_or_else(|| format!("{} {}", self.method, self.path))
    }

    /// The document's `x-` members here.
    pub fn extensions(&self) -> Extensions {
        Extensions::of(self.source.clone())
    }
}

impl Method {
    /// A method by its name in any case; none if it is no token.
    pub fn parse(name: &str) -> Option<Self> {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        (!name.is_empty() && name.bytes().all(token)).then(|| Self(name.to_ascii_uppercase()))
    }

    /// Upper case, as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Parameter {
    /// The shape of its value, however it is described.
    pub fn shape(&self) -> Option<&Schema> {
        self.schema.as_ref().or_else(|| self.content.as_ref()?.schema.as_ref())
    }

    /// The document's `x-` members here.
    pub fn extensions(&self) -> Extensions {
        Extensions::of(self.source.clone())
    }
}

impl Place {
    /// As the document writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::QueryString => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

impl Body {
    /// The content to show first: JSON where there is any.
    pub fn preferred(&self) -> Option<&MediaType> {
        preferred(&self.content)
    }
}

impl Response {
    /// The content to show first: JSON where there is any.
    pub fn preferred(&self) -> Option<&MediaType> {
        preferred(&self.content)
    }
}

impl Status {
    /// A status as the document's keys write it; none for anything else.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        let class = key.bytes().next().filter(|byte| key.len() == 3 && (b'1'..=b'5').contains(byte))?;
        if key[1..].eq_ignore_ascii_case("xx") {
            return Some(Self::Range(class - b'0'));
        }
        key.parse().ok().map(Self::Code)
    }

    /// Whether it stands for an error.
    pub fn is_error(self) -> bool {
        matches!(self, Self::Code(400..) | Self::Range(4..))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Range(class) => write!(f, "{class}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

fn preferred(content: &[MediaType]) -> Option<&MediaType> {
    content.iter().find(|media_type| media_type.is_json()).or_else(|| content.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_sort_as_a_page_lists_them() {
        let mut statuses: Vec<_> = ["default", "4XX", "404", "200"].into_iter().filter_map(Status::parse).collect();
        statuses.sort();
        let written: Vec<_> = statuses.iter().map(Status::to_string).collect();
        assert_eq!(written, ["200", "404", "4XX", "default"]);
    }

    #[test]
    fn what_is_no_status_is_none() {
        for key in ["", "20", "2000", "600", "abc", "2X0", "é0"] {
            assert_eq!(Status::parse(key), None, "{key}");
        }
    }

    #[test]
    fn a_method_is_a_token_in_upper_case() {
        assert_eq!(Method::parse("get").unwrap().as_str(), "GET");
        assert_eq!(Method::parse("a b"), None);
        assert_eq!(Method::parse(""), None);
    }
}
