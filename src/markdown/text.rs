//! Markdown as text, for people and programs that read it as it is: pieces that stay what they are, whatever a document
//! puts into them. A name cannot open a link, a value cannot close its code, a text cannot become a heading.

mod rewriter;

use pulldown_cmark::{Event, Parser, TagEnd, TextMergeStream};

use super::OPTIONS;

pub use self::rewriter::article;

/// A text that means nothing but itself, on one line.
pub fn plain(text: &str) -> String {
    let line = one_line(text);
    guarded(&escaped(&line))
}

/// A text as code within a line.
pub fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let marks = "`".repeat(longest_run(&text, '`') + 1);
    let is_clear = text.starts_with('`') || text.ends_with('`');
    let room = if is_clear { " " } else { "" };
    format!("{marks}{room}{text}{room}{marks}")
}

/// A text over several lines as code; `language` may be empty.
pub fn fence(language: &str, text: &str) -> String {
    let marks = "`".repeat((longest_run(text, '`') + 1).max(3));
    let language: String = language.chars().filter(|c| c.is_ascii_alphanumeric() || "-+".contains(*c)).collect();
    format!("{marks}{language}\n{}\n{marks}", text.trim_end_matches('\n'))
}

/// A link; the words alone where following the address would run something.
pub fn link(words: &str, address: &str) -> String {
    linked(&plain(words), address)
}

/// A list's item; further lines of it are moved below its first.
pub fn item(text: &str) -> String {
    format!("- {}", indented(text, "  "))
}

/// The words of a Markdown text on one line, with its code as code; about `longest` characters, then an ellipsis.
pub fn words(source: &str, longest: usize) -> String {
    let mut line = String::new();
    let mut left = longest;
    for event in TextMergeStream::new(Parser::new_ext(source, OPTIONS)) {
        let piece = match &event {
            Event::Text(text) => escaped(cut(text, left)),
            Event::Code(text) if text.chars().count() <= left => code(text),
            Event::Code(_) => String::new(),
            Event::SoftBreak | Event::HardBreak => " ".to_owned(),
            Event::End(end) if is_block(end) => " ".to_owned(),
            _ => continue,
        };
        let length = match &event {
            Event::Text(text) | Event::Code(text) => text.chars().count(),
            _ => 0,
        };
        line.push_str(&piece);
        if length > left {
            line.truncate(line.trim_end_matches([' ', ',', ';', ':', '.']).len());
            line.push('…');
            break;
        }
        left -= length;
    }
    guarded(&line.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn is_block(end: &TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// The beginning of a text, cut at a word where it must be.
fn cut(text: &str, longest: usize) -> &str {
    match text.char_indices().nth(longest) {
        None => text,
        Some((end, _)) => &text[..text[..end].rfind(' ').unwrap_or(end)],
    }
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text whose characters mean nothing within a line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let means_something = match character {
            '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '\\' => next.is_ascii_punctuation(),
            '&' => next == '#' || next.is_ascii_alphabetic(),

            '#' => before == ' ' || before == '#',
            _ => false,
        };
        if means_something {
            escaped.push('\\');
        }
        escaped.push(if character.is_control() { ' ' } else { character });
        before = character;
    }
    escaped
}

/// A line that begins with none of the marks of a block.
fn guarded(line: &str) -> String {
    let line = line.trim();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_number = digits > 0 && line[digits..].starts_with(['.', ')']) && is_over(&line[digits + 1..]);
    match line.starts_with(['-', '+', '>', '=', '#', '~', '|', ':']) {
        _ if is_number => format!("{}\\{}", &line[..digits], &line[digits..]),
        true => format!("\\{line}"),
        false => line.to_owned(),
    }
}

/// Whether a mark is followed by what makes it one.
fn is_over(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(' ')
}

fn longest_run(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

/// Words that are Markdown already, with an address that cannot end early.
fn linked(words: &str, address: &str) -> String {
    if !super::is_safe(address) || words.is_empty() {
        return words.to_owned();
    }
    let mut target = String::with_capacity(address.len());
    for character in address.chars() {
        match character {
            ' ' => target.push_str("%20"),
            '(' => target.push_str("%28"),
            ')' => target.push_str("%29"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '\\' => target.push_str("%5C"),
            character if character.is_control() => {}
            character => target.push(character),
        }
    }
    format!("[{words}]({target})")
}

/// A text whose lines after the first start with an indent; empty lines stay empty.
fn indented(text: &str, indent: &str) -> String {
    let mut lines = text.lines();
    let mut indented = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        indented.push('\n');
        if !line.is_empty() {
            indented.push_str(indent);
            indented.push_str(line);
        }
    }
    indented
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::Tag;

    use super::*;

    /// What a reader of Markdown finds in a text: the text itself, and whether anything but a paragraph is in it.
    fn read(source: &str) -> (String, bool) {
        let mut words = String::new();
        let mut is_plain = true;
        for event in Parser::new_ext(source, OPTIONS) {
            match event {
                Event::Text(text) => words.push_str(&text),
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                _ => is_plain = false,
            }
        }
        (words, is_plain)
    }

    proptest::proptest! {
        #[test]
        fn a_plain_text_is_read_back_as_it_is(text in r#"[a-z0-9`*_\[\]()<>#|~&;:!+\\="'{}. -]{1,60}"#) {
            let line = one_line(&text);
            proptest::prop_assert_eq!(read(&plain(&text)), (line, true));
        }

        #[test]
        fn code_is_read_back_as_it_is(text in "[a-z`| \\\\*<]{1,40}") {
            let line = one_line(&text);
            proptest::prop_assume!(!line.is_empty());
            let written = code(&text);
            let events: Vec<_> = Parser::new_ext(&written, OPTIONS).collect();
            proptest::prop_assert!(events.iter().any(|event| matches!(event, Event::Code(it) if **it == *line)), "{:?}", events);
        }

        #[test]
        fn a_fence_is_closed_by_nothing_in_it(text in "[a-z`~\\n ]{1,60}") {
            let source = format!("{}\n\n# After", fence("json", &text));
            let headings = Parser::new_ext(&source, OPTIONS).filter(|event| matches!(event, Event::Start(Tag::Heading { .. })));
            proptest::prop_assert_eq!(headings.count(), 1);
        }
    }

    #[test]
    fn names_are_left_readable() {
        assert_eq!(plain("weight_grams of a parcel"), "weight_grams of a parcel");
        assert_eq!(plain("1. first"), r"1\. first");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn an_address_that_runs_something_is_no_link() {
        assert_eq!(link("x", "javascript:alert(1)"), "x");
        assert_eq!(link("a]b", "/x y)z"), r"[a\]b](/x%20y%29z)");
    }

    #[test]
    fn a_summary_keeps_its_code_and_ends() {
        assert_eq!(words("Send **it** with `Idempotency-Key`.\n\n# Next", 200), "Send it with `Idempotency-Key`. Next");
        assert_eq!(words("one two three four", 9), "one two…");
        assert_eq!(words("<b>bold</b> & [link](javascript:x)", 80), "bold & link");
    }
}
