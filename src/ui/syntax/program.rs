//! Colours for programs: strings, comments, numbers and the words of the language, by what they begin with.

use super::{advance, run_length};

/// What a language looks like.
pub(super) struct Grammar {
    /// What a comment begins with; it ends with the line.
    comments: &'static [&'static str],
    /// What a text begins and ends with, and whether a backslash keeps it from ending; longer ones first.
    texts: &'static [(&'static str, &'static str, Escapes)],
    words: &'static [&'static str],
}

/// Whether a backslash in a text belongs to what follows it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Yes,
    No,
}

const DOUBLE: (&str, &str, Escapes) = ("\"", "\"", Escapes::Yes);
const SINGLE: (&str, &str, Escapes) = ("'", "'", Escapes::Yes);

pub(super) const JAVASCRIPT: Grammar = Grammar {
    comments: &["//"],
    texts: &[DOUBLE, SINGLE, ("`", "`", Escapes::Yes)],
    words: &[
        "async",
        "await",
        "class",
        "const",
        "else",
        "export",
        "false",
        "for",
        "from",
        "function",
        "if",
        "import",
        "let",
        "new",
        "null",
        "of",
        "return",
        "throw",
        "true",
        "try",
        "catch",
        "undefined",
    ],
};

pub(super) const PYTHON: Grammar = Grammar {
    comments: &["#"],
    texts: &[("\"\"\"", "\"\"\"", Escapes::Yes), ("'''", "'''", Escapes::Yes), DOUBLE, SINGLE],
    words: &[
        "and", "as", "class", "def", "elif", "else", "except", "False", "for", "from", "if", "import", "in", "is",
        "None", "not", "or", "raise", "return", "True", "try", "while", "with",
    ],
};

pub(super) const GO: Grammar = Grammar {
    comments: &["//"],
    texts: &[("`", "`", Escapes::No), DOUBLE, SINGLE],
    words: &[
        "defer",
        "else",
        "false",
        "for",
        "func",
        "go",
        "if",
        "import",
        "interface",
        "map",
        "nil",
        "package",
        "range",
        "return",
        "struct",
        "true",
        "type",
        "var",
    ],
};

pub(super) const RUBY: Grammar = Grammar {
    comments: &["#"],
    texts: &[DOUBLE, SINGLE],
    words: &[
        "begin", "class", "def", "do", "else", "end", "false", "if", "module", "nil", "raise", "require", "rescue",
        "return", "true", "unless", "while",
    ],
};

pub(super) const PHP: Grammar = Grammar {
    comments: &["//", "#"],
    texts: &[DOUBLE, SINGLE],
    words: &[
        "array", "as", "class", "echo", "else", "exit", "false", "foreach", "function", "if", "new", "null", "require",
        "return", "true", "use",
    ],
};

pub(super) const JAVA: Grammar = Grammar {
    comments: &["//"],
    texts: &[("\"\"\"", "\"\"\"", Escapes::Yes), DOUBLE, SINGLE],
    words: &[
        "catch", "class", "else", "false", "final", "for", "if", "import", "new", "null", "package", "private",
        "public", "return", "static", "throw", "throws", "true", "try", "var", "void",
    ],
};

pub(super) const CSHARP: Grammar = Grammar {
    comments: &["//"],
    texts: &[("\"\"\"", "\"\"\"", Escapes::No), DOUBLE, SINGLE],
    words: &[
        "async",
        "await",
        "catch",
        "class",
        "else",
        "false",
        "foreach",
        "if",
        "namespace",
        "new",
        "null",
        "private",
        "public",
        "return",
        "static",
        "string",
        "throw",
        "true",
        "try",
        "using",
        "var",
        "void",
    ],
};

pub(super) const RUST: Grammar = Grammar {
    comments: &["//"],
    texts: &[("r###\"", "\"###", Escapes::No), ("r##\"", "\"##", Escapes::No), ("r#\"", "\"#", Escapes::No), DOUBLE],
    words: &[
        "as", "async", "await", "const", "dyn", "else", "enum", "false", "fn", "for", "if", "impl", "let", "loop",
        "match", "mod", "move", "mut", "pub", "return", "self", "struct", "true", "type", "use", "while",
    ],
};

/// The program as HTML.
pub(super) fn program(text: &str, grammar: &Grammar) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, class) = token(rest, first, grammar);
        rest = advance(&mut html, rest, length, class);
    }
    html
}

/// The length of what comes first, and its class.
fn token(rest: &str, first: char, grammar: &Grammar) -> (usize, &'static str) {
    if grammar.comments.iter().any(|begin| rest.starts_with(begin)) {
        return (run_length(rest, |c| c != '\n'), "c");
    }
    if let Some((begin, end, escapes)) = grammar.texts.iter().find(|(begin, ..)| rest.starts_with(begin)) {
        let length = text_length(rest, begin, end, *escapes);
        return (length, class_of_text(&rest[..length], &rest[length..]));
    }
    match first {
        c if is_part_of_word(c) => {
            let length = run_length(rest, is_part_of_word);
            let word = &rest[..length];
            let class = match word {
                word if grammar.words.contains(&word) => "w",
                word if word.starts_with(|c: char| c.is_ascii_digit()) => "d",
                word if names_secret(word) => "hole",
                _ => "",
            };
            (length, class)
        }
        _ => {
            let starts = |at: usize| {
                let rest = &rest[at..];
                grammar.comments.iter().any(|begin| rest.starts_with(begin))
                    || grammar.texts.iter().any(|(begin, ..)| rest.starts_with(begin))
                    || rest.starts_with(is_part_of_word)
            };
            let next = rest.char_indices().skip(1).map(|(at, _)| at).find(|at| starts(*at));
            (next.unwrap_or(rest.len()), "")
        }
    }
}

fn is_part_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The length of a text with its marks; to the end where the closing one is missing.
fn text_length(rest: &str, begin: &str, end: &str, escapes: Escapes) -> usize {
    let mut at = begin.len();
    while let Some(character) = rest[at..].chars().next() {
        if rest[at..].starts_with(end) {
            return at + end.len();
        }
        at += character.len_utf8();
        if character == '\\' && escapes == Escapes::Yes {
            at += rest[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    rest.len()
}

fn class_of_text(text: &str, after: &str) -> &'static str {
    let after = after.trim_start_matches([' ', ']']);
    match text {
        text if names_secret(text.trim_matches(['"', '\''])) => "hole",
        _ if after.starts_with(": ") || after.starts_with("=> ") => "n",
        _ => "s",
    }
}

/// Whether a word is the name of a variable that holds a secret.
fn names_secret(word: &str) -> bool {
    let is_name = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_name && (word.ends_with("_KEY") || word.ends_with("_TOKEN"))
}
