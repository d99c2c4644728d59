//! The published APIs in memory: read once, followed through the database's notices, never waiting for it.
//!
//! Pages, sandbox and key forms ask [`Catalogue::visible_to`]. After a change only documents whose bytes changed are read
//! again; one that cannot be read is left out and logged, and the others stay.

mod known;

use std::{
    collections::HashMap,
    sync::{
        Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Bytes;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use time::{Date, OffsetDateTime};
use tokio::sync::{Mutex, watch};

use self::known::{Known, read};
use super::{
    document::Document,
    errors::{self, ErrorEntry},
    navigation::Navigation,
    own,
    store::{self, PublishedRow},
    version::{DRAFT, State, newest_first},
    viewer::{Audience, Viewer},
};
use crate::{
    config::BaseUrl,
    db::{self, OrganizationId, VersionId},
};

/// A draft is read when somebody looks at it; more than a few at once only take memory.
const MOST_DRAFTS: usize = 2;

/// What partners can read. Cheap to clone: all clones are the same catalogue.
#[derive(Clone, Debug)]
pub struct Catalogue(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    views: RwLock<Views>,
    own: Option<Arc<Api>>,
    // Two refreshes at once could leave the older state behind.
    refreshing: Mutex<()>,
}

/// What is published, cut for each kind of viewer when it changes and not when somebody looks.
#[derive(Debug, Default)]
struct Views {
    all: Arc<Published>,
    /// For staff, who see drafts as well, each from when somebody looked at it.
    staff: Arc<Published>,
    /// For whoever is not signed in.
    anyone: Arc<Published>,
    /// For whoever acts for an organization that no API names.
    partners: Arc<Published>,
    /// For the organizations that an API names.
    named: HashMap<OrganizationId, Arc<Published>>,
}

/// The published APIs at one moment.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// By name; the portal's own comes last.
    pub apis: Vec<Arc<Api>>,
    /// Which moment it is: another number after every change, in this process. Pages are remembered by it.
    pub edition: u64,
    drafts: Vec<(Arc<Api>, Arc<Version>)>,
}

/// An API with at least one published version.
#[derive(Debug)]
pub struct Api {
    /// Its name in addresses.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// One line about it; may be empty.
    pub summary: String,
    /// Newest first.
    pub versions: Vec<Arc<Version>>,
    /// Where it comes from.
    pub origin: Origin,
    /// For whom it is.
    pub audience: Audience,
}

/// Where an API comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was imported, and the sandbox answers its calls.
    Imported,
    /// It is the portal's own, and the portal answers its calls.
    Own,
}

/// A published version.
#[derive(Debug)]
pub struct Version {
    /// Its name in addresses.
    pub name: String,
    /// How far it can be relied on.
    pub state: State,
    /// Its last day, where one is set.
    pub sunset_on: Option<Date>,
    /// Since when it is deprecated, where that is known.
    pub(super) deprecated_at: Option<OffsetDateTime>,
    /// How often its document was corrected, from 1.
    pub revision: i32,
    /// What it says.
    pub document: Arc<Document>,
    pub(super) original: Original,
    errors: OnceLock<Vec<ErrorEntry>>,
    navigation: OnceLock<Navigation>,
    sha256: Vec<u8>,
}

/// Where the bytes of a document are.
#[derive(Debug, Clone)]
pub(super) enum Original {
    Stored(VersionId, i32),
    Own(Bytes),
}

/// Something that a sandbox key may be allowed to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// As it is asked for, such as `shipments:write`.
    pub name: String,
    /// What it allows; may be empty.
    pub description: String,
    /// The API that knows it, by its name for people.
    pub api: String,
}

impl Catalogue {
    /// Reads the published documents for the first time; `base_url` is where the portal's own API is served.
    pub async fn load(db: &PgPool, base_url: &BaseUrl) -> sqlx::Result<Self> {
        let own = own::api(base_url).map(Arc::new);
        let catalogue = Self(Arc::new(Shelf { views: RwLock::default(), own, refreshing: Mutex::default() }));
        catalogue.refresh(db).await?;
        Ok(catalogue)
    }

    /// Everything that is published, hidden or not; never waits for the database.
    pub fn current(&self) -> Arc<Published> {
        Arc::clone(&self.views().all)
    }

    /// What somebody may see of what is published; never waits for the database.
    pub fn visible_to(&self, viewer: Viewer) -> Arc<Published> {
        let views = self.views();
        Arc::clone(match viewer {
            Viewer::Staff => &views.staff,
            Viewer::Partner(Some(organization)) => views.named.get(&organization).unwrap_or(&views.partners),
            Viewer::Partner(None) | Viewer::Anyone => &views.anyone,
        })
    }

    /// A version's draft, read; staff see it from now on beside what is published, under its name with [`DRAFT`].
    pub(super) async fn draft(&self, db: &PgPool, api: &str, version: &str) -> sqlx::Result<Option<Arc<Version>>> {
        let name = format!("{version}{DRAFT}");
        let Some(row) = store::draft_as_published(db, api, version).await? else {
            self.replace_draft(api, &name, None);
            return Ok(None);
        };
        let staff = Arc::clone(&self.views().staff);
        if let Some((_, known)) = staff.find(api, &name).filter(|(_, known)| known.sha256 == row.sha256) {
            return Ok(Some(known));
        }
        let Some(document) = read(db, &row).await? else { return Ok(None) };
        let draft = Arc::new(Version::of(&row, name, document));
        let published = staff.find_api(api).map(|api| api.versions.clone()).unwrap_or_default();
        let shown = Api {
            audience: row.audience(),
            slug: row.slug,
            name: row.api_name,
            summary: row.summary,
            versions: published.into_iter().chain([Arc::clone(&draft)]).collect(),
            origin: Origin::Imported,
        };
        self.replace_draft(api, &draft.name, Some((Arc::new(shown), Arc::clone(&draft))));
        Ok(Some(draft))
    }

    /// Puts another in the place of a draft that was looked at, or nothing where it is gone.
    fn replace_draft(&self, api: &str, name: &str, draft: Option<(Arc<Api>, Arc<Version>)>) {
        let mut views = self.0.views.write().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |(known, version): &(Arc<Api>, Arc<Version>)| (known.slug.as_str(), version.name.as_str()) == (api, name);
        if draft.is_none() && !views.staff.drafts.iter().any(is_it) {
            return;
        }
        let mut staff = Published::clone(&views.staff);
        staff.drafts.retain(|known| !is_it(known));
        staff.drafts.splice(..0, draft);
        staff.drafts.truncate(MOST_DRAFTS);
        staff.edition = next_edition();
        views.staff = Arc::new(staff);
    }

    fn views(&self) -> RwLockReadGuard<'_, Views> {
        self.0.views.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what changed.
    pub async fn refresh(&self, db: &PgPool) -> sqlx::Result<()> {
        let _turn = self.0.refreshing.lock().await;
        let before = Arc::clone(&self.views().staff);
        let known = Known::of(&before);
        let mut apis: Vec<Api> = Vec::new();
        for row in store::published(db).await? {
            let Some(version) = known.or_read(db, &row).await? else { continue };
            match apis.last_mut().filter(|api| api.slug == row.slug) {
                Some(api) => api.versions.push(version),
                None => apis.push(Api {
                    audience: row.audience(),
                    slug: row.slug,
                    name: row.api_name,
                    summary: row.summary,
                    versions: vec![version],
                    origin: Origin::Imported,
                }),
            }
        }
        for api in &mut apis {
            api.versions.sort_by(|a, b| newest_first(&a.name, &b.name));
        }
        let apis = apis.into_iter().map(Arc::new).chain(self.0.own.clone()).collect();
        *self.0.views.write().unwrap_or_else(PoisonError::into_inner) =
            Views::of(Published { apis, edition: next_edition(), drafts: Vec::new() });
        Ok(())
    }

    /// Follows changes that any instance makes, until `stop` turns true.
    pub async fn listen(self, db: PgPool, stop: watch::Receiver<bool>) {
        db::follow(db.clone(), "catalogue", stop, || self.refresh(&db)).await;
    }
}

fn next_edition() -> u64 {
    static EDITION: AtomicU64 = AtomicU64::new(1);
    EDITION.fetch_add(1, Ordering::Relaxed)
}

impl Views {
    fn of(published: Published) -> Self {
        let all = Arc::new(published);
        let cut = |viewer: Viewer| match all.apis.iter().all(|api| api.audience.admits(viewer)) {
            true => Arc::clone(&all),
            false => {
                let apis = all.apis.iter().filter(|api| api.audience.admits(viewer)).cloned();
                Arc::new(Published { apis: apis.collect(), edition: all.edition, drafts: Vec::new() })
            }
        };
        let named = all.apis.iter().filter_map(|api| match &api.audience {
            Audience::Organizations(named) => Some(named),
            Audience::Everyone | Audience::Partners => None,
        });
        // An organization without a name among the others' sees what every partner sees.
        let nobody = OrganizationId(uuid::Uuid::nil());
        Self {
            staff: Arc::clone(&all),
            anyone: cut(Viewer::Anyone),
            partners: cut(Viewer::of(nobody)),
            named: named.flatten().map(|&id| (id, cut(Viewer::of(id)))).collect(),
            all,
        }
    }
}

impl Published {
    /// An API by its name in addresses.
    pub fn find_api(&self, slug: &str) -> Option<Arc<Api>> {
        self.apis.iter().find(|api| api.slug == slug).cloned()
    }

    /// A version by its names in addresses.
    pub fn find(&self, slug: &str, version: &str) -> Option<(Arc<Api>, Arc<Version>)> {
        if let Some(draft) = self.drafts.iter().find(|(api, draft)| (&*api.slug, &*draft.name) == (slug, version)) {
            return Some(draft.clone());
        }
        let api = self.find_api(slug)?;
        let version = api.versions.iter().find(|known| known.name == version).cloned()?;
        Some((api, version))
    }

    /// The APIs that were imported.
    pub fn imported(&self) -> impl Iterator<Item = &Arc<Api>> {
        self.apis.iter().filter(|api| api.origin == Origin::Imported)
    }

    /// Every scope that a sandbox key can have: those of the newest version that knows each, by API.
    pub fn scopes(&self) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = Vec::new();
        for api in self.imported() {
            for scope in api.versions.iter().flat_map(|version| version.document.scopes()) {
                if !scopes.iter().any(|known| known.name == scope.name) {
                    let (name, description) = (scope.name.clone(), scope.description.clone());
                    scopes.push(Scope { name, description, api: api.name.clone() });
                }
            }
        }
        scopes
    }
}

impl Api {
    /// The version to build on: the newest stable one, else the newest that still works.
    pub fn newest_stable(&self) -> &Arc<Version> {
        let of = |state: State| self.versions.iter().find(move |version| version.state == state);
        let best = [State::Stable, State::Deprecated, State::Beta].into_iter().find_map(of);
        best.or(self.versions.first()).expect("an API is published with its first version")
    }

    /// Where calls of a version go: to the sandbox, or to the portal itself.
    pub fn base_url(&self, version: &Version, portal: &BaseUrl) -> String {
        match self.origin {
            Origin::Imported => portal.join(&format!("/sandbox/{}/{}", self.slug, version.stated_name())),
            Origin::Own => {
                let server =
                    version.document.api().servers.first().map(|server| server.default_url()).unwrap_or_default();
                let path = server.strip_prefix(portal.as_str()).unwrap_or(&server);
                portal.join(path.trim_end_matches('/'))
            }
        }
    }
}

impl Version {
    /// The order of its operations; found at the first page that asks.
    pub(super) fn navigation(&self) -> &Navigation {
        self.navigation.get_or_init(|| Navigation::of(&self.document))
    }

    /// Its id; none for the portal's own.
    pub fn id(&self) -> Option<VersionId> {
        match self.original {
            Original::Stored(id, _) => Some(id),
            Original::Own(_) => None,
        }
    }

    /// A fingerprint of its document.
    pub fn sha256(&self) -> &[u8] {
        &self.sha256
    }

    /// Its error codes; gathered at the first page that asks.
    pub fn errors(&self) -> &[ErrorEntry] {
        self.errors.get_or_init(|| errors::of(&self.document))
    }

    /// Whether only staff see it.
    pub fn is_draft(&self) -> bool {
        self.name.ends_with(DRAFT)
    }

    /// Its name without what makes it a draft.
    pub fn stated_name(&self) -> &str {
        self.name.strip_suffix(DRAFT).unwrap_or(&self.name)
    }

    fn of(row: &PublishedRow, name: String, document: Arc<Document>) -> Self {
        Self {
            name,
            state: row.state(),
            sunset_on: row.sunset_on,
            deprecated_at: row.deprecated_at,
            revision: row.revision,
            document,
            original: Original::Stored(row.id, row.revision),
            errors: OnceLock::new(),
            navigation: OnceLock::new(),
            sha256: row.sha256.clone(),
        }
    }

    /// The portal's own document.
    pub(super) fn own(name: String, document: Document, bytes: Bytes) -> Self {
        Self {
            name,
            state: State::Stable,
            sunset_on: None,
            deprecated_at: None,
            revision: 1,
            document: Arc::new(document),
            sha256: Sha256::digest(&bytes).to_vec(),
            original: Original::Own(bytes),
            errors: OnceLock::new(),
            navigation: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests;
