use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    super::fixture::{demo, hostile, of},
    *,
};

const ORIGIN: &str = "https://dev.example.com";

fn every_text(place: &Place) -> Vec<String> {
    let document = place.document();
    let mut texts =
        vec![overview::text(place, ORIGIN), schemas::list(place), webhooks::list(place), errors::text(place)];
    texts.extend(document.operations().iter().map(|operation| operation::text(place, operation, ORIGIN)));
    texts.extend(document.schemas().iter().map(|named| schemas::text(place, named, ORIGIN)));
    texts.extend(document.webhooks().iter().map(|webhook| webhooks::text(place, webhook, ORIGIN)));
    texts
}

/// The headings of a level in a text.
fn headings(text: &str, wanted: HeadingLevel) -> Vec<String> {
    let mut headings: Vec<String> = Vec::new();
    let mut is_in = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level == wanted => {
                headings.push(String::new());
                is_in = true;
            }
            Event::End(TagEnd::Heading(_)) => is_in = false,
            Event::Text(text) | Event::Code(text) if is_in => headings.last_mut().unwrap().push_str(&text),
            _ => {}
        }
    }
    headings
}

#[test]
fn an_operation_reads_as_people_would_write_it() {
    let place = demo();
    let operation = place.document().operation("createPickup").unwrap();
    insta::assert_snapshot!(operation::text(&place, operation, ORIGIN));
}

#[test]
fn a_schema_is_two_levels_and_links() {
    let place = of(
        "openapi: 3.1.0\ninfo: {title: Books, version: '1'}\ncomponents:\n  schemas:\n    Book: {type: object, description: One book., required: [title], properties: {title: {type: string, maxLength: 80}, kind: {enum: [novel, poem]}, author: {$ref: '#/components/schemas/Author'}, secret: {type: string, writeOnly: true}}}\n    Author: {type: object, properties: {name: {type: string}, best: {$ref: '#/components/schemas/Book'}, home: {type: object, properties: {street: {type: string}}}}}\n",
    );
    insta::assert_snapshot!(schemas::text(&place, &place.document().schemas()[0], ORIGIN));
}

#[test]
fn every_text_of_the_demo_has_one_title_and_no_html() {
    let texts = every_text(&demo());
    assert!(texts.len() > 30);
    for text in texts {
        assert_eq!(headings(&text, HeadingLevel::H1).len(), 1, "{text}");
        assert!(text.starts_with("# "), "{text}");
        let html = Parser::new_ext(&text, Options::ENABLE_TABLES)
            .find(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        assert_eq!(html, None, "{text}");
    }
}

#[test]
fn a_hostile_document_changes_no_structure() {
    let calm = every_text(&hostile("calm"));
    for evil in [
        "</code></pre><script>alert(1)</script>",
        "``` ```` `",
        "x\n\n# Mine\n\n```\nopen",
        "a | b\n|---|---|",
        "[x](javascript:alert(1)) ![y](javascript:alert(2))",
        "<!-- open",
        "](https://evil.example)",
        "1. one",
        "===",
        "- - - ",
        "\\",
        "&lt;script&gt;",
    ] {
        for (text, calm) in every_text(&hostile(evil)).iter().zip(&calm) {
            assert_eq!(headings(text, HeadingLevel::H1).len(), 1, "{evil:?} in {text}");
            let sections = |text: &str| headings(text, HeadingLevel::H2).len();
            let own = usize::from(evil.contains("# Mine") && text.contains("## Mine"));
            assert_eq!(sections(text), sections(calm) + own, "{evil:?} in {text}");
            for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
                match event {
                    Event::Html(html) | Event::InlineHtml(html) => panic!("{evil:?} became {html:?} in {text}"),
                    Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                        assert!(!dest_url.contains("javascript:"), "{evil:?} in {text}");
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn circles_and_thousands_end() {
    let many: Vec<String> = (0..5_000).map(|n| format!("p{n}: {{type: string}}")).collect();
    let mut deep = "{type: string}".to_owned();
    for _ in 0..150 {
        deep = format!("{{type: object, properties: {{a: {deep}}}}}");
    }
    let place = of(&format!(
        "openapi: 3.1.0\ninfo: {{title: x, version: '1'}}\ncomponents:\n  schemas:\n    Many: {{type: object, properties: {{{}}}}}\n    Deep: {deep}\n    Loop: {{$ref: '#/components/schemas/Loop'}}\n    Node: {{type: object, properties: {{next: {{$ref: '#/components/schemas/Node'}}}}}}\n",
        many.join(", ")
    ));
    for text in every_text(&place) {
        assert!(text.len() < 200_000, "{} bytes", text.len());
    }
}
