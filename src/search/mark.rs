//! Which parts of a text are the words that were asked for.

use leptos::prelude::*;

use super::{query::Question, words};

/// The text with the words of a question marked.
pub(super) fn marked(text: &str, question: &Question) -> AnyView {
    let mut at = 0;
    let mut pieces: Vec<AnyView> = Vec::new();
    for (start, end) in matches(text, &question.stems()) {
        if start > at {
            pieces.push(text[at..start].to_owned().into_any());
        }
        pieces.push(view! { <mark>{text[start..end].to_owned()}</mark> }.into_any());
        at = end;
    }
    if at < text.len() {
        pieces.push(text[at..].to_owned().into_any());
    }
    pieces.collect_view().into_any()
}

/// Whether a text has one of the words that begin so.
pub(super) fn has(text: &str, stems: &[&str]) -> bool {
    !matches(text, stems).is_empty()
}

/// Where words begin with one of the stems; of stems that begin alike the longest counts.
fn matches(text: &str, stems: &[&str]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for run in words::runs(text) {
        let word = &text[run.clone()];
        let whole = std::iter::once(0..word.len());
        for part in whole.chain(words::parts(word)) {
            let length = stems.iter().filter_map(|stem| begins(&word[part.clone()], stem)).max();
            let Some(length) = length else { continue };
            let start = run.start + part.start;
            if found.last().is_none_or(|(_, end)| *end <= start) {
                found.push((start, start + length));
            }
        }
    }
    found
}

/// How many bytes of a word are the stem, if it begins with it.
fn begins(word: &str, stem: &str) -> Option<usize> {
    let is_letter = stem.chars().nth(1).is_none();
    if is_letter {
        return (words::lower(word) == stem).then_some(word.len());
    }
    let mut left = stem;
    for (at, c) in word.char_indices() {
        if left.is_empty() {
            return Some(at);
        }
        left = left.strip_prefix(words::lower(c.encode_utf8(&mut [0; 4])).as_str())?;
    }
    left.is_empty().then_some(word.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, typed: &str) -> String {
        let question = Question::parse(typed);
        let mut marked = String::new();
        let mut at = 0;
        for (start, end) in matches(text, &question.stems()) {
            marked.push_str(&format!("{}[{}]", &text[at..start], &text[start..end]));
            at = end;
        }
        marked + &text[at..]
    }

    #[test]
    fn words_are_marked_where_they_begin() {
        assert_eq!(found("Create a shipment", "ship creat"), "[Creat]e a [ship]ment");
        assert_eq!(found("createShipment", "shipment"), "create[Shipment]");
        assert_eq!(found("createShipment", "createship"), "[createShip]ment");
        assert_eq!(found("weight_grams, weight", "weights"), "[weight]_grams, [weight]");
        assert_eq!(found("relabel labels", "label"), "relabel [label]s");
        assert_eq!(found("/v1/x/{id}", "v1 x id"), "/[v1]/[x]/{[id]}");
    }

    #[test]
    fn what_is_marked_stays_text() {
        let html = marked("<b>ship</b>", &Question::parse("ship b")).to_html();
        assert!(html.contains("&lt;") && !html.contains("<b>"), "{html}");
        assert!(html.contains("<mark>ship</mark>"), "{html}");
    }

    proptest! {
        #[test]
        fn marks_never_cut_a_character(text in "\\PC{0,60}", typed in "\\PC{0,30}") {
            let question = Question::parse(&typed);
            for (start, end) in matches(&text, &question.stems()) {
                prop_assert!(text.get(start..end).is_some());
            }
        }
    }
}
