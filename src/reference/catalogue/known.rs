//! Documents that were read already are not read again.

use std::{collections::HashMap, sync::Arc};

use sqlx::PgPool;

use super::{
    super::{
        document::Document,
        store::{self, PublishedRow},
        version::State,
        viewer::{Audience, Visibility},
    },
    Original, Published, Version,
};
use crate::db::{OrganizationId, VersionId};

impl PublishedRow {
    /// How far the version can be relied on.
    pub(super) fn state(&self) -> State {
        self.state.parse().unwrap_or(State::Stable)
    }

    /// For whom the API is; what cannot be understood is for nobody.
    pub(super) fn audience(&self) -> Audience {
        let visibility = self.visibility.parse().unwrap_or(Visibility::Organizations);
        Audience::new(visibility, self.organizations.iter().map(|&id| OrganizationId(id)))
    }
}

/// The documents that were read already, drafts included.
pub(super) struct Known(HashMap<(VersionId, Vec<u8>), Arc<Version>>);

impl Known {
    pub fn of(published: &Published) -> Self {
        let versions = published.apis.iter().flat_map(|api| &api.versions);
        let versions = versions.chain(published.drafts.iter().map(|(_, draft)| draft));
        let stored = versions.filter_map(|version| match version.original {
            Original::Stored(id, _) => Some(((id, version.sha256.clone()), Arc::clone(version))),
            Original::Own(_) => None,
        });
        Self(stored.collect())
    }

    /// The version of a row, read only where its document is another.
    pub async fn or_read(&self, db: &PgPool, row: &PublishedRow) -> sqlx::Result<Option<Arc<Version>>> {
        let known = self.0.get(&(row.id, row.sha256.clone()));
        let is_same = |known: &&Arc<Version>| {
            (&known.name, known.state, known.sunset_on, known.deprecated_at, known.revision)
                == (&row.name, row.state(), row.sunset_on, row.deprecated_at, row.revision)
        };
        if let Some(known) = known.filter(is_same) {
            return Ok(Some(Arc::clone(known)));
        }
        let document = match known {
            Some(known) => Arc::clone(&known.document),
            None => match read(db, row).await? {
                Some(document) => document,
                None => return Ok(None),
            },
        };
        Ok(Some(Arc::new(Version::of(row, row.name.clone(), document))))
    }
}

/// A document that can be read; one that cannot be is logged.
pub(super) async fn read(db: &PgPool, row: &PublishedRow) -> sqlx::Result<Option<Arc<Document>>> {
    let bytes = store::document(db, row.id, row.revision).await?;
    let read = tokio::task::spawn_blocking(move || Document::read(&bytes).map_err(|error| error.to_string()));
    match read.await.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(document) => Ok(Some(Arc::new(document))),
        Err(error) => {
            tracing::error!(api = row.slug, version = row.name, error, "a published document cannot be read");
            Ok(None)
        }
    }
}
