//! Writes a text's events as HTML of ours.

use std::borrow::Cow;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::{
    Heading, Headings,
    cleaner::{REL, TABLE_OPENS, tamed},
    is_external, is_safe, slug,
};
use crate::{
    name::Unique,
    ui::{Language, escaped, highlighted},
};

const LOWEST_HEADING: u8 = 6;

/// Whether the text has HTML of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purity {
    Markdown,
    Mixed,
}

/// Collects the events of a text, those that we write ourselves as HTML.
pub(super) struct Writer<'a, 'h> {
    pub events: Vec<Event<'a>>,
    headings: Headings<'h>,
    pub outline: Vec<Heading>,
    ids: Unique,
    above: Vec<u8>,
    open_heading: Option<OpenHeading>,
    open_code: Option<(Language, String)>,
    links: Vec<Linked>,
    table: Table,
    pub purity: Purity,
}

struct OpenHeading {
    at: usize,
    level: u8,
    text: String,
}

/// Where in a table the text is.
#[derive(Default)]
struct Table {
    columns: Vec<Alignment>,
    cell: &'static str,
    column: usize,
}

/// What a link or an image of the text became.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Linked {
    Link,
    ImageLink { words_from: usize },
    Image,
    Nothing,
}

impl<'a, 'h> Writer<'a, 'h> {
    pub fn new(headings: Headings<'h>) -> Self {
        Self {
            events: Vec::new(),
            headings,
            outline: Vec::new(),
            ids: Unique::default(),
            above: Vec::new(),
            open_heading: None,
            open_code: None,
            links: Vec::new(),
            table: Table::default(),
            purity: Purity::Markdown,
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.open_heading(level as u8),
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            Event::Start(Tag::CodeBlock(kind)) => self.open_code = Some((language(&kind), String::new())),
            Event::End(TagEnd::CodeBlock) => self.close_code(),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => self.open_link(link_type, &dest_url, &title),
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                self.open_image(Tag::Image { link_type, dest_url, title, id });
            }
            Event::End(TagEnd::Link) => self.close_link(),
            Event::End(TagEnd::Image) => self.close_link(),
            Event::Start(Tag::Table(columns)) => {
                self.raw(TABLE_OPENS);
                self.events.push(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])));
                self.table = Table { columns, ..Table::default() };
            }
            Event::Start(Tag::TableHead) => {
                self.table.cell = "th";
                self.events.push(event);
            }
            Event::Start(Tag::TableRow) => {
                self.table.cell = "td";
                self.table.column = 0;
                self.events.push(event);
            }
            Event::Start(Tag::TableCell) => self.open_cell(),
            Event::End(TagEnd::Table) => {
                self.events.push(Event::End(TagEnd::Table));
                self.raw("</div>");
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                self.purity = Purity::Mixed;
                self.raw(tamed(&html));
            }
            Event::TaskListMarker(done) => self.text(if done { "☑ ".into() } else { "☐ ".into() }),
            Event::Text(text) => self.text(text),
            event => {
                if let (Event::Code(text), Some(heading)) = (&event, &mut self.open_heading) {
                    heading.text.push_str(text);
                }
                self.events.push(event);
            }
        }
    }

    fn raw(&mut self, html: impl Into<Cow<'static, str>>) {
        self.events.push(Event::InlineHtml(html.into().into()));
    }

    fn text(&mut self, text: CowStr<'a>) {
        if let Some((_, code)) = &mut self.open_code {
            code.push_str(&text);
            return;
        }
        if let Some(heading) = &mut self.open_heading {
            heading.text.push_str(&text);
        }
        self.events.push(Event::Text(text));
    }

    /// Aligned by a class: the styles that pulldown-cmark writes are refused by the policy of pages.
    fn open_cell(&mut self) {
        let name = self.table.cell;
        let class = match self.table.columns.get(self.table.column) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        self.table.column += 1;
        self.raw(format!("<{name}{class}>"));
    }

    fn open_heading(&mut self, level: u8) {
        self.open_heading = Some(OpenHeading { at: self.events.len(), level, text: String::new() });
        self.raw("");
    }

    fn close_heading(&mut self) {
        let Some(OpenHeading { at, level, text }) = self.open_heading.take() else { return };
        let Headings::From { level: first, prefix } = self.headings else {
            self.events[at] = Event::InlineHtml("<p><strong>".into());
            return self.raw("</strong></p>\n");
        };
        self.above.retain(|above| *above < level);
        let shown = (first + self.above.len() as u8).min(LOWEST_HEADING);
        self.above.push(level);
        let wanted = format!("{prefix}{}", slug(&text));
        let id = self.ids.claim(if wanted.is_empty() { "section" } else { &wanted }, '-');
        self.events[at] = Event::InlineHtml(format!("<h{shown} id=\"{}\">", escaped(&id)).into());
        self.raw(format!("</h{shown}>\n"));
        self.outline.push(Heading { level: shown, id, text: text.trim().to_owned() });
    }

    fn close_code(&mut self) {
        let Some((language, code)) = self.open_code.take() else { return };
        let code = highlighted(&code, language);
        self.raw(format!("<pre tabindex=\"0\"><code>{code}</code></pre>\n"));
    }

    fn open_link(&mut self, kind: LinkType, address: &str, title: &str) {
        let address = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_owned() };
        if !is_safe(&address) {
            return self.links.push(Linked::Nothing);
        }
        self.anchor(&address, title);
        self.links.push(Linked::Link);
    }

    /// The policy of pages loads no image from elsewhere, so such an image becomes a link to it.
    fn open_image(&mut self, tag: Tag<'a>) {
        let Tag::Image { dest_url, title, .. } = &tag else { return };
        if is_safe(dest_url) && !is_external(dest_url) {
            self.events.push(Event::Start(tag));
            return self.links.push(Linked::Image);
        }
        if !is_safe(dest_url) || self.links.contains(&Linked::Link) {
            return self.links.push(Linked::Nothing);
        }
        self.anchor(dest_url, title);
        self.links.push(Linked::ImageLink { words_from: self.events.len() });
    }

    fn anchor(&mut self, address: &str, title: &str) {
        let rel = if is_external(address) { format!(" rel=\"{REL}\"") } else { String::new() };
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", escaped(title)) };
        self.raw(format!("<a href=\"{}\"{rel}{title}>", escaped(address)));
    }

    fn close_link(&mut self) {
        match self.links.pop() {
            Some(Linked::Link) => self.raw("</a>"),
            Some(Linked::ImageLink { words_from }) => {
                let words = if self.events.len() == words_from { "Image</a>" } else { "</a>" };
                self.raw(words);
            }
            Some(Linked::Image) => self.events.push(Event::End(TagEnd::Image)),
            Some(Linked::Nothing) | None => {}
        }
    }
}

fn language(kind: &CodeBlockKind<'_>) -> Language {
    match kind {
        CodeBlockKind::Fenced(name) => Language::named(name),
        CodeBlockKind::Indented => Language::Plain,
    }
}
