//! What a version, and the guides, have to be found: an entry for each thing that has a page or a place on one.

use std::collections::HashMap;

use super::{
    model::{Kind, LONGEST_QUESTION},
    names::{Names, once_each},
    words::{Weight, Words},
};
use crate::{
    guides::Guide,
    markdown,
    reference::{
        Api, ErrorEntry, Origin, Version,
        model::{NamedSchema, Operation, Parameter, Webhook},
    },
    web::Code,
};

/// Words of one entry; the last ones are its prose.
const MOST_WORDS: usize = 400;
/// Characters of a summary.
const SUMMARY: usize = 160;
/// Characters of a description whose words count.
const PROSE: usize = 1500;
/// How deep the names of a body count, and those of an answer.
const DEPTH_OF_BODY: u8 = 2;
const DEPTH_OF_ANSWER: u8 = 1;

/// Something that can be found.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub kind: Kind,
    /// The same for the same thing in other versions.
    pub key: String,
    pub title: String,
    pub summary: String,
    pub method: Option<String>,
    pub path: String,
    pub href: String,
    /// Names inside of it.
    pub names: Vec<String>,
    /// Texts that mean this entry and no other.
    pub exact: Vec<String>,
    pub words: Words,
}

impl Entry {
    fn new(kind: Kind, key: &str, title: &str, href: String) -> Self {
        let mut entry = Self {
            kind,
            key: key.to_owned(),
            title: title.to_owned(),
            summary: String::new(),
            method: None,
            path: String::new(),
            href,
            names: Vec::new(),
            exact: Vec::new(),
            words: Words::at_most(MOST_WORDS),
        };
        entry.called(Weight::A, title);
        entry.called(Weight::A, key);
        entry
    }

    /// It goes by this name.
    fn called(&mut self, weight: Weight, name: &str) {
        self.words.name(weight, name);
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let is_asked = (1..=LONGEST_QUESTION).contains(&name.chars().count());
        if is_asked && !self.exact.contains(&name) {
            self.exact.push(name);
        }
    }

    /// It has these names.
    fn has(&mut self, weight: Weight, names: impl IntoIterator<Item = String>) {
        for name in names {
            self.words.name(weight, &name);
            self.names.push(name);
        }
    }

    /// It is described so.
    fn described(&mut self, text: Option<&str>) {
        let Some(text) = text else { return };
        if self.summary.is_empty() {
            self.summary = markdown::plain(text, SUMMARY);
        }
        self.words.prose(Weight::D, &markdown::plain(text, PROSE));
    }

    fn finished(mut self) -> Self {
        self.names = once_each(self.names);
        self
    }
}

/// The entries of a version.
pub(super) fn of_version(api: &Api, version: &Version) -> Vec<Entry> {
    let base = format!("/docs/{}/{}", api.slug, version.name);
    let document = &version.document;
    let mut names = Names::default();
    let codes = codes_by_operation(version.errors());
    let mut entries = vec![of_api(api, version, &base)];
    for operation in document.operations() {
        let href = format!("{base}/operations/{}", operation.id);
        let mut entry = of_operation(operation, href, &mut names);
        let codes = codes.get(operation.id.as_str()).into_iter().flatten();
        entry.has(Weight::C, codes.map(|code| (*code).to_owned()));
        entry.described(operation.description.as_deref());
        entries.push(entry.finished());
    }
    entries.extend(document.schemas().iter().map(|named| of_schema(named, &base, &mut names)));
    entries.extend(document.webhooks().iter().map(|webhook| of_webhook(webhook, &base, &mut names)));
    match api.origin {
        Origin::Own => entries.extend(Code::ALL.iter().map(|code| of_own_code(*code, &base))),
        Origin::Imported => entries.extend(version.errors().iter().map(|error| of_error(error, &base))),
    }
    entries
}

fn of_api(api: &Api, version: &Version, base: &str) -> Entry {
    let mut entry = Entry::new(Kind::Api, &api.slug, &api.name, base.to_owned());
    let described = version.document.api();
    entry.called(Weight::A, &described.title);
    entry.summary.clone_from(&api.summary);
    let tags = described.tags.iter().map(|tag| tag.title.clone().unwrap_or_else(|| tag.name.clone()));
    let schemes = version.document.security_schemes().iter().map(|scheme| scheme.name.clone());
    entry.has(Weight::B, tags.chain(schemes));
    entry.words.prose(Weight::D, &api.summary);
    entry.described(described.description.as_deref());
    entry.finished()
}

fn of_operation(operation: &Operation, href: String, names: &mut Names) -> Entry {
    let mut entry = Entry::new(Kind::Operation, &operation.id, &operation.title(), href);
    if let Some(id) = &operation.operation_id {
        entry.called(Weight::A, id);
    }
    let method = operation.method.as_str();
    entry.called(Weight::B, &operation.path);
    entry.called(Weight::B, &format!("{method} {}", operation.path));
    entry.method = Some(method.to_owned());
    entry.path.clone_from(&operation.path);
    for tag in &operation.tags {
        entry.words.name(Weight::B, tag);
    }
    entry.has(Weight::B, operation.parameters.iter().map(|parameter| parameter.name.clone()));
    let bodies = operation.body.iter().flat_map(|body| names.of_content(&body.content, DEPTH_OF_BODY));
    let bodies: Vec<String> = bodies.collect();
    entry.has(Weight::C, bodies);
    let values = operation.parameters.iter().filter_map(Parameter::shape);
    let values: Vec<String> = values.flat_map(|schema| names.of(schema, 0).to_vec()).collect();
    entry.has(Weight::C, values);
    entry.has(Weight::C, operation.callbacks.iter().map(|callback| callback.name.clone()));
    let answer = operation.success().map(|response| names.of_content(&response.content, DEPTH_OF_ANSWER));
    entry.has(Weight::C, answer.unwrap_or_default());
    entry
}

fn of_schema(named: &NamedSchema, base: &str, names: &mut Names) -> Entry {
    let href = format!("{base}/schemas/{}", named.id);
    let mut entry = Entry::new(Kind::Schema, &named.name, &named.name, href);
    let schema = named.schema.resolved();
    if let Some(title) = schema.as_ref().and_then(|schema| schema.title()) {
        entry.called(Weight::A, title);
    }
    entry.has(Weight::B, names.of(&named.schema, 0).to_vec());
    entry.has(Weight::C, names.of(&named.schema, 1).to_vec());
    entry.described(schema.as_ref().and_then(|schema| schema.description()));
    entry.finished()
}

fn of_webhook(webhook: &Webhook, base: &str, names: &mut Names) -> Entry {
    let operation = &webhook.operation;
    let mut entry = Entry::new(Kind::Webhook, &webhook.name, &webhook.name, format!("{base}/webhooks/{}", webhook.id));
    if let Some(summary) = &operation.summary {
        entry.words.name(Weight::A, summary);
        entry.summary = markdown::plain(summary, SUMMARY);
    }
    entry.has(Weight::B, operation.parameters.iter().map(|parameter| parameter.name.clone()));
    let bodies = operation.body.iter().flat_map(|body| names.of_content(&body.content, DEPTH_OF_BODY));
    let bodies: Vec<String> = bodies.collect();
    entry.has(Weight::C, bodies);
    entry.described(operation.description.as_deref());
    entry.finished()
}

fn of_error(error: &ErrorEntry, base: &str) -> Entry {
    let mut entry = Entry::new(Kind::Error, &error.code, &error.code, format!("{base}/errors#{}", error.code));
    entry.has(Weight::B, error.statuses.iter().map(ToString::to_string));
    let told = [&error.title, &error.meaning, &error.example].map(|text| text.as_deref());
    entry.summary = told.iter().flatten().next().map(|text| markdown::plain(text, SUMMARY)).unwrap_or_default();
    if let Some(title) = &error.title {
        entry.words.prose(Weight::B, title);
    }
    told.into_iter().for_each(|text| entry.described(text));
    entry.finished()
}

fn of_own_code(code: Code, base: &str) -> Entry {
    let name = code.as_str();
    let mut entry = Entry::new(Kind::Error, name, name, format!("{base}/errors#{name}"));
    entry.has(Weight::B, [code.status().as_u16().to_string()]);
    entry.words.prose(Weight::B, code.title());
    entry.summary = format!("{}. {}", code.title(), code.advice());
    entry.words.prose(Weight::D, code.advice());
    entry.finished()
}

/// The entry of a guide.
pub(super) fn of_guide(guide: &Guide) -> Entry {
    let mut entry = Entry::new(Kind::Guide, &guide.slug, &guide.title, guide.path());
    entry.summary.clone_from(&guide.summary);
    entry.has(Weight::B, guide.outline.iter().map(|heading| heading.text.clone()));
    entry.words.prose(Weight::C, &guide.summary);
    entry.words.prose(Weight::D, &text_of(&guide.html));
    entry.finished()
}

fn codes_by_operation(errors: &[ErrorEntry]) -> HashMap<&str, Vec<&str>> {
    let mut codes: HashMap<&str, Vec<&str>> = HashMap::new();
    for error in errors {
        for operation in &error.operations {
            codes.entry(operation).or_default().push(&error.code);
        }
    }
    codes
}

/// The words between the tags; what stands for a character counts as a space.
fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        text.push(' ');
        let end = if rest[at..].starts_with('<') { '>' } else { ';' };
        let Some(end) = rest[at..].find(end) else { return text };
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::{config::BaseUrl, reference::Catalogue};

    #[sqlx::test]
    async fn the_portals_own_api_and_its_errors_are_found_by_their_names(db: PgPool) {
        let catalogue = Catalogue::load(&db, &BaseUrl::parse("https://dev.example.com").unwrap()).await.unwrap();
        let own = catalogue.current().find_api("vestibule").unwrap();
        let entries = of_version(&own, own.newest_stable());
        let entry = |kind, key: &str| entries.iter().find(|entry| entry.kind == kind && entry.key == key).unwrap();
        let listed = entry(Kind::Operation, "listApps");
        assert_eq!(listed.href, "/docs/vestibule/v1/operations/listApps");
        assert!(listed.exact.contains(&"get /api/v1/apps".to_owned()), "{:?}", listed.exact);
        let error = entry(Kind::Error, "rate_limited");
        assert_eq!(error.href, "/docs/vestibule/v1/errors#rate_limited");
        assert!(error.words.iter().any(|word| word == "429"));
        assert!(
            entries.iter().any(|entry| entry.kind == Kind::Schema && entry.names.contains(&"request_id".to_owned()))
        );
    }

    #[test]
    fn a_name_that_nobody_can_ask_for_is_no_exact_text() {
        let name = |length| "x".repeat(length);
        let exact = |name: &str| Entry::new(Kind::Schema, "k", name, String::new()).exact.len();
        assert_eq!((exact(&name(LONGEST_QUESTION)), exact(&name(LONGEST_QUESTION + 1))), (2, 1));
    }

    #[test]
    fn a_guides_words_are_those_that_are_read() {
        assert_eq!(
            text_of("<p class=\"x\">One &amp; <b>two</b></p>").split_whitespace().collect::<Vec<_>>(),
            ["One", "two"]
        );
        assert_eq!(text_of("cut &am"), "cut  ");
    }
}
