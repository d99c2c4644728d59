//! An operation that can be called from here, for the features that build on its page.

use leptos::prelude::*;

use super::{
    super::{Version, Viewer, document::Document, model::Operation},
    Place,
    operation::side_menu,
};
use crate::{
    islands::Console,
    portal::Portal,
    ui::{Link, Section},
    web::{Error, Result},
};

/// The way to the form that tries an operation. It says nothing about who is looking: the form does.
pub(super) fn section(place: &Place, operation: &Operation) -> Option<impl IntoView + use<>> {
    let href = format!("{}/calls/new", place.operation_path(operation));
    (!place.is_own()).then(|| {
        view! {
            <Section title="Try it" id="try">
                <Console>
                    <p>"Fill in the call, see it as a "<code>"curl"</code>" line, send it and read the answer."</p>
                    <a class="button" href=href data-opens>"Try it"</a>
                </Console>
            </Section>
        }
    })
}

/// An operation of an imported API: calls of the portal's own API are real, and are not made from a page about them.
#[derive(Clone)]
pub struct Callable {
    place: Place,
    at: usize,
}

impl Callable {
    /// The operation of these names in addresses, if the viewer may see it.
    pub fn find(portal: &Portal, viewer: Viewer, (api, version, id): (&str, &str, &str)) -> Result<Self> {
        let place = Place::find(portal, viewer, api, version)?;
        let mut operations = place.document().operations().iter();
        let at = operations.position(|operation| operation.id == id).filter(|_| !place.is_own());
        Ok(Self { at: at.ok_or_else(Error::not_found)?, place })
    }

    /// The name of the API in addresses.
    pub fn api(&self) -> &str {
        &self.place.api.slug
    }

    /// The version that it belongs to.
    pub fn version(&self) -> &Version {
        &self.place.version
    }

    /// The document that describes it.
    pub fn document(&self) -> &Document {
        self.place.document()
    }

    /// The operation.
    pub fn operation(&self) -> &Operation {
        &self.document().operations()[self.at]
    }

    /// The base address of the sandbox.
    pub fn sandbox(&self) -> &str {
        &self.place.calls
    }

    /// The path of its page.
    pub fn path(&self) -> String {
        self.place.operation_path(self.operation())
    }

    /// Where an error code is explained, if the document names it.
    pub fn error_path(&self, code: &str) -> Option<String> {
        let is_known = self.version().errors().iter().any(|entry| entry.code == code);
        is_known.then(|| format!("{}#{code}", self.place.below("errors")))
    }

    /// A title for a list of tabs.
    pub fn title(&self, part: &str) -> String {
        self.place.title(&format!("{part}: {}", self.operation().title()))
    }

    /// The places above a page below the operation's own.
    pub fn trail(&self) -> Vec<Link> {
        let mut trail = self.place.trail();
        trail.push(Link::new(self.path(), self.operation().title()));
        trail
    }

    /// The menu beside it.
    pub fn menu(&self) -> AnyView {
        side_menu(&self.place, self.operation()).into_any()
    }
}
