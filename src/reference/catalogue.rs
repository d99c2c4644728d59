//! The published APIs in memory: read once, followed through the database's notices, never waiting for it.
//!
//! Pages, sandbox and key forms ask [`Catalogue::current`]. After a change only documents whose bytes changed are read
//! again; one that cannot be read is left out and logged, and the others stay.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use axum::body::Bytes;
use sqlx::PgPool;
use time::Date;
use tokio::sync::{Mutex, watch};

use super::{
    document::Document,
    errors::{self, ErrorEntry},
    navigation::Navigation,
    own,
    store::{self, PublishedRow},
    version::{State, newest_first},
    viewer::Viewer,
};
use crate::{
    config::BaseUrl,
    db::{self, VersionId},
};

/// What partners can read. Cheap to clone: all clones are the same catalogue.
#[derive(Clone, Debug)]
pub struct Catalogue(Arc<Shelf>);

#[derive(Debug)]
struct Shelf {
    published: RwLock<Arc<Published>>,
    own: Option<Arc<Api>>,
    // Two refreshes at once could leave the older state behind.
    refreshing: Mutex<()>,
}

/// The published APIs at one moment.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// By name; the portal's own comes last.
    pub apis: Vec<Arc<Api>>,
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
    Stored(VersionId),
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
        let published = RwLock::new(Arc::new(Published::default()));
        let catalogue = Self(Arc::new(Shelf { published, own, refreshing: Mutex::default() }));
        catalogue.refresh(db).await?;
        Ok(catalogue)
    }

    /// What is published; never waits for the database.
    pub fn current(&self) -> Arc<Published> {
        self.0.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What somebody may see of what is published; never waits for the database.
    pub fn visible_to(&self, _viewer: Viewer) -> Arc<Published> {
        self.current()
    }

    /// Reads what changed.
    pub async fn refresh(&self, db: &PgPool) -> sqlx::Result<()> {
        let _turn = self.0.refreshing.lock().await;
        let known = Known::of(&self.current());
        let mut apis: Vec<Api> = Vec::new();
        for row in store::published(db).await? {
            let Some(version) = known.or_read(db, &row).await? else { continue };
            match apis.last_mut().filter(|api| api.slug == row.slug) {
                Some(api) => api.versions.push(version),
                None => apis.push(Api {
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
        *self.0.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Published { apis });
        Ok(())
    }

    /// Follows changes that any instance makes, until `stop` turns true.
    pub async fn listen(self, db: PgPool, stop: watch::Receiver<bool>) {
        db::follow(db.clone(), "catalogue", stop, || self.refresh(&db)).await;
    }
}

/// The documents that were read already.
struct Known(HashMap<VersionId, Arc<Version>>);

impl Known {
    fn of(published: &Published) -> Self {
        let versions = published.apis.iter().flat_map(|api| &api.versions);
        let stored = versions.filter_map(|version| match version.original {
            Original::Stored(id) => Some((id, Arc::clone(version))),
            Original::Own(_) => None,
        });
        Self(stored.collect())
    }

    async fn or_read(&self, db: &PgPool, row: &PublishedRow) -> sqlx::Result<Option<Arc<Version>>> {
        let state = row.state.parse().unwrap_or(State::Stable);
        let known = self.0.get(&row.id).filter(|known| known.sha256 == row.sha256);
        let is_same =
            |known: &&Arc<Version>| known.name == row.name && known.state == state && known.sunset_on == row.sunset_on;
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
        Ok(Some(Arc::new(Version {
            name: row.name.clone(),
            state,
            sunset_on: row.sunset_on,
            document,
            original: Original::Stored(row.id),
            errors: OnceLock::new(),
            navigation: OnceLock::new(),
            sha256: row.sha256.clone(),
        })))
    }
}

async fn read(db: &PgPool, row: &PublishedRow) -> sqlx::Result<Option<Arc<Document>>> {
    let bytes = store::document(db, row.id).await?;
    let read = tokio::task::spawn_blocking(move || Document::read(&bytes).map_err(|error| error.to_string()));
    match read.await.unwrap_or_else(|error| Err(error.to_string())) {
        Ok(document) => Ok(Some(Arc::new(document))),
        Err(error) => {
            tracing::error!(api = row.slug, version = row.name, error, "a published document cannot be read");
            Ok(None)
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
            Origin::Imported => portal.join(&format!("/sandbox/{}/{}", self.slug, version.name)),
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

    /// Its error codes; gathered at the first page that asks.
    pub(super) fn errors(&self) -> &[ErrorEntry] {
        self.errors.get_or_init(|| errors::of(&self.document))
    }

    /// The portal's own document.
    pub(super) fn own(name: String, document: Document, bytes: Bytes) -> Self {
        Self {
            name,
            state: State::Stable,
            sunset_on: None,
            document: Arc::new(document),
            original: Original::Own(bytes),
            errors: OnceLock::new(),
            navigation: OnceLock::new(),
            sha256: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{
        super::{ImportRequest, import},
        *,
    };
    use crate::audit::Actor;

    async fn load(db: &PgPool) -> sqlx::Result<Catalogue> {
        Catalogue::load(db, &BaseUrl::parse("http://localhost").unwrap()).await
    }

    async fn publish(db: &PgPool, slug: &str, version: &str, title: &str) {
        let bytes =
            format!("openapi: 3.1.0\ninfo: {{title: {title}, version: '{version}'}}\npaths: {{}}\n").into_bytes();
        let request =
            ImportRequest { slug: slug.into(), file_name: "a.yaml".into(), bytes, publish: true, version: None };
        import(db, &Actor::system("test"), request).await.unwrap();
    }

    #[sqlx::test]
    async fn only_what_is_published_is_in_the_catalogue(db: PgPool) {
        let draft = ImportRequest {
            slug: "drafts".into(),
            bytes: b"openapi: 3.1.0\ninfo: {title: x, version: '1'}\n".to_vec(),
            ..ImportRequest::default()
        };
        import(&db, &Actor::system("test"), draft).await.unwrap();
        publish(&db, "books", "1", "Books").await;
        let published = load(&db).await.unwrap().current();
        assert!(published.find("books", "1").is_some());
        assert!(published.find_api("drafts").is_none());
        assert!(published.find("books", "2").is_none());
    }

    #[sqlx::test]
    async fn versions_are_newest_first_and_the_newest_stable_one_leads(db: PgPool) {
        for version in ["1.9", "1.10", "2.0"] {
            publish(&db, "books", version, "Books").await;
        }
        sqlx::query("update api_version set state = 'beta' where name = '2.0'").execute(&db).await.unwrap();
        let api = load(&db).await.unwrap().current().find_api("books").unwrap();
        let names: Vec<_> = api.versions.iter().map(|version| version.name.as_str()).collect();
        assert_eq!(names, ["2.0", "1.10", "1.9"]);
        assert_eq!(api.newest_stable().name, "1.10");
    }

    #[sqlx::test]
    async fn a_document_that_did_not_change_is_not_read_again(db: PgPool) {
        publish(&db, "books", "1", "Books").await;
        let catalogue = load(&db).await.unwrap();
        let (_, before) = catalogue.current().find("books", "1").unwrap();
        sqlx::query("update api_version set state = 'deprecated'").execute(&db).await.unwrap();
        catalogue.refresh(&db).await.unwrap();
        let (_, after) = catalogue.current().find("books", "1").unwrap();
        assert_eq!(after.state, State::Deprecated);
        assert!(Arc::ptr_eq(&before.document, &after.document));
    }

    #[sqlx::test]
    async fn what_another_instance_publishes_appears(db: PgPool) {
        let catalogue = load(&db).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let listening = tokio::spawn(catalogue.clone().listen(db.clone(), stopped));
        publish(&db, "books", "1", "Books").await;
        let followed = async {
            while catalogue.current().find_api("books").is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), followed).await.expect("the change arrives");
        stop.send(true).unwrap();
        listening.await.unwrap();
    }

    #[sqlx::test]
    async fn a_document_that_became_unreadable_hides_only_itself(db: PgPool) {
        publish(&db, "books", "1", "Books").await;
        publish(&db, "maps", "1", "Maps").await;
        sqlx::raw_sql("alter table api_version disable trigger api_version_immutable; update api_version set document = '{' where api_id = (select id from api where slug = 'books')")
            .execute(&db)
            .await
            .unwrap();
        let published = load(&db).await.unwrap().current();
        assert!(published.find_api("books").is_none() && published.find_api("maps").is_some());
    }
}
