//! Reads JSON (RFC 8259) into a tree, remembering where each value stood.
//!
//! Without recursion, so that nesting is a limit of ours and not of the stack; texts with escapes and numbers are left
//! to `serde_json`.

use std::borrow::Cow;

use super::{
    builder::{Builder, Excess},
    tree::Kind,
};

/// Why reading stopped, and at which byte.
#[derive(Debug)]
pub(super) enum Fault {
    Syntax { message: String, offset: usize },
    Excess { excess: Excess, offset: usize },
}

/// Reads one value and nothing after it.
pub(super) fn read(text: &str, builder: &mut Builder) -> Result<(), Fault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0 };
    reader.document(builder)
}

struct Reader<'s> {
    text: &'s str,
    bytes: &'s [u8],
    at: usize,
}

impl<'s> Reader<'s> {
    fn document(&mut self, builder: &mut Builder) -> Result<(), Fault> {
        self.skip_space();
        let mut just_opened = self.value(builder)?;
        while let Some(kind) = builder.inside() {
            let end = if kind == Kind::List { b']' } else { b'}' };
            self.skip_space();
            if self.peek() == Some(end) {
                self.at += 1;
                builder.close().map_err(|excess| self.excess(excess))?;
                just_opened = false;
                continue;
            }
            if !just_opened {
                self.expect(b',', if kind == Kind::List { "`,` or `]`" } else { "`,` or `}`" })?;
                self.skip_space();
            }
            if kind == Kind::Object {
                let key = self.string("a name in double quotes")?;
                builder.key(&key);
                self.skip_space();
                self.expect(b':', "`:`")?;
                self.skip_space();
            }
            just_opened = self.value(builder)?;
        }
        self.skip_space();
        if self.at < self.bytes.len() { Err(self.expected("the end of the file")) } else { Ok(()) }
    }

    /// Reads a scalar, or the opening of a list or an object: then true.
    fn value(&mut self, builder: &mut Builder) -> Result<bool, Fault> {
        let start = self.at;
        let added = match self.peek() {
            Some(b'{') => builder.open(Kind::Object, start),
            Some(b'[') => builder.open(Kind::List, start),
            Some(b'"') => {
                let text = self.string("a text")?;
                builder.text(&text, start)
            }
            Some(b'-' | b'0'..=b'9') => {
                let written = self.number()?;
                builder.number(written, start)
            }
            _ if self.word("true") => builder.boolean(true, start),
            _ if self.word("false") => builder.boolean(false, start),
            _ if self.word("null") => builder.null(start),
            _ => return Err(self.expected("a value")),
        };
        added.map_err(|excess| Fault::Excess { excess, offset: start })?;
        let opened = self.at == start;
        if opened {
            self.at += 1;
        }
        Ok(opened)
    }

    fn string(&mut self, what: &str) -> Result<Cow<'s, str>, Fault> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected(what));
        }
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(0..=0x1F) => return Err(self.syntax("a line break or control character inside a text")),
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return Err(self.syntax("a text without its closing quote"));
                }
            }
        }
        self.at += 1;
        if !escaped {
            return Ok(Cow::Borrowed(&self.text[start + 1..self.at - 1]));
        }
        match serde_json::from_str::<String>(&self.text[start..self.at]) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(_) => {
                self.at = start;
                Err(self.syntax("a text with an escape that JSON does not have"))
            }
        }
    }

    fn number(&mut self) -> Result<&'s str, Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let written = &self.text[start..self.at];
        if is_number(written) {
            return Ok(written);
        }
        self.at = start;
        Err(self.syntax("a number that JSON does not have"))
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.bytes[self.at..].starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Fault> {
        if self.peek() != Some(byte) {
            return Err(self.expected(what));
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> Fault {
        let found = match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
            Some(character) => format!("`{}`", character.escape_default()),
            None => "the end of the file".to_owned(),
        };
        self.syntax(&format!("expected {what}, found {found}"))
    }

    fn syntax(&self, message: &str) -> Fault {
        Fault::Syntax { message: message.to_owned(), offset: self.at.min(self.bytes.len()) }
    }

    fn excess(&self, excess: Excess) -> Fault {
        Fault::Excess { excess, offset: self.at }
    }
}

/// JSON's grammar of numbers.
pub(super) fn is_number(written: &str) -> bool {
    let rest = written.strip_prefix('-').unwrap_or(written);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn parse(text: &str) -> Result<Value, Fault> {
        let mut builder = Builder::default();
        read(text, &mut builder)?;
        Ok(builder.finish().0.root().to_json())
    }

    #[test]
    fn values_of_every_kind_are_read() {
        let text = r#" {"a": [1, -2.5e3, true, false, null, "x\n\u00e9\ud83d\ude00"], "b": {}, "c": []} "#;
        assert_eq!(parse(text).unwrap(), json!({"a": [1, -2500.0, true, false, null, "x\né😀"], "b": {}, "c": []}));
    }

    #[test]
    fn a_fault_says_what_was_expected_and_where() {
        for (text, message, at) in [
            (r#"{"a": 1,}"#, "expected a name in double quotes, found `}`", 8),
            (r#"{"a" 1}"#, "expected `:`, found `1`", 5),
            ("[1 2]", "expected `,` or `]`, found `2`", 3),
            ("[1,]", "expected a value, found `]`", 3),
            ("[", "expected a value, found the end of the file", 1),
            ("[01]", "a number that JSON does not have", 1),
            (r#"["\x"]"#, "a text with an escape that JSON does not have", 1),
            (r#"["a"#, "a text without its closing quote", 1),
            (r#"["\"#, "a text without its closing quote", 1),
            ("[\"a\nb\"]", "a line break or control character inside a text", 3),
            ("{} {}", "expected the end of the file, found `{`", 3),
        ] {
            match parse(text) {
                Err(Fault::Syntax { message: found, offset }) => {
                    assert_eq!((found.as_str(), offset), (message, at), "{text}")
                }
                other => panic!("{text} gave {other:?}"),
            }
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for good in ["0", "-0", "10", "1.5", "1e5", "1E+5", "-1.0e-2"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "+1", "1e", "1e+", "0x10", "1_000"] {
            assert!(!is_number(bad), "{bad}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e15..1e15).prop_map(|number: f64| json!(number.round())),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 64, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_json_writes_is_read_back_as_it_was(value in any_json()) {
            prop_assert_eq!(parse(&value.to_string()).unwrap(), value.clone());
            prop_assert_eq!(parse(&serde_json::to_string_pretty(&value).unwrap()).unwrap(), value);
        }

        #[test]
        fn what_serde_json_refuses_is_refused(text in "[\\[\\]{}\",:0-9a-z\\\\ .+-]{0,24}") {
            let theirs = serde_json::from_str::<Value>(&text);
            let ours = parse(&text);
            prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        }
    }
}
