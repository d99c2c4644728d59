//! What the operations of an API have in common, as its document states it: pages of results, limits on calls, errors.

use std::collections::BTreeSet;

use super::{
    document::Document,
    model::{Header, Operation, Parameter, Place, Response, Status},
    shape,
};
use crate::markdown;

/// How names say where in a list to go on, without case and marks.
const POSITIONS: [&str; 18] = [
    "cursor",
    "pagetoken",
    "nexttoken",
    "continuationtoken",
    "continuation",
    "page",
    "pagenumber",
    "pageindex",
    "offset",
    "skip",
    "startingafter",
    "endingbefore",
    "after",
    "before",
    "startafter",
    "marker",
    "nextcursor",
    "pagecursor",
];

/// How names say how much to answer at once.
const SIZES: [&str; 11] = [
    "limit",
    "perpage",
    "pagesize",
    "pagelimit",
    "maxresults",
    "top",
    "size",
    "count",
    "first",
    "last",
    "resultsperpage",
];

/// How members of an answer say whether there is more, and where.
const MARKS: [&str; 15] = [
    "nextcursor",
    "nextpage",
    "nextpagetoken",
    "next",
    "nexttoken",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "cursor",
    "pagination",
    "paging",
    "pageinfo",
    "totalcount",
    "totalpages",
    "links",
];

/// What holds for many operations of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conventions {
    /// Parameters with which a list is read in pages.
    pub paging: Vec<Common>,
    /// Members and headers of answers that say whether there is more.
    pub marks: Vec<Common>,
    /// How many operations answer in pages.
    pub paged: usize,
    /// Headers that tell about limits on calls.
    pub limits: Vec<Common>,
    /// How many operations say that they may refuse because of too many calls.
    pub limited: usize,
    /// Content types of error answers.
    pub error_types: BTreeSet<String>,
    /// Statuses of error answers.
    pub error_statuses: BTreeSet<Status>,
}

/// Something that several operations have under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// Its name.
    pub name: String,
    /// The first description of it, as words; may be empty.
    pub description: String,
    /// How many operations have it.
    pub operations: usize,
}

impl Conventions {
    /// Those of a document.
    pub fn of(document: &Document) -> Self {
        let mut found = Self::default();
        for operation in document.operations() {
            found.add_paging(operation);
            found.add_limits(operation);
            found.add_errors(operation);
        }
        found
    }

    fn add_paging(&mut self, operation: &Operation) {
        let is_one_of = |parameter: &&Parameter, names: &[&str]| names.contains(&plain(&parameter.name).as_str());
        let query: Vec<&Parameter> = operation.parameters_in(Place::Query).collect();
        let has_position = query.iter().any(|parameter| is_one_of(parameter, &POSITIONS));
        let link = operation.success().and_then(|response| header(response, "link"));
        if operation.method.as_str() != "GET" || !(has_position || link.is_some()) {
            return;
        }
        self.paged += 1;
        for parameter in query.iter().filter(|it| is_one_of(it, &POSITIONS) || is_one_of(it, &SIZES)) {
            add(&mut self.paging, &parameter.name, parameter.description.as_deref());
        }
        if let Some(link) = link {
            add(&mut self.marks, &link.name, link.description.as_deref());
        }
        let schema = operation.success().and_then(Response::preferred).and_then(|content| content.schema.as_ref());
        let properties = schema.map(|schema| shape::of(schema).properties).unwrap_or_default();
        for property in properties.iter().filter(|property| MARKS.contains(&plain(&property.name).as_str())) {
            add(&mut self.marks, &property.name, property.schema.description());
        }
    }

    fn add_limits(&mut self, operation: &Operation) {
        let is_limited = operation.responses.iter().any(|response| response.status == Status::Code(429));
        self.limited += usize::from(is_limited);
        let mut seen = BTreeSet::new();
        for header in operation.responses.iter().flat_map(|response| &response.headers) {
            let name = plain(&header.name);
            let tells = name.contains("ratelimit") || name == "retryafter";
            if tells && seen.insert(name) {
                add(&mut self.limits, &header.name, header.description.as_deref());
            }
        }
    }

    fn add_errors(&mut self, operation: &Operation) {
        for response in operation.responses.iter().filter(|response| response.status.is_error()) {
            self.error_statuses.insert(response.status);
            for content in &response.content {
                if !self.error_types.contains(&content.name) {
                    self.error_types.insert(content.name.clone());
                }
            }
        }
    }
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r Header> {
    response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))
}

fn add(list: &mut Vec<Common>, name: &str, description: Option<&str>) {
    match list.iter_mut().find(|common| common.name == name) {
        Some(common) => {
            common.operations += 1;
            if common.description.is_empty() {
                common.description = markdown::plain(description.unwrap_or_default(), 200);
            }
        }
        None => {
            let description = markdown::plain(description.unwrap_or_default(), 200);
            list.push(Common { name: name.to_owned(), description, operations: 1 });
        }
    }
}

/// A name without case and marks: `page[cursor]`, `page_cursor` and `pageCursor` are one.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_limits_are_found_where_a_document_states_them() {
        let document = Document::read(
            br#"
openapi: 3.1.0
paths:
  /a:
    get:
      parameters:
        - {name: pageCursor, in: query, description: Where to go on., schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: q, in: query, schema: {type: string}}
      responses:
        "200":
          description: x
          headers: {X-RateLimit-Remaining: {description: Calls left., schema: {type: integer}}}
          content: {application/json: {schema: {type: object, properties: {next_cursor: {type: string}, items: {}}}}}
        "429": {description: x, headers: {Retry-After: {schema: {type: integer}}}, content: {application/problem+json: {}}}
  /b:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses: {"200": {description: x}}
"#,
        )
        .unwrap();
        let found = Conventions::of(&document);
        let names = |list: &[Common]| list.iter().map(|common| common.name.clone()).collect::<Vec<_>>();
        assert_eq!((found.paged, names(&found.paging)), (1, vec!["pageCursor".into(), "limit".into()]));
        assert_eq!(found.paging[0].description, "Where to go on.");
        assert_eq!(names(&found.marks), ["next_cursor"]);
        assert_eq!(names(&found.limits), ["X-RateLimit-Remaining", "Retry-After"]);
        assert_eq!(found.limited, 1);
        assert_eq!(found.error_types.iter().collect::<Vec<_>>(), ["application/problem+json"]);
    }
}
