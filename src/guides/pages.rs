//! The list of guides, and each guide with the menu of all.

use axum::{http::HeaderMap, response::Response};
use leptos::prelude::*;

use super::{Guide, Guides};
use crate::{
    islands::CopyPage,
    markdown::{
        Heading,
        text::{item, link, plain},
    },
    portal::Portal,
    ui::{Empty, Glyph, Jump, Link, LinkButton, Menu, MenuGroup, MenuItem, Opening, PageTitle, Pager, Section},
    web::{Access, Error, Page, Path, Result, Routes, markdown, wants_markdown},
};

/// With fewer sections a table of contents says nothing that is not in view.
const WORTH_A_TABLE: usize = 3;

/// `/guides` and below.
pub fn routes() -> Routes {
    Routes::new().get("/guides", Access::Public, index).get("/guides.md", Access::Public, list).get(
        "/guides/{slug}",
        Access::Public,
        show,
    )
}

async fn index(portal: Portal, headers: HeaderMap, page: Page) -> Response {
    if wants_markdown(&headers) {
        return list(portal, headers).await;
    }
    let guides = portal.guides.clone();
    let side = portal.guides.clone();
    page.in_markdown()
        .description("How to do the common things, step by step.")
        .side(move || menu(&side, "/guides"))
        .render("Guides", move || {
            view! {
                <PageTitle title="Guides" lead="How to do the common things, step by step."/>
                <GuideLists guides/>
            }
        })
        .await
}

/// The list as Markdown.
async fn list(portal: Portal, headers: HeaderMap) -> Response {
    let line = |guide: &Guide| {
        item(&format!("{}: {}", link(&guide.title, &format!("{}.md", guide.path())), plain(&guide.summary)))
    };
    let sections = portal.guides.sections().into_iter().map(|(name, guides)| {
        let lines: Vec<String> = guides.into_iter().map(line).collect();
        format!("## {}\n\n{}\n", plain(name), lines.join("\n"))
    });
    let sections: Vec<String> = sections.collect();
    markdown(&headers, format!("# Guides\n\n{}", sections.join("\n")))
}

async fn show(portal: Portal, Path(slug): Path<String>, headers: HeaderMap, page: Page) -> Result<Response> {
    // A guide's name has no dot.
    let named = slug.strip_suffix(".md");
    let guide = portal.guides.find(named.unwrap_or(&slug)).ok_or_else(Error::not_found)?.clone();
    if named.is_some() || wants_markdown(&headers) {
        return Ok(markdown(&headers, guide.markdown()));
    }
    let (before, after) = portal.guides.neighbours(&guide);
    let side = portal.guides.clone();
    let path = guide.path();
    let title = guide.title.clone();
    let shown = page.in_markdown().description(guide.summary.clone()).side(move || menu(&side, &path)).render(
        title,
        move || {
            view! {
                <article class="guide flow">
                    <GuideTitle guide=guide.clone()/>
                    <div class="prose" inner_html=guide.html></div>
                    <Pager before after/>
                </article>
            }
        },
    );
    Ok(shown.await)
}

#[component]
fn GuideTitle(guide: Guide) -> impl IntoView {
    let sections: Vec<Link> = top_level(&guide.outline);
    let trail = vec![Link::new("/guides", "Guides")];
    let text = format!("{}.md", guide.path());
    let text = view! {
        <a class="note" href=text.clone()>"View as Markdown"</a>
        <CopyPage text/>
    }
    .into_any();
    view! {
        <PageTitle title=guide.title trail badges=text lead=Some(guide.summary).filter(|summary| !summary.is_empty())>
            {(sections.len() >= WORTH_A_TABLE).then(|| view! { <Jump sections/> })}
        </PageTitle>
    }
}

#[component]
fn GuideLists(guides: Guides) -> impl IntoView {
    if guides.all().is_empty() {
        return view! {
            <Empty
                icon=Glyph::Book
                title="No guides yet"
                text="A guide is a Markdown file in content/guides; it appears here when the portal starts."
            >
                <LinkButton href="/docs">"Read the reference"</LinkButton>
            </Empty>
        }
        .into_any();
    }
    let sections = guides.sections().into_iter().map(|(name, guides)| {
        let rows = guides.into_iter().map(|guide| {
            view! {
                <li>
                    <h3><a href=guide.path()>{guide.title.clone()}</a></h3>
                    <p>{guide.summary.clone()}</p>
                </li>
            }
        });
        let rows = rows.collect_view();
        view! { <Section title=name.to_owned()><ul class="cards">{rows}</ul></Section> }
    });
    sections.collect_view().into_any()
}

fn menu(guides: &Guides, current: &str) -> impl IntoView + use<> {
    let groups = guides.sections().into_iter().map(|(name, guides)| MenuGroup {
        heading: name.to_owned(),
        items: guides.into_iter().map(|guide| MenuItem::new(guide.path(), &guide.title)).collect(),
        opening: Opening::Open,
    });
    let groups: Vec<_> = groups.collect();
    let items = vec![MenuItem::new("/guides", "All guides")];
    view! { <Menu label="Guides" heading="Guides" current=current.to_owned() items groups/> }
}

fn top_level(outline: &[Heading]) -> Vec<Link> {
    let top = outline.iter().filter(|heading| heading.level == 2);
    top.map(|heading| Link::new(format!("#{}", heading.id), &heading.text)).collect()
}
