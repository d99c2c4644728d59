//! Markdown of guides and API documents, as HTML that cannot run: CommonMark with tables, struck-out text and lists
//! of tasks.
//!
//! Markdown itself is written by us, with every address checked; HTML that stands in it is cleaned from a list of what
//! is allowed. Headings are moved below those of the page, so that it keeps its one `<h1>` and skips no level.

mod cleaner;
pub mod text;
mod writer;

use pulldown_cmark::{Event, Options, Parser, TagEnd, html};

use self::writer::{Purity, Writer};

const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH).union(Options::ENABLE_TASKLISTS);
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// What becomes of headings.
#[derive(Clone, Copy, Debug)]
pub enum Headings<'a> {
    /// They start at a level, and their ids start with a prefix that nothing else on the page has.
    From {
        /// 2 to 6.
        level: u8,
        /// Such as `about-`; may be empty.
        prefix: &'a str,
    },
    /// They are bold lines, for a text inside of a list.
    Bold,
}

/// A text as HTML, with its headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// For the inside of `<div class="prose">`.
    pub html: String,
    /// The headings in their order.
    pub outline: Vec<Heading>,
}

/// A heading of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Its id, unique in the text.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// Renders a text.
pub fn render(source: &str, headings: Headings<'_>) -> Rendered {
    let mut writer = Writer::new(headings);
    for event in Parser::new_ext(source, OPTIONS) {
        writer.take(event);
    }
    let mut html = String::with_capacity(source.len() + source.len() / 2);
    html::push_html(&mut html, writer.events.into_iter());
    if writer.purity == Purity::Mixed {
        html = cleaner::clean(&html);
    }
    Rendered { html, outline: writer.outline }
}

/// The words of a text without their marks, at most `longest` characters, cut at a word.
pub fn plain(source: &str, longest: usize) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(source, OPTIONS) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => {
                words.push(' ');
            }
            _ => {}
        }
        if words.len() > longest * 4 {
            break;
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(longest) {
        None => words,
        Some((end, _)) => {
            let cut = words[..end].rfind(' ').unwrap_or(end);
            format!("{}…", words[..cut].trim_end_matches([',', ';', ':', '.']))
        }
    }
}

/// A text as part of an id: lower case words between hyphens.
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric() => slug.extend(c.to_lowercase()),
            _ if slug.is_empty() || slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Whether an address leads out of the portal.
pub fn is_external(address: &str) -> bool {
    address.starts_with("//") || scheme(address).is_some()
}

/// Whether following an address runs nothing.
pub fn is_safe(address: &str) -> bool {
    scheme(address).is_none_or(|scheme| SCHEMES.contains(&scheme.as_str()))
}

/// The scheme as a browser finds it, which skips what cannot be seen.
fn scheme(address: &str) -> Option<String> {
    let seen: String = address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let (scheme, _) = seen.split_once(':')?;
    (!scheme.contains(['/', '?', '#'])).then(|| scheme.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(source: &str) -> String {
        render(source, Headings::From { level: 2, prefix: "" }).html
    }

    #[test]
    fn a_hostile_text_does_not_run() {
        let hostile = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)><script>alert(1)</script></svg>",
            "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
            "[x](javascript:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](JaVaScRiPt:alert(1) \"t\")",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:msgbox(1))",
            "![x](javascript:alert(1))",
            "![x](data:image/svg+xml;base64,PHN2Zz4=)",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\" &#14; javascript:alert(1)\">x</a>",
            "<javascript:alert(1)>",
            "<p style=\"position:fixed;inset:0\">over everything</p>",
            "<style>body{display:none}</style>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<object data=\"data:text/html,x\"></object><embed src=x>",
            "<form action=\"/admin/settings\" method=\"post\"><button>Win</button></form>",
            "<base href=\"https://evil.example/\">",
            "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<div id=\"main\" class=\"topbar\" data-theme=\"dark\">x</div>",
            "<details open ontoggle=alert(1)>x</details>",
            "```html\n</code></pre><script>alert(1)</script>\n```",
            "# <img src=x onerror=alert(1)>",
            "| <script>alert(1)</script> |\n|---|\n| <b onmouseover=alert(1)>x</b> |",
            "<h2 id=x onclick=alert(1)>x</h2",
            "[x]: javascript:alert(1)\n\n[x]",
            "[\"onmouseover=alert(1) x](\"onmouseover=alert(1))",
            "[x](/ \"\\\" onmouseover=alert(1) \")",
        ];
        for source in hostile {
            let html = html(source);
            // Nothing but what this module writes or allows may be left as markup.
            for tag in tags_of(&html) {
                assert!(is_harmless(&tag), "{source:?} left {tag:?} in {html}");
            }
        }
    }

    #[test]
    fn headings_stay_below_the_page_and_skip_no_level() {
        let rendered = render("### A\n\n# B\n\n### C\n\n### C", Headings::From { level: 2, prefix: "about-" });
        let found: Vec<_> = rendered.outline.iter().map(|heading| (heading.level, heading.id.as_str())).collect();
        assert_eq!(found, [(2, "about-a"), (2, "about-b"), (3, "about-c"), (3, "about-c-2")]);
        assert!(rendered.html.contains("<h3 id=\"about-c-2\">C</h3>"), "{}", rendered.html);
        assert_eq!(render("# *A*", Headings::Bold).html.trim(), "<p><strong><em>A</em></strong></p>");
        assert!(!html("<h1>Mine</h1>").contains("<h1"));
    }

    #[test]
    fn what_scrolls_can_be_reached_by_keyboard() {
        assert!(html("```json\n{\"a\": 1}\n```").starts_with("<pre tabindex=\"0\"><code>{<span class=\"n\">"));
        let own = html("|a|\n|-|\n|b|");
        assert!(
            own.contains("<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>"),
            "{own}"
        );
        let raw = html("<table><tr><td>x</td></tr></table>");
        assert!(raw.contains("tabindex=\"0\"") && raw.contains("<td>x</td>"), "{raw}");
    }

    #[test]
    fn columns_are_aligned_without_a_style() {
        let plain = html("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|");
        assert!(plain.contains("<th>a</th><th class=\"center\">b</th><th class=\"right\">c</th>"), "{plain}");
        assert!(plain.contains("<td>1</td><td class=\"center\">2</td><td class=\"right\">3</td>"), "{plain}");
        let mixed = html("|a <kbd>x</kbd>|\n|-:|\n|1|");
        assert!(mixed.contains("<td class=\"right\">1</td>"), "{mixed}");
    }

    #[test]
    fn only_links_that_lead_out_are_marked_so() {
        assert_eq!(html("[a](/guides/a)"), "<p><a href=\"/guides/a\">a</a></p>\n");
        assert!(html("[a](https://example.com)").contains("rel=\"noopener nofollow\""));
        assert!(html("[a](//example.com)").contains("rel=\"noopener nofollow\""));
        assert!(html("<a href=\"https://example.com\">a</a>").contains("rel=\"noopener nofollow\""));
        assert!(html("<me@example.com>").contains("href=\"mailto:me@example.com\""));
    }

    #[test]
    fn an_image_from_elsewhere_becomes_a_link_to_it() {
        assert!(html("![A chart](https://example.com/a.png)").contains(">A chart</a>"));
        assert!(html("![](https://example.com/a.png)").contains(">Image</a>"));
        assert!(html("[![Build](https://ci.example/b.svg)](https://ci.example)").contains("\">Build</a></p>"));
        assert!(html("![A chart](/chart.png)").contains("<img src=\"/chart.png\" alt=\"A chart\""));
    }

    #[test]
    fn harmless_html_of_the_author_stays() {
        let html = html("Press <kbd>K</kbd>.\n\n<details><summary>More</summary>\n\n**Bold**\n\n</details>");
        assert!(html.contains("<kbd>K</kbd>") && html.contains("<summary>More</summary>"), "{html}");
        assert!(html.contains("<strong>Bold</strong>"), "{html}");
    }

    #[test]
    fn tasks_are_marked_done_or_open() {
        let html = html("- [x] Sign\n- [ ] Send");
        assert!(html.contains("<li>☑ Sign</li>") && html.contains("<li>☐ Send</li>"), "{html}");
    }

    #[test]
    fn a_summary_is_words_cut_at_a_word() {
        assert_eq!(plain("A **bold** [link](/x).\n\nNext `code`", 80), "A bold link. Next code");
        assert_eq!(plain("one two, three", 9), "one two…");
        assert_eq!(plain("", 9), "");
    }

    #[test]
    fn an_id_is_words_between_hyphens() {
        assert_eq!(slug("1. Get a key!"), "1-get-a-key");
        assert_eq!(slug("Änderung & Ende"), "änderung-ende");
        assert_eq!(slug("?!"), "");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_nothing_runs(source in r#"[<>a-z"'=/ \n!\[\]()#:&;`|-]{0,120}"#) {
            let html = render(&source, Headings::From { level: 2, prefix: "" }).html;
            for tag in tags_of(&html) {
                proptest::prop_assert!(is_harmless(&tag), "{:?} left {:?}", source, tag);
            }
        }
    }

    /// The tags of a piece of HTML as a browser would see them.
    fn tags_of(html: &str) -> Vec<String> {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            rest = &rest[at..];
            let mut quoted = false;
            let end = rest.find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            });
            let end = end.map_or(rest.len(), |end| end + 1);
            tags.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        tags
    }

    fn is_harmless(tag: &str) -> bool {
        const FORBIDDEN: [&str; 14] = [
            "script", "style", "svg", "math", "iframe", "object", "embed", "form", "button", "base", "meta", "input",
            "h1", "link",
        ];
        let name = tag.trim_start_matches(['<', '/']);
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        let mut outside = String::new();
        let mut addresses = Vec::new();
        for (index, part) in tag.split('"').enumerate() {
            match index % 2 {
                0 => outside.push_str(part),
                _ if outside.ends_with("href=") || outside.ends_with("src=") => {
                    addresses.push(part.replace("&amp;", "&"))
                }
                _ => {}
            }
        }
        let attributes = outside.split_whitespace().skip(1);
        let names: Vec<_> =
            attributes.map(|part| part.split('=').next().unwrap_or_default().to_ascii_lowercase()).collect();
        !FORBIDDEN.contains(&name.as_str())
            && names.iter().all(|name| !name.starts_with("on") && name != "style" && !name.starts_with("data-"))
            && addresses.iter().all(|address| is_safe(address))
    }
}
