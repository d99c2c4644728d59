//! A Markdown text written again, so that it can stand inside of another: its headings below those around it, every
//! fence closed, no HTML, no address that runs something.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd, TextMergeStream};

use super::{super::OPTIONS, code, escaped, fence, guarded, indented, linked};

/// What is nested deeper is written as text of what is around it.
const DEEPEST: usize = 24;

/// A text of an author, written again with its headings from `level` on. Links to this portal become absolute where
/// `origin` is not empty.
pub fn article(source: &str, level: usize, origin: &str) -> String {
    let mut rewriter = Rewriter { level, origin, frames: vec![Frame::new(Kind::Text)], flat: 0, rows: Vec::new() };
    for event in TextMergeStream::new(Parser::new_ext(source, OPTIONS)) {
        rewriter.take(event);
    }
    while rewriter.frames.len() > 1 {
        rewriter.close();
    }
    rewriter.frames.pop().map(|frame| frame.text.trim().to_owned()).unwrap_or_default()
}

struct Rewriter<'a> {
    level: usize,
    origin: &'a str,
    frames: Vec<Frame>,
    /// How many tags are open beyond the deepest frame.
    flat: usize,
    /// The rows of the table at hand; tables hold no tables.
    rows: Vec<Vec<String>>,
}

struct Frame {
    kind: Kind,
    text: String,
}

#[derive(Clone, PartialEq)]
enum Kind {
    Text,
    Paragraph,
    Heading(usize),
    Quote,
    Code(String),
    Html,
    List(Option<u64>),
    Item,
    Table,
    Row,
    Cell,
    Marked(&'static str),
    Link(String),
    Image(String),
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, text: String::new() }
    }
}

impl Rewriter<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(_) if self.frames.len() >= DEEPEST => self.flat += 1,
            Event::Start(tag) => self.open(tag),
            Event::End(_) if self.flat > 0 => {
                self.flat -= 1;
                self.write(" ");
            }
            Event::End(end) => self.end(end),
            Event::Text(text) if matches!(self.kind(), Kind::Code(_)) => self.write(&text),
            Event::Text(text) => self.write(&escaped(&text)),
            Event::Code(text) => self.write(&code(&text)),
            Event::Html(html) if *self.kind() == Kind::Html => self.write(&html),
            Event::Html(html) | Event::InlineHtml(html) => self.write(&escaped(&without_tags(&html))),
            Event::SoftBreak | Event::HardBreak => self.write(" "),
            Event::Rule => self.block("---".to_owned()),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        let kind = match tag {
            Tag::Paragraph => Kind::Paragraph,
            Tag::Heading { level, .. } => Kind::Heading(level as usize),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Kind::Code(info.split_whitespace().next().unwrap_or_default().to_owned())
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => Kind::Code(String::new()),
            Tag::HtmlBlock => Kind::Html,
            Tag::List(first) => Kind::List(first),
            Tag::Item => Kind::Item,
            Tag::Table(_) => Kind::Table,
            Tag::TableHead | Tag::TableRow => {
                self.rows.push(Vec::new());
                Kind::Row
            }
            Tag::TableCell => Kind::Cell,
            Tag::Emphasis => Kind::Marked("*"),
            Tag::Strong => Kind::Marked("**"),
            Tag::Strikethrough => Kind::Marked("~~"),
            Tag::Link { dest_url, .. } => Kind::Link(self.absolute(&dest_url)),
            Tag::Image { dest_url, .. } => Kind::Image(self.absolute(&dest_url)),
            _ => Kind::Text,
        };
        self.frames.push(Frame::new(kind));
    }

    /// The end of what a reader sees opened; the others were closed with it.
    fn end(&mut self, _: TagEnd) {
        if self.frames.len() > 1 {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(Frame { kind, text }) = self.frames.pop() else { return };
        match kind {
            Kind::Text => self.write(&text),
            Kind::Paragraph => self.block(guarded(&text)),
            Kind::Heading(level) => {
                let marks = "#".repeat((self.level + level - 1).min(6));
                self.block(format!("{marks} {}", text.trim()));
            }
            Kind::Quote => {
                let lines: Vec<String> = text.trim().lines().map(|line| format!("> {line}")).collect();
                self.block(lines.join("\n"));
            }
            Kind::Code(language) => self.block(fence(&language, &text)),
            Kind::Html => {
                let words = without_tags(&text).split_whitespace().collect::<Vec<_>>().join(" ");
                self.block(guarded(&escaped(&words)));
            }
            Kind::List(_) => self.block(text),
            Kind::Item => self.item(&text),
            Kind::Table => self.table(),
            Kind::Row => {}
            Kind::Cell => self.cell(&text),
            Kind::Marked(mark) => self.marked(mark, &text),
            Kind::Link(address) => self.write(&linked(&text, &address)),
            Kind::Image(address) => {
                let image = linked(&text, &address);
                let mark = if image.starts_with('[') && image != text { "!" } else { "" };
                self.write(&format!("{mark}{image}"));
            }
        }
    }

    fn kind(&self) -> &Kind {
        self.frames.last().map_or(&Kind::Text, |frame| &frame.kind)
    }

    fn write(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.text.push_str(text);
        }
    }

    fn block(&mut self, block: String) {
        if block.trim().is_empty() {
            return;
        }
        let in_item = *self.kind() == Kind::Item;
        if let Some(frame) = self.frames.last_mut() {
            if !frame.text.is_empty() {
                // A list within a list's item follows its words closely.
                frame.text.push_str(if in_item && block.starts_with(['-', '1']) { "\n" } else { "\n\n" });
            }
            frame.text.push_str(&block);
        }
    }

    fn item(&mut self, text: &str) {
        let text = text.trim();
        let is_words = !text.contains('\n');
        let text = if is_words { guarded_once(text) } else { text.to_owned() };
        let Some(list) = self.frames.last_mut() else { return };
        let marker = match &mut list.kind {
            Kind::List(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        if !list.text.is_empty() {
            list.text.push('\n');
        }
        list.text.push_str(&marker);
        list.text.push_str(&indented(&text, &" ".repeat(marker.len())));
    }

    fn marked(&mut self, mark: &str, text: &str) {
        let inside = text.trim();
        let is_clear = !inside.is_empty() && inside.len() == text.len();
        self.write(&if is_clear { format!("{mark}{inside}{mark}") } else { text.to_owned() });
    }

    fn cell(&mut self, text: &str) {
        let mut cell = String::with_capacity(text.len());
        for character in text.trim().chars() {
            match character {
                '|' if cell.ends_with('\\') => cell.push_str(" \\|"),
                '|' => cell.push_str("\\|"),
                '\n' => cell.push(' '),
                character => cell.push(character),
            }
        }
        if let Some(row) = self.rows.last_mut() {
            row.push(cell);
        }
    }

    fn table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        let Some((head, rows)) = rows.split_first() else { return };
        let rule = vec!["---".to_owned(); head.len()];
        let lines: Vec<String> =
            [line(head), line(&rule)].into_iter().chain(rows.iter().map(|row| line(row))).collect();
        self.block(lines.join("\n"));
    }

    fn absolute(&self, address: &str) -> String {
        let is_ours = address.starts_with('/') && !address.starts_with("//");
        if is_ours { format!("{}{address}", self.origin) } else { address.to_owned() }
    }
}

/// What begins a tight item is guarded, unless it is a block that was written already.
fn guarded_once(text: &str) -> String {
    let is_block = ["- ", "> ", "# ", "## ", "### ", "#### ", "##### ", "###### ", "| ", "---", "\\"]
        .iter()
        .any(|mark| text.starts_with(mark));
    let is_number = text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ");
    if is_block || is_number { text.to_owned() } else { guarded(text) }
}

/// The words between tags.
fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let end = if rest[at..].starts_with("<!--") { "-->" } else { ">" };
        rest = rest[at..].find(end).map_or("", |length| &rest[at + length + end.len()..]);
    }
    words.push_str(rest);
    const NAMED: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", " "), ("&amp;", "&")];
    NAMED.iter().fold(words, |words, (name, character)| words.replace(name, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_author_means_stays() {
        let source = "# One\n\nA *b* **c** `d|e` [f](/guides/f).\n\n- x\n- y\n  - z\n\n1. a\n2. b\n\n> q\n\n| h | i |\n|---|---|\n| `a\\|b` | c |\n\n```json\n{}\n```\n";
        let expected = "## One\n\nA *b* **c** `d|e` [f](https://dev.example.com/guides/f).\n\n- x\n- y\n  - z\n\n1. a\n2. b\n\n> q\n\n| h | i |\n| --- | --- |\n| `a\\|b` | c |\n\n```json\n{}\n```";
        assert_eq!(article(source, 2, "https://dev.example.com"), expected);
    }

    #[test]
    fn nothing_of_it_reaches_what_follows() {
        let hostile = [
            "```\nnever closed",
            "~~~~\nnever closed `````",
            "<!-- never closed",
            "<script>alert(1)",
            "<pre>\n\nnever closed",
            "<![CDATA[ never closed",
            "> - > - deep\n    code",
            "[a]: javascript:alert(1)\n[a]",
            "text\n===",
            "`never closed",
            "| a |\n|---|\n| b",
            "![x](javascript:alert(1))",
            "\\# no heading",
            "1\\. no list",
            "\\<script>",
        ];
        for source in hostile {
            let whole = format!("{}\n\n## After\n\n`code`\n", article(source, 3, ""));
            let events: Vec<_> = Parser::new_ext(&whole, OPTIONS).collect();
            let headings: Vec<_> = events
                .windows(2)
                .filter(|pair| {
                    matches!(&pair[0], Event::Start(Tag::Heading { level: pulldown_cmark::HeadingLevel::H2, .. }))
                })
                .map(|pair| pair[1].clone())
                .collect();
            assert_eq!(headings, [Event::Text("After".into())], "{source:?} became {whole:?}");
            let html = events.iter().any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
            assert!(!html && !whole.contains("](javascript"), "{source:?} became {whole:?}");
        }
    }

    #[test]
    fn depth_ends() {
        let deep = format!("{}x", "> ".repeat(20_000));
        assert!(article(&deep, 2, "").len() < 50_000);
    }

    proptest::proptest! {
        #[test]
        fn written_twice_it_says_the_same(source in r#"[a-z0-9`*_\[\]()<>#|~&;:!+\\="'{}. \n-]{0,80}"#) {
            let once = article(&source, 1, "");
            let html = |source: &str| {
                let events = Parser::new_ext(source, OPTIONS);
                events.filter_map(|event| match event { Event::Text(text) => Some(text.to_string()), Event::Code(text) => Some(text.to_string()), _ => None }).collect::<String>().split_whitespace().collect::<String>()
            };
            let twice = article(&once, 1, "");
            proptest::prop_assert_eq!(html(&once), html(&twice), "{:?} → {:?}", &once, &twice);
            let has_html = Parser::new_ext(&once, OPTIONS).any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
            proptest::prop_assert!(!has_html, "{:?} → {:?}", &source, &once);
        }
    }
}
