//! Taking in a document: read it, keep its bytes as a draft or replace one, publish it.
//!
//! What cannot be read leaves nothing behind. What is published is immutable: a correction is a revision, and says why.

use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};

use super::{
    changes::Changes,
    document::{Document, Unreadable},
    publication::{self, Named, NotANote, Note},
    reading::{Doubt, Outcome, Reading, Report, storable},
    store::{self, KnownVersion, NewDraft},
    version::{ApiSlug, InvalidName, State, VersionName},
    viewer::Visibility,
};
use crate::{
    audit::{self, Actor, Entry, Subject},
    db::{ApiId, VersionId},
};

/// A file to be taken in.
#[derive(Clone, Debug, Default)]
pub struct ImportRequest {
    /// The API's name in addresses; an API that is not there yet is made.
    pub slug: String,
    /// The version's name; without it the document's own.
    pub version: Option<String>,
    /// The file's name, to recognize it by.
    pub file_name: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What was doubtful about the files that it was made of.
    pub doubts: Vec<Doubt>,
    /// Whether partners see it at once.
    pub publish: bool,
    /// Who may see the API, where it is made by this import.
    pub visibility: Visibility,
    /// What to do where the version is published with another document.
    pub correction: Correction,
}

/// What to do with a file that differs from what is published under its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Correction {
    /// Refuse it.
    #[default]
    Refuse,
    /// Keep it as a revision that waits to be published.
    Keep,
    /// Publish it as a revision, for this reason.
    Publish(String),
}

/// Why nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no document.
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    /// The API cannot have this name.
    #[error("The API's name {0}.")]
    Slug(InvalidName),
    /// The version cannot have this name.
    #[error("The version's name {0}.")]
    Version(InvalidName),
    /// No name was given, and the document has none that would do.
    #[error("The document's own version, {stated:?}, cannot be part of an address. Name the version.")]
    VersionUnnamed {
        /// What the document says.
        stated: String,
    },
    /// The version is published, and the file is another.
    #[error(
        "Version {version} of {api} is published and does not change. Import the file as a new version, or as a revision that says why."
    )]
    Published {
        /// The API.
        api: ApiSlug,
        /// The version.
        version: VersionName,
    },
    /// What is published is corrected, and nobody says why.
    #[error("{0}")]
    Note(#[from] NotANote),
    /// A fault that is not the file's.
    #[error("the import failed")]
    Fault(#[source] anyhow::Error),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Takes in a file.
pub async fn import(db: &PgPool, actor: &Actor, request: ImportRequest) -> Result<Report, ImportError> {
    let slug = ApiSlug::parse(&request.slug).map_err(ImportError::Slug)?;
    let file_name = storable(&request.file_name);
    let given = request.version.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let given = given.map(VersionName::parse).transpose().map_err(ImportError::Version)?;
    let mut file = read(request.bytes).await?;
    file.reading.precede(request.doubts);
    let version = given.map_or_else(|| stated_version(&file.stated_version), Ok)?;

    let mut tx = db.begin().await?;
    let api = match store::lock_api(&mut *tx, &slug).await? {
        Some(api) => api,
        None => create_api(&mut tx, actor, &slug, &file, request.visibility).await?,
    };
    let known = store::lock_version(&mut *tx, api, &version).await?;
    let draft = known.as_ref().map(|known| known.id);
    let target = Target { api, slug: &slug, version: &version, draft, file_name: &file_name };
    let outcome = match known.filter(|known| known.is_published) {
        Some(known) if known.sha256 == file.sha256 => Outcome::Unchanged,
        Some(known) => correct(&mut tx, actor, &target, &known, &file, &request.correction).await?,
        None => keep(&mut tx, actor, &target, &file, request.publish).await?,
    };
    tx.commit().await?;
    Ok(Report { api: slug, version, outcome, reading: file.reading })
}

/// Where a file goes.
struct Target<'a> {
    api: ApiId,
    slug: &'a ApiSlug,
    version: &'a VersionName,
    draft: Option<VersionId>,
    file_name: &'a str,
}

impl Target<'_> {
    fn file(&self, number: i32, file: &ReadFile) -> Value {
        json!({
            "file": self.file_name,
            "revision": number,
            "sha256": data_encoding::HEXLOWER.encode(&file.sha256),
            "operations": file.reading.operations,
            "warnings": file.reading.doubt_count(),
        })
    }

    fn subject(&self, id: VersionId) -> Subject {
        subject_of_version(id, self.slug.as_str(), self.version.as_str())
    }

    fn named(&self, id: VersionId) -> Named<'_> {
        Named { id, api: self.slug.as_str(), version: self.version.as_str() }
    }

    fn draft<'a>(&'a self, version: VersionId, number: i32, file: &'a ReadFile, actor: &'a Actor) -> NewDraft<'a> {
        NewDraft {
            version,
            number,
            file_name: self.file_name,
            document: &file.bytes,
            sha256: &file.sha256,
            reading: &file.reading,
            imported_by: &actor.label,
        }
    }
}

/// Stores the file as a draft, or in the place of one, and publishes it where that was asked.
async fn keep(
    tx: &mut PgConnection,
    actor: &Actor,
    target: &Target<'_>,
    file: &ReadFile,
    publish: bool,
) -> sqlx::Result<Outcome> {
    let (id, action, outcome) = match target.draft {
        Some(id) => (id, "api_version.replaced", Outcome::Replaced),
        None => {
            let id = VersionId::new();
            store::insert_version(&mut *tx, target.api, id, target.version).await?;
            (id, "api_version.imported", Outcome::Drafted)
        }
    };
    store::put_draft(&mut *tx, &target.draft(id, 1, file, actor)).await?;
    audit::record(tx, actor, Entry::new(action, target.subject(id)).after(target.file(1, file))).await?;
    if !publish {
        return Ok(outcome);
    }
    publication::publish_version(tx, actor, target.named(id), (State::Stable, None)).await?;
    Ok(Outcome::Published)
}

/// Keeps the file as a revision of what is published, and publishes it where that was asked.
async fn correct(
    tx: &mut PgConnection,
    actor: &Actor,
    target: &Target<'_>,
    known: &KnownVersion,
    file: &ReadFile,
    correction: &Correction,
) -> Result<Outcome, ImportError> {
    let note = match correction {
        Correction::Refuse => {
            return Err(ImportError::Published { api: target.slug.clone(), version: target.version.clone() });
        }
        Correction::Keep => None,
        Correction::Publish(note) => Some(Note::parse(note)?),
    };
    let (id, number) = (known.id, known.revision + 1);
    store::put_draft(&mut *tx, &target.draft(id, number, file, actor)).await?;
    let entry = Entry::new("api_version.imported", target.subject(id)).after(target.file(number, file));
    audit::record(tx, actor, entry).await?;
    let Some(note) = note else { return Ok(Outcome::Kept) };
    let published = store::document(&mut *tx, id, known.revision).await?;
    let new = Arc::clone(&file.document);
    let compared = tokio::task::spawn_blocking(move || {
        Document::read(&published).map(|old| Changes::between(&old, &new)).unwrap_or_default()
    });
    let changes = compared.await.map_err(|error| ImportError::Fault(error.into()))?;
    publication::publish_correction(tx, actor, target.named(id), &note, &changes).await?;
    Ok(Outcome::Revised(number))
}

/// What the audit trail calls a version.
pub(super) fn subject_of_version(id: VersionId, api: &str, version: &str) -> Subject {
    Subject::own("api_version", id, format!("{api} {version}"))
}

/// A file that was read.
struct ReadFile {
    bytes: Vec<u8>,
    sha256: Vec<u8>,
    reading: Reading,
    document: Arc<Document>,
    title: String,
    summary: String,
    stated_version: String,
}

/// Reads beside the async threads: the largest documents take a second.
async fn read(bytes: Vec<u8>) -> Result<ReadFile, ImportError> {
    let read = tokio::task::spawn_blocking(move || {
        let document = Document::read(&bytes)?;
        let api = document.api();
        Ok(ReadFile {
            sha256: Sha256::digest(&bytes).to_vec(),
            reading: Reading::of(&document, bytes.len()),
            title: storable(&api.title),
            summary: storable(api.summary.as_deref().unwrap_or_default()),
            stated_version: api.version.clone(),
            document: Arc::new(document),
            bytes,
        })
    });
    read.await.map_err(|error| ImportError::Fault(error.into()))?
}

fn stated_version(stated: &str) -> Result<VersionName, ImportError> {
    VersionName::parse(stated).map_err(|_| ImportError::VersionUnnamed { stated: stated.chars().take(80).collect() })
}

async fn create_api(
    tx: &mut PgConnection,
    actor: &Actor,
    slug: &ApiSlug,
    file: &ReadFile,
    visibility: Visibility,
) -> sqlx::Result<ApiId> {
    let id = store::insert_api(&mut *tx, slug, &file.title, &file.summary, visibility).await?;
    let subject = Subject::own("api", id, slug.as_str());
    let after = json!({ "name": file.title, "visibility": visibility.as_str() });
    audit::record(tx, actor, Entry::new("api.created", subject).after(after)).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Books, version: 1.2.0}\npaths: {}\n";

    fn request(bytes: impl Into<Vec<u8>>) -> ImportRequest {
        ImportRequest {
            slug: "books".into(),
            file_name: "books.yaml".into(),
            bytes: bytes.into(),
            ..Default::default()
        }
    }

    async fn stored(db: &PgPool) -> i64 {
        let count =
            sqlx::query_scalar!(r#"select (select count(*) from api) + (select count(*) from api_version) as "n!""#);
        count.fetch_one(db).await.unwrap()
    }

    fn actor() -> Actor {
        Actor::system("test")
    }

    #[sqlx::test]
    async fn a_document_becomes_a_draft_named_by_its_own_version(db: PgPool) {
        let report = import(&db, &actor(), request(DOCUMENT)).await.unwrap();
        assert_eq!((report.api.as_str(), report.version.as_str()), ("books", "1.2.0"));
        assert_eq!(report.outcome, Outcome::Drafted);
        let again = import(&db, &actor(), request(DOCUMENT.replace("Books", "More books"))).await.unwrap();
        assert_eq!(again.outcome, Outcome::Replaced);
        assert_eq!(stored(&db).await, 2);
    }

    #[sqlx::test]
    async fn what_is_published_does_not_change(db: PgPool) {
        let published = ImportRequest { publish: true, ..request(DOCUMENT) };
        assert_eq!(import(&db, &actor(), published.clone()).await.unwrap().outcome, Outcome::Published);
        assert_eq!(import(&db, &actor(), published).await.unwrap().outcome, Outcome::Unchanged);
        let other = request(DOCUMENT.replace("Books", "Others"));
        let refused = import(&db, &actor(), other).await.unwrap_err();
        assert!(matches!(refused, ImportError::Published { .. }), "{refused}");
        let newer = ImportRequest { version: Some("1.3.0".into()), ..request(DOCUMENT.replace("Books", "Others")) };
        import(&db, &actor(), newer).await.unwrap();
    }

    #[sqlx::test]
    async fn a_correction_is_a_revision_that_says_why(db: PgPool) {
        import(&db, &actor(), ImportRequest { publish: true, ..request(DOCUMENT) }).await.unwrap();
        let corrected = |correction| ImportRequest {
            correction,
            ..request(DOCUMENT.replace("paths: {}", "paths: {/books: {get: {responses: {}}}}"))
        };
        let unexplained = import(&db, &actor(), corrected(Correction::Publish(" ".into()))).await.unwrap_err();
        assert!(matches!(unexplained, ImportError::Note(_)), "{unexplained}");
        let kept = import(&db, &actor(), corrected(Correction::Keep)).await.unwrap();
        assert_eq!(kept.outcome, Outcome::Kept);
        let published = store::published(&db).await.unwrap().remove(0);
        assert_eq!(published.revision, 1, "what waits is not published");
        let revised = import(&db, &actor(), corrected(Correction::Publish("It lacked a call".into()))).await.unwrap();
        assert_eq!(revised.outcome, Outcome::Revised(2));
        assert_eq!(store::published(&db).await.unwrap()[0].revision, 2);
        assert_eq!(stored(&db).await, 2, "no version is added");

        let entry = sqlx::query!(
            r#"select before as "before!", after as "after!" from audit_entry where action = 'api_version.revised'"#
        );
        let entry = entry.fetch_one(&db).await.unwrap();
        assert_eq!((&entry.before["revision"], &entry.before["operations"]), (&json!(1), &json!(0)));
        assert_eq!((&entry.after["revision"], &entry.after["operations"]), (&json!(2), &json!(1)));
        assert_eq!(entry.after["note"], "It lacked a call");
        assert_eq!(entry.after["changes"], "operations: 1 added");
        assert_ne!(entry.before["sha256"], entry.after["sha256"]);
    }

    #[sqlx::test]
    async fn each_step_leaves_its_audit_entry(db: PgPool) {
        import(&db, &actor(), ImportRequest { publish: true, ..request(DOCUMENT) }).await.unwrap();
        let actions = sqlx::query_scalar!("select action from audit_entry order by seq").fetch_all(&db).await.unwrap();
        assert_eq!(actions, ["api.created", "api_version.imported", "api_version.published"]);
    }

    #[sqlx::test]
    async fn what_cannot_be_read_gives_one_clear_error_and_stores_nothing(db: PgPool) {
        let bomb = format!(
            "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{}openapi: 3.1.0\n",
            (1..12)
                .map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(",")))
                .collect::<String>()
        );
        let cases: [(&str, Vec<u8>, &str); 9] = [
            ("not yaml", b"openapi: 3.1.0\npaths: [\n  - {".to_vec(), "document_not_yaml"),
            ("not json", b"{\"openapi\": \"3.1.0\",".to_vec(), "document_not_json"),
            ("not openapi", b"name: something else\n".to_vec(), "document_not_openapi"),
            ("swagger", b"swagger: \"2.0\"\ninfo: {title: x, version: 1}\n".to_vec(), "document_swagger_2"),
            ("empty", Vec::new(), "document_empty"),
            ("binary", vec![0xFF, 0xFE, 0x00, 0x80], "document_not_text"),
            ("too large", vec![b' '; super::super::document::MAX_BYTES + 1], "document_too_large"),
            ("alias bomb", bomb.into_bytes(), "document_alias_bomb"),
            ("deep", ["{\"a\":".repeat(10_000), "1".into(), "}".repeat(10_000)].concat().into(), "document_too_deep"),
        ];
        for (name, bytes, code) in cases {
            match import(&db, &actor(), request(bytes)).await {
                Err(ImportError::Unreadable(error)) => {
                    assert_eq!(error.code(), code, "{name}");
                    assert!(!error.to_string().contains('\n'), "{name}: {error}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
        assert_eq!(stored(&db).await, 0);
    }

    #[sqlx::test]
    async fn a_name_that_no_address_can_hold_is_refused(db: PgPool) {
        let slug = ImportRequest { slug: "My Books".into(), ..request(DOCUMENT) };
        assert!(matches!(import(&db, &actor(), slug).await, Err(ImportError::Slug(_))));
        let version = ImportRequest { version: Some("1/2".into()), ..request(DOCUMENT) };
        assert!(matches!(import(&db, &actor(), version).await, Err(ImportError::Version(_))));
        let unnamed = request(DOCUMENT.replace("1.2.0", "first draft"));
        assert!(matches!(import(&db, &actor(), unnamed).await, Err(ImportError::VersionUnnamed { .. })));
        assert_eq!(stored(&db).await, 0);
    }
}
