//! What is searched, by whom, and what is found.

use std::sync::Arc;

use crate::reference::{Api, Published, Version};

/// The source of the guides.
pub(super) const GUIDES: &str = "guides";
/// The source of the portal's own API.
pub(super) const OWN: &str = "own";
/// Longer questions are cut: nobody types them.
pub(super) const LONGEST_QUESTION: usize = 200;

/// What kind of thing an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// An operation.
    Operation,
    /// A schema among the components.
    Schema,
    /// A request that the API sends.
    Webhook,
    /// An error code.
    Error,
    /// A guide.
    Guide,
    /// An API as a whole.
    Api,
}

impl Kind {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Operation, Self::Schema, Self::Webhook, Self::Error, Self::Guide, Self::Api];

    /// Its name in addresses and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Schema => "schema",
            Self::Webhook => "webhook",
            Self::Error => "error",
            Self::Guide => "guide",
            Self::Api => "api",
        }
    }

    /// A kind by its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// For one of them.
    pub fn label(self) -> &'static str {
        match self {
            Self::Operation => "Operation",
            Self::Schema => "Schema",
            Self::Webhook => "Webhook",
            Self::Error => "Error",
            Self::Guide => "Guide",
            Self::Api => "API",
        }
    }

    /// For several of them.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Operation => "Operations",
            Self::Schema => "Schemas",
            Self::Webhook => "Webhooks",
            Self::Error => "Errors",
            Self::Guide => "Guides",
            Self::Api => "APIs",
        }
    }
}

/// The sources that somebody may search, the best version of each API first.
#[derive(Clone, Debug, Default)]
pub(super) struct Within {
    /// Their names.
    pub names: Vec<String>,
    /// The API of each, by its name in addresses; empty for guides.
    pub apis: Vec<String>,
    /// 0 for the version to build on; the higher, the less a version is preferred.
    pub standings: Vec<i32>,
}

impl Within {
    /// What is published for somebody, and the guides.
    pub fn of(published: &Published) -> Self {
        let mut within = Self::default();
        within.add(GUIDES.to_owned(), "", 0);
        for api in &published.apis {
            within.add_api(api);
        }
        within
    }

    /// One version and nothing else.
    pub fn version(api: &Api, version: &Version) -> Self {
        let mut within = Self::default();
        within.add(source_of(version), &api.slug, 0);
        within
    }

    fn add_api(&mut self, api: &Api) {
        let best = api.newest_stable();
        let others = api.versions.iter().filter(|version| !Arc::ptr_eq(version, best));
        for (standing, version) in (0..).zip(std::iter::once(best).chain(others)) {
            self.add(source_of(version), &api.slug, standing);
        }
    }

    fn add(&mut self, name: String, api: &str, standing: i32) {
        self.names.push(name);
        self.apis.push(api.to_owned());
        self.standings.push(standing);
    }
}

/// The source of a version's entries.
pub(super) fn source_of(version: &Version) -> String {
    version.id().map_or_else(|| OWN.to_owned(), |id| id.to_string())
}

/// What results are limited to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// An API by its name in addresses.
    pub api: Option<String>,
    /// One kind.
    pub kind: Option<Kind>,
}

/// Which part of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    /// How many.
    pub limit: i64,
    /// How many before them.
    pub offset: i64,
}

/// An entry that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// What it is.
    pub kind: Kind,
    /// The source it is of.
    pub source: String,
    /// Its name.
    pub title: String,
    /// A sentence about it; may be empty.
    pub summary: String,
    /// The HTTP method of an operation.
    pub method: Option<String>,
    /// The path of an operation; empty for others.
    pub path: String,
    /// Where it is shown.
    pub href: String,
    /// Names inside of it.
    pub names: Vec<String>,
}

/// How many entries of a kind an API has for a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Count {
    /// The API by its name in addresses; empty for guides.
    pub api: String,
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub count: i64,
}
