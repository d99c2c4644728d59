//! Colours for code, as HTML: a word here and there, so that the eye finds names and values. What is not understood
//! stays plain; nothing is lost or reordered.
use leptos::prelude::*;

mod program;

/// A language that is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSON.
    Json,
    /// A shell's command line.
    Shell,
    /// JavaScript or TypeScript.
    JavaScript,
    /// Python.
    Python,
    /// Go.
    Go,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// Java or Kotlin.
    Java,
    /// C#.
    CSharp,
    /// Rust.
    Rust,
    /// Anything else, left as it is.
    Plain,
}

impl Language {
    /// The language by the name that Markdown gives a code block.
    pub fn named(name: &str) -> Self {
        match name.split([' ', ',']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "json" | "jsonc" | "json5" => Self::Json,
            "sh" | "bash" | "shell" | "console" | "curl" | "zsh" => Self::Shell,
            "js" | "javascript" | "mjs" | "node" | "ts" | "typescript" => Self::JavaScript,
            "py" | "python" | "python3" => Self::Python,
            "go" | "golang" => Self::Go,
            "rb" | "ruby" => Self::Ruby,
            "php" => Self::Php,
            "java" | "kotlin" => Self::Java,
            "cs" | "csharp" | "c#" => Self::CSharp,
            "rs" | "rust" => Self::Rust,
            _ => Self::Plain,
        }
    }
}

/// Coloured code, for the inside of a `<Code>`.
#[component]
pub fn Source(
    /// The code.
    #[prop(into)]
    text: String,
    /// What it is written in.
    language: Language,
) -> impl IntoView {
    view! { <span inner_html=highlighted(&text, language)></span> }
}

/// The code as HTML, with spans of the classes that `Code` describes.
pub fn highlighted(text: &str, language: Language) -> String {
    match language {
        Language::Json => json(text),
        Language::Shell => shell(text),
        Language::JavaScript => program::program(text, &program::JAVASCRIPT),
        Language::Python => program::program(text, &program::PYTHON),
        Language::Go => program::program(text, &program::GO),
        Language::Ruby => program::program(text, &program::RUBY),
        Language::Php => program::program(text, &program::PHP),
        Language::Java => program::program(text, &program::JAVA),
        Language::CSharp => program::program(text, &program::CSHARP),
        Language::Rust => program::program(text, &program::RUST),
        Language::Plain => escaped(text),
    }
}

/// Text as HTML, safe inside of elements and of quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    escape_into(&mut html, text);
    html
}

fn json(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, class) = match first {
            '"' => {
                let length = quoted_length(rest, '"');
                let names_a_value = rest[length..].trim_start().starts_with(':');
                (length, if names_a_value { "n" } else { "s" })
            }
            '-' | '0'..='9' => (run_length(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-')), "d"),
            'a'..='z' => (run_length(rest, |c| c.is_ascii_alphanumeric()), "w"),
            _ => (run_length(rest, |c| !matches!(c, '"' | '-' | '0'..='9' | 'a'..='z')), ""),
        };
        rest = advance(&mut html, rest, length, class);
    }
    html
}

fn shell(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut rest = text;
    let mut place = ShellPlace::Command;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => {
                let length = quoted_length(rest, first);
                shell_string(&mut html, &rest[..length], first);
                rest = &rest[length..];
                place = ShellPlace::Word;
                continue;
            }
            '\n' => {
                let continues = html.ends_with('\\');
                place = if continues { ShellPlace::Argument } else { ShellPlace::Command };
                1
            }
            '#' if place != ShellPlace::Word => {
                let length = run_length(rest, |c| c != '\n');
                rest = advance(&mut html, rest, length, "c");
                continue;
            }
            c if c.is_whitespace() => {
                if place == ShellPlace::Word {
                    place = ShellPlace::Argument;
                }
                c.len_utf8()
            }
            '$' => {
                let length = variable_length(rest);
                place = ShellPlace::Word;
                rest = advance(&mut html, rest, length, if length > 1 { "hole" } else { "" });
                continue;
            }
            _ => {
                let length = run_length(rest, |c| !c.is_whitespace() && !matches!(c, '\'' | '"' | '$'));
                let class = match place {
                    ShellPlace::Command => "n",
                    ShellPlace::Argument if first == '-' => "w",
                    _ => "",
                };
                place = ShellPlace::Word;
                rest = advance(&mut html, rest, length, class);
                continue;
            }
        };
        rest = advance(&mut html, rest, length, "");
    }
    html
}

/// Where in a command line the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ShellPlace {
    Command,
    Argument,
    Word,
}

/// A quoted string; variables count only between double quotes.
fn shell_string(html: &mut String, text: &str, quote: char) {
    html.push_str("<span class=\"s\">");
    let mut rest = text;
    while let Some(at) = rest.find('$').filter(|_| quote == '"') {
        escape_into(html, &rest[..at]);
        let length = variable_length(&rest[at..]);
        rest = advance(html, &rest[at..], length, if length > 1 { "hole" } else { "" });
    }
    escape_into(html, rest);
    html.push_str("</span>");
}

fn variable_length(text: &str) -> usize {
    1 + run_length(&text[1..], |c| c.is_ascii_alphanumeric() || c == '_')
}

/// The length of a string with its quotes; to the end where the closing one is missing.
fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

fn run_length(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn advance<'t>(html: &mut String, text: &'t str, length: usize, class: &str) -> &'t str {
    let (part, rest) = text.split_at(length);
    match class {
        "" => escape_into(html, part),
        class => {
            html.push_str("<span class=\"");
            html.push_str(class);
            html.push_str("\">");
            escape_into(html, part);
            html.push_str("</span>");
        }
    }
    rest
}

fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 11] = [
        Language::Json,
        Language::Shell,
        Language::JavaScript,
        Language::Python,
        Language::Go,
        Language::Ruby,
        Language::Php,
        Language::Java,
        Language::CSharp,
        Language::Rust,
        Language::Plain,
    ];

    /// What a reader sees of the HTML.
    fn visible(html: &str) -> String {
        let mut text = String::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            text.push_str(&rest[..at]);
            rest = &rest[at + rest[at..].find('>').expect("a tag ends") + 1..];
        }
        text.push_str(rest);
        let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
        pairs.iter().fold(text, |text, (entity, c)| text.replace(entity, c))
    }

    #[test]
    fn names_values_and_words_of_json_differ() {
        let html = highlighted(r#"{"a": [1, "b", true]}"#, Language::Json);
        assert!(html.contains(r#"<span class="n">&quot;a&quot;</span>"#), "{html}");
        assert!(html.contains(r#"<span class="d">1</span>"#), "{html}");
        assert!(html.contains(r#"<span class="s">&quot;b&quot;</span>"#), "{html}");
        assert!(html.contains(r#"<span class="w">true</span>"#), "{html}");
    }

    #[test]
    fn a_variable_in_a_command_is_marked_as_what_to_replace() {
        let html = highlighted("curl -H \"Authorization: Bearer $SANDBOX_KEY\"", Language::Shell);
        assert!(html.starts_with(r#"<span class="n">curl</span> <span class="w">-H</span>"#), "{html}");
        assert!(html.contains(r#"<span class="hole">$SANDBOX_KEY</span>"#), "{html}");
        assert!(!highlighted("'$KEEP'", Language::Shell).contains("hole"));
    }

    #[test]
    fn words_names_texts_numbers_and_comments_of_a_program_differ() {
        let html = highlighted("const a = { \"b\": `c\\`${d}`, e1: 12 }; // f", Language::JavaScript);
        for part in ["w\">const", "n\">&quot;b&quot;", "s\">`c\\`${d}`", "d\">12", "c\">// f"] {
            assert!(html.contains(&format!("<span class=\"{part}</span>")), "{part} in {html}");
        }
        assert!(html.contains(" e1: "), "{html}");
    }

    #[test]
    fn what_holds_the_key_of_a_program_is_marked() {
        for (text, language) in [
            ("os.environ[\"SANDBOX_KEY\"]", Language::Python),
            ("process.env.API_KEY", Language::JavaScript),
            ("getenv('VESTIBULE_TOKEN')", Language::Php),
        ] {
            assert!(highlighted(text, language).contains("hole"), "{text}");
        }
        assert!(!highlighted("\"a SANDBOX_KEY\"", Language::Go).contains("hole"));
    }

    #[test]
    fn a_raw_text_ends_where_it_ends() {
        let html = highlighted("body(r##\"{\"a\": \"\\\"#\"}\"##) // c", Language::Rust);
        assert!(html.contains("&quot;##</span>) <span class=\"c\">"), "{html}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_can_become_markup(text in "[\\PC\n\"'`#/\\\\]{0,80}") {
            for language in ALL {
                let html = highlighted(&text, language);
                proptest::prop_assert_eq!(&visible(&html), &text);
            }
        }
    }
}
