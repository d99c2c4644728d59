//! Which API and version a page is about, and what has to be said about that version.

use std::sync::Arc;

use leptos::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::{
    Api, Origin, State, Version, Viewer,
    admin::{day, draft_path},
    document::Document,
    model::{Operation, Schema},
    navigation::TagEntry,
};
use crate::{
    config::BaseUrl,
    portal::Portal,
    ui::{Badge, Callout, Link, Tone},
    web::{Error, Result},
};

/// What stands as it is in a part of an address.
pub(super) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A version of an API, and where its pages are.
#[derive(Clone)]
pub(in super::super) struct Place {
    pub api: Arc<Api>,
    pub version: Arc<Version>,
    /// Where its calls go.
    pub calls: String,
    /// Which moment of what is published it was found in.
    pub edition: u64,
}

impl Place {
    /// The version of that name, if it is published.
    pub fn find(portal: &Portal, viewer: Viewer, api: &str, version: &str) -> Result<Self> {
        let published = portal.catalogue.visible_to(viewer);
        let (api, version) = published.find(api, version).ok_or_else(Error::not_found)?;
        Ok(Self::of(api, version, &portal.config.base_url, published.edition))
    }

    /// The newest stable version.
    pub fn newest(portal: &Portal, viewer: Viewer, api: &str) -> Result<Self> {
        let published = portal.catalogue.visible_to(viewer);
        let api = published.find_api(api).ok_or_else(Error::not_found)?;
        let version = Arc::clone(api.newest_stable());
        Ok(Self::of(api, version, &portal.config.base_url, published.edition))
    }

    /// That version, as it is in an edition of what is published.
    pub fn of(api: Arc<Api>, version: Arc<Version>, portal: &BaseUrl, edition: u64) -> Self {
        let calls = api.base_url(&version, portal);
        Self { api, version, calls, edition }
    }

    pub fn document(&self) -> &Document {
        &self.version.document
    }

    /// The path of the overview.
    pub fn path(&self) -> String {
        path_of(&self.api, &self.version)
    }

    pub fn below(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path())
    }

    pub fn operation_path(&self, operation: &Operation) -> String {
        self.below(&format!("operations/{}", operation.id))
    }

    /// The page of a component, if the schema is one.
    pub fn schema_path(&self, schema: &Schema) -> Option<String> {
        let name = schema.name()?;
        let named = self.document().schemas().iter().find(|named| named.name == name)?;
        Some(self.below(&format!("schemas/{}", named.id)))
    }

    /// Where a tag's operations are listed.
    pub fn tag_path(&self, tag: &TagEntry) -> String {
        match self.version.navigation().is_short() {
            true => format!("{}#{}", self.path(), tag.anchor),
            false => format!("{}?tag={}", self.path(), utf8_percent_encode(&tag.name, ESCAPED)),
        }
    }

    /// The API and its version, for the title of a page in a list of tabs.
    pub fn title(&self, part: &str) -> String {
        format!("{part} · {} {}", self.api.name, self.version.name)
    }

    /// The trail to a page below the overview.
    pub fn trail(&self) -> Vec<Link> {
        vec![Link::new("/docs", "Docs"), Link::new(self.path(), &self.api.name)]
    }

    pub fn is_own(&self) -> bool {
        self.api.origin == Origin::Own
    }

    /// The version's name and state.
    pub fn version_badges(&self) -> impl IntoView + use<> {
        let (tone, word) = match self.version.state {
            State::Stable => (Tone::Ok, "Stable"),
            State::Beta => (Tone::Plan, "Beta"),
            State::Deprecated => (Tone::Warn, "Deprecated"),
            State::Retired => (Tone::Bad, "Retired"),
        };
        let name = self.version.name.clone();
        view! { <Badge>{name}</Badge><Badge tone>{word}</Badge> }
    }

    /// Tells readers of another version than the one to build on where the same thing is in that one.
    pub fn banner(&self, there: Link) -> Option<AnyView> {
        if self.version.is_draft() {
            return Some(self.draft_banner());
        }
        let newest = self.api.newest_stable();
        let (own, best) = (&self.version.name, &newest.name);
        let is_newest = Arc::ptr_eq(newest, &self.version);
        let (tone, title, text) = match (self.version.state, self.version.sunset_on) {
            (State::Deprecated, Some(date)) => {
                (Tone::Warn, format!("Version {own} is deprecated and ends on {}", day(date)), "It works until then.")
            }
            (State::Deprecated, None) => {
                (Tone::Warn, format!("Version {own} is deprecated"), "It works, and its end is not set yet.")
            }
            (State::Retired, _) => (Tone::Bad, format!("Version {own} is retired"), "Calls to it no longer work."),
            (State::Beta, _) if !is_newest => {
                (Tone::Plan, format!("Version {own} is a preview"), "It may still change; do not build on it yet.")
            }
            (State::Stable, _) if !is_newest => {
                (Tone::Plain, format!("There is a newer version, {best}"), "This one works as before.")
            }
            _ => return None,
        };
        let link = (!is_newest).then(|| view! { " "<a href=there.href>{there.label}</a>"." });
        Some(view! { <Callout tone title><p>{text}{link}</p></Callout> }.into_any())
    }

    /// Tells staff that partners do not see what they see.
    fn draft_banner(&self) -> AnyView {
        let (slug, name) = (&self.api.slug, self.version.stated_name());
        let (href, title) = (draft_path(slug, name), format!("Draft of version {name}: only staff see this"));
        view! {
            <Callout tone=Tone::Plan title>
                <p>"These are the pages as partners will see them. "<a href=href>"Back to publishing it"</a>"."</p>
            </Callout>
        }
        .into_any()
    }

    /// The same operation in another version, else that version's overview.
    pub fn operation_in(&self, other: &Version, operation: &Operation) -> Link {
        match counterpart(&other.document, operation) {
            Some(counterpart) => {
                let path = format!("{}/operations/{}", path_of(&self.api, other), counterpart.id);
                Link::new(path, format!("See this operation in {}", other.name))
            }
            None => {
                let label = format!("This operation is not in {}: go to its overview", other.name);
                Link { label, ..self.overview_of(other) }
            }
        }
    }

    /// The overview of another version.
    pub fn overview_of(&self, other: &Version) -> Link {
        Link::new(path_of(&self.api, other), format!("Go to version {}", other.name))
    }
}

/// The operation of the same id, else of the same method and path.
fn counterpart<'d>(document: &'d Document, operation: &Operation) -> Option<&'d Operation> {
    let same_call = |other: &&Operation| other.method == operation.method && other.path == operation.path;
    document.operation(&operation.id).or_else(|| document.operations().iter().find(same_call))
}

fn path_of(api: &Api, version: &Version) -> String {
    format!("/docs/{}/{}", api.slug, version.name)
}
