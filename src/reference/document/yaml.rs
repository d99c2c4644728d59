//! Reads YAML 1.2 (core schema) into a tree, from the events of serde-saphyr's parser.
//!
//! `no` and `on` are texts, dates are texts, and a name is always a text, so that the response `200:` is found under
//! "200". Aliases are unfolded into the tree within its limits; `<<` merges, since real documents use it.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle, Span, Tag};

use super::{
    builder::{Builder, Excess, MAX_DEPTH},
    json::{self, Fault},
    tree::{Kind, Stored},
};

/// Names longer than YAML's 1,024 characters occur: paths, and texts that are used as enum descriptions.
const LONGEST_KEY: usize = 65_536;

/// Reads the first document of a stream; gives back whether more follow.
pub(super) fn read(text: &str, builder: &mut Builder) -> Result<Rest, Fault> {
    let options = granit_parser::options! {
        emit_comments: false,
        simple_key_max_lookahead: LONGEST_KEY,
        flow_nesting_limit: MAX_DEPTH + 1,
        block_nesting_limit: MAX_DEPTH + 1,
    };
    let mut reader = Reader { builder, anchors: HashMap::new(), unfinished: Vec::new() };
    let mut ended = false;
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(syntax)?;
        match event {
            Event::DocumentStart(..) if ended => return Ok(Rest::Ignored),
            Event::DocumentEnd => ended = true,
            event => reader.event(event, span)?,
        }
    }
    Ok(Rest::Nothing)
}

/// What follows the first document in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    Ignored,
}

struct Reader<'b> {
    builder: &'b mut Builder,
    anchors: HashMap<usize, Stored>,
    unfinished: Vec<(usize, Part)>,
}

/// What an open collection is to its parent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Merge,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let offset = span.start.byte_offset().unwrap_or_default();
        let too_much = |excess| Fault::Excess { excess, offset };
        match event {
            Event::Scalar(text, ..) if self.builder.wants_key() => self.builder.key(&text),
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, tag.as_deref(), offset).map_err(too_much)?;
                self.remember(anchor);
            }
            Event::MappingStart(..) | Event::SequenceStart(..) if self.builder.wants_key() => {
                return Err(fault("a list or an object cannot be a name", offset));
            }
            Event::MappingStart(_, anchor, _) => {
                self.unfinished.push((anchor, self.builder.part()));
                self.builder.open(Kind::Object, offset).map_err(too_much)?;
            }
            Event::SequenceStart(_, anchor, _) => {
                self.unfinished.push((anchor, self.builder.part()));
                self.builder.open(Kind::List, offset).map_err(too_much)?;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.builder.close().map_err(too_much)?;
                let (anchor, part) = self.unfinished.pop().unwrap_or((0, Part::Value));
                self.remember(anchor);
                if part == Part::Merge
                    && let Some(value) = self.builder.take_last()
                {
                    self.builder.merge_at_end(value);
                }
            }
            Event::Alias(anchor) => self.alias(anchor, offset)?,
            _ => {}
        }
        Ok(())
    }

    fn alias(&mut self, anchor: usize, offset: usize) -> Result<(), Fault> {
        let Some(value) = self.anchors.get(&anchor).copied() else {
            return Err(fault("an alias stands inside the value that it repeats", offset));
        };
        if self.builder.wants_key() {
            let Some(key) = self.builder.written(value).map(str::to_owned) else {
                return Err(fault("a list or an object cannot be a name", offset));
            };
            self.builder.key(&key);
            return Ok(());
        }
        if self.builder.part() == Part::Merge {
            self.builder.merge_at_end(value);
            return Ok(());
        }
        self.builder.repeat(value).map_err(|excess| Fault::Excess { excess: excess.by_alias(), offset })
    }

    fn remember(&mut self, anchor: usize) {
        if anchor != 0
            && let Some(value) = self.builder.last()
        {
            self.anchors.insert(anchor, value);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, offset: usize) -> Result<(), Excess> {
        let tagged_as_text = tag.is_some_and(|tag| tag.core_suffix() == Some("str"));
        if style != ScalarStyle::Plain || tagged_as_text {
            return self.builder.text(text, offset);
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => self.builder.null(offset),
            "true" | "True" | "TRUE" => self.builder.boolean(true, offset),
            "false" | "False" | "FALSE" => self.builder.boolean(false, offset),
            _ if json::is_number(text) => self.builder.number(text, offset),
            _ => match number(text) {
                Some(written) => self.builder.number(&written, offset),
                None => self.builder.text(text, offset),
            },
        }
    }
}

impl Builder {
    /// Whether the value that comes is to be merged.
    fn part(&self) -> Part {
        if self.awaited_key() == Some("<<") { Part::Merge } else { Part::Value }
    }
}

/// A number that YAML writes and JSON does not, as JSON writes it. Infinity and not-a-number stay texts.
fn number(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(|value| value.to_string());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(|value| value.to_string());
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, format!("e{exponent}")),
        None => (unsigned, String::new()),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let written = format!("{sign}{whole}{point}{fraction}{exponent}");
    json::is_number(&written).then_some(written)
}

fn syntax(error: granit_parser::ScanError) -> Fault {
    let offset = error.marker().byte_offset().unwrap_or_default();
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => Fault::Excess { excess: Excess::Depth, offset },
        ErrorKind::UnknownAnchor => fault("an alias to an anchor that is not there", offset),
        kind => fault(&kind.to_string(), offset),
    }
}

fn fault(message: &str, offset: usize) -> Fault {
    Fault::Syntax { message: message.to_owned(), offset }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(text: &str) -> Result<Value, Fault> {
        let mut builder = Builder::default();
        read(text, &mut builder)?;
        Ok(builder.finish().0.root().to_json())
    }

    #[test]
    fn scalars_are_those_of_yaml_1_2() {
        let text = "
            words: [no, on, off, yes, 2024-05-01, 12:30, 1_000, .inf, '5', !!str 6]
            nulls: [~, null, ]
            truth: [true, FALSE]
            numbers: [0x1F, 0o17, +3, .5, 007, 1., -1.5e3]
        ";
        assert_eq!(
            parse(text).unwrap(),
            json!({
                "words": ["no", "on", "off", "yes", "2024-05-01", "12:30", "1_000", ".inf", "5", "6"],
                "nulls": [null, null],
                "truth": [true, false],
                "numbers": [31, 15, 3, 0.5, 7, 1, -1500.0],
            })
        );
    }

    #[test]
    fn names_are_texts_whatever_they_look_like() {
        assert_eq!(
            parse("200: a\ntrue: b\n1.0: c\nnull: d").unwrap(),
            json!({"200": "a", "true": "b", "1.0": "c", "null": "d"})
        );
    }

    #[test]
    fn aliases_and_merges_are_unfolded() {
        let text = "base: &base {a: 1, b: 2}\nsame: *base\nmore:\n  <<: *base\n  b: 3\nlist: {<<: [*base, {c: 4}]}\n'*': [&k key, *k]";
        assert_eq!(
            parse(text).unwrap(),
            json!({
                "base": {"a": 1, "b": 2},
                "same": {"a": 1, "b": 2},
                "more": {"a": 1, "b": 3},
                "list": {"a": 1, "b": 2, "c": 4},
                "*": ["key", "key"],
            })
        );
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(matches!(parse(&text), Err(Fault::Excess { excess: Excess::Aliases, .. })));
    }

    #[test]
    fn a_bomb_of_merges_is_refused() {
        let base: String = (0..20_000).map(|index| format!("k{index}: 1, ")).collect();
        let merges: String = (0..500).map(|index| format!("m{index}: {{<<: *b}}\n")).collect();
        let found = parse(&format!("base: &b {{{base}}}\n{merges}"));
        assert!(matches!(found, Err(Fault::Excess { excess: Excess::Aliases, .. })));
    }

    #[test]
    fn an_alias_to_itself_or_to_nothing_is_refused() {
        assert!(matches!(parse("a: &a [*a]"), Err(Fault::Syntax { .. })));
        assert!(matches!(parse("a: *b"), Err(Fault::Syntax { .. })));
    }

    #[test]
    fn deep_nesting_is_refused_in_both_notations() {
        let flow = "[".repeat(10_000);
        assert!(matches!(parse(&flow), Err(Fault::Excess { excess: Excess::Depth, .. })));
        let block = "- ".repeat(10_000);
        assert!(matches!(parse(&block), Err(Fault::Excess { excess: Excess::Depth, .. })));
    }

    #[test]
    fn a_second_document_in_the_file_is_told() {
        let mut builder = Builder::default();
        assert_eq!(read("a: 1\n---\nb: 2\n", &mut builder).unwrap(), Rest::Ignored);
    }
}
