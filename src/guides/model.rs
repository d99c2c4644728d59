//! What a guide is, and how the guides are ordered.

use std::{io::ErrorKind, path::Path, sync::Arc};

use anyhow::Context;
use serde::Deserialize;

use crate::{
    config::BaseUrl,
    markdown::{self, Heading, Headings, Rendered, text::plain},
    ui::Link,
};

const FENCE: &str = "+++";

/// Every guide, in the order of the menu.
#[derive(Clone, Debug, Default)]
pub struct Guides(Arc<Vec<Guide>>);

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Its name in addresses: the file's name.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// One sentence about it.
    pub summary: String,
    /// The heading under which the menu has it.
    pub section: String,
    /// The text as its author wrote it.
    pub text: String,
    /// The text as HTML.
    pub html: String,
    /// The headings of the text.
    pub outline: Vec<Heading>,
    order: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    order: i64,
    #[serde(default = "first_section")]
    section: String,
}

fn first_section() -> String {
    "Guides".to_owned()
}

impl Guides {
    /// Reads `guides/*.md` of the content directory; without that folder there are none.
    pub fn load(content: &Path, base_url: &BaseUrl) -> anyhow::Result<Self> {
        let folder = content.join("guides");
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            entries => entries.with_context(|| format!("{} cannot be read", folder.display()))?,
        };
        let mut guides = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("{} cannot be read", folder.display()))?.path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let guide =
                    read(&path, base_url).with_context(|| format!("the guide {} cannot be read", path.display()))?;
                guides.push(guide);
            }
        }
        Ok(Self::of(guides))
    }

    fn of(mut guides: Vec<Guide>) -> Self {
        guides.sort_by(|a, b| (a.order, &a.slug).cmp(&(b.order, &b.slug)));
        Self(Arc::new(guides))
    }

    /// All of them, in the order of reading.
    pub fn all(&self) -> &[Guide] {
        &self.0
    }

    /// One by its name in addresses.
    pub fn find(&self, slug: &str) -> Option<&Guide> {
        self.0.iter().find(|guide| guide.slug == slug)
    }

    /// A link to each.
    pub fn links(&self) -> Vec<Link> {
        self.0.iter().map(Guide::link).collect()
    }

    /// The sections in the order of their first guides, each with its guides.
    pub fn sections(&self) -> Vec<(&str, Vec<&Guide>)> {
        let mut sections: Vec<(&str, Vec<&Guide>)> = Vec::new();
        for guide in self.all() {
            match sections.iter_mut().find(|(name, _)| *name == guide.section) {
                Some((_, guides)) => guides.push(guide),
                None => sections.push((&guide.section, vec![guide])),
            }
        }
        sections
    }

    /// The guides before and after one, in the order of the menu.
    pub fn neighbours(&self, guide: &Guide) -> (Option<Link>, Option<Link>) {
        let order: Vec<&Guide> = self.sections().into_iter().flat_map(|(_, guides)| guides).collect();
        let Some(at) = order.iter().position(|other| other.slug == guide.slug) else { return (None, None) };
        let before = at.checked_sub(1).and_then(|at| order.get(at));
        (before.map(|guide| guide.link()), order.get(at + 1).map(|guide| guide.link()))
    }
}

impl Guide {
    /// Where it is.
    pub fn path(&self) -> String {
        format!("/guides/{}", self.slug)
    }

    /// The whole page as Markdown.
    pub fn markdown(&self) -> String {
        let lead = if self.summary.is_empty() { String::new() } else { format!("> {}\n\n", plain(&self.summary)) };
        format!("# {}\n\n{lead}{}\n", plain(&self.title), self.text.trim())
    }

    fn link(&self) -> Link {
        Link::new(self.path(), &self.title)
    }

    fn parse(slug: &str, source: &str, base_url: &BaseUrl) -> anyhow::Result<Self> {
        let source = source.replace("\r\n", "\n");
        let (front, text) = split(&source).context("it does not start with front matter between two lines of +++")?;
        let FrontMatter { title, summary, order, section } =
            toml::from_str(front).context("its front matter is wrong")?;
        let text = text.replace("{{base_url}}", base_url.as_str());
        let Rendered { html, outline } = markdown::render(&text, Headings::From { level: 2, prefix: "" });
        Ok(Self { slug: slug.to_owned(), title, summary, section, text, html, outline, order })
    }
}

fn read(path: &Path, base_url: &BaseUrl) -> anyhow::Result<Guide> {
    let slug = path.file_stem().and_then(|stem| stem.to_str()).context("its name is not UTF-8")?;
    let is_plain = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    anyhow::ensure!(is_plain, "its name may have lowercase letters, digits and hyphens only: it is its address");
    Guide::parse(slug, &std::fs::read_to_string(path)?, base_url)
}

fn split(source: &str) -> Option<(&str, &str)> {
    let rest = source.trim_start_matches('\u{FEFF}').strip_prefix(FENCE)?.strip_prefix('\n')?;
    let (front, text) = rest.split_once("\n+++\n").or_else(|| Some((rest.strip_suffix("\n+++")?, "")))?;
    Some((front, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base_url() -> BaseUrl {
        BaseUrl::parse("https://dev.example.com").unwrap()
    }

    fn guide(slug: &str, order: i64, section: &str) -> Guide {
        let source = format!("+++\ntitle = \"{slug}\"\norder = {order}\nsection = \"{section}\"\n+++\nText\n");
        Guide::parse(slug, &source, &base_url()).unwrap()
    }

    #[test]
    fn a_guide_has_front_matter_and_text() {
        let source = "+++\ntitle = \"Start\"\nsummary = \"First.\"\n+++\n\n## One\n\nAt {{base_url}}/sandbox.\n";
        let guide = Guide::parse("start", source, &base_url()).unwrap();
        assert_eq!((guide.title.as_str(), guide.section.as_str()), ("Start", "Guides"));
        assert!(guide.html.contains("At https://dev.example.com/sandbox."), "{}", guide.html);
        assert_eq!(guide.outline[0].id, "one");
    }

    #[test]
    fn a_guide_that_cannot_be_read_says_why() {
        let without = Guide::parse("x", "# Title\n", &base_url()).unwrap_err();
        assert!(without.to_string().contains("front matter"));
        let wrong = Guide::parse("x", "+++\ntitel = \"x\"\n+++\n", &base_url()).unwrap_err();
        assert!(format!("{wrong:#}").contains("titel"), "{wrong:#}");
    }

    #[test]
    fn neighbours_follow_the_menu_across_sections() {
        let guides = Guides::of(vec![guide("d", 4, "Start"), guide("b", 2, "Operate"), guide("a", 1, "Start")]);
        let order: Vec<_> = guides.sections().into_iter().map(|(name, guides)| (name, guides.len())).collect();
        assert_eq!(order, [("Start", 2), ("Operate", 1)]);
        let (before, after) = guides.neighbours(guides.find("d").unwrap());
        assert_eq!(before.unwrap().href, "/guides/a");
        assert_eq!(after.unwrap().href, "/guides/b");
    }

    #[test]
    fn the_guides_of_the_demo_can_be_read() {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        let guides = Guides::load(&content, &base_url()).unwrap();
        assert!(guides.find("quickstart").is_some_and(|guide| guide.html.contains("https://dev.example.com/sandbox/")));
        assert!(guides.all().iter().all(|guide| !guide.html.contains("{{")));
    }

    #[test]
    fn without_a_folder_there_are_no_guides() {
        assert!(Guides::load(Path::new("/nonexistent"), &base_url()).unwrap().all().is_empty());
    }
}
