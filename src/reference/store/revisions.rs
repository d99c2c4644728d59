//! What a version's document is and was.

use sqlx::{PgExecutor, query, query_as, query_scalar, types::Json};
use time::OffsetDateTime;

use super::super::reading::Reading;
use crate::db::VersionId;

/// A file that waits to be published.
pub(in super::super) struct NewDraft<'a> {
    pub version: VersionId,
    pub number: i32,
    pub file_name: &'a str,
    pub document: &'a [u8],
    pub sha256: &'a [u8],
    pub reading: &'a Reading,
    pub imported_by: &'a str,
}

/// A revision without its document.
#[derive(Clone, Debug)]
pub(in super::super) struct RevisionRow {
    pub number: i32,
    pub file_name: String,
    pub sha256: Vec<u8>,
    pub reading: Json<Reading>,
    pub imported_at: OffsetDateTime,
    pub imported_by: String,
    pub note: String,
    pub published_at: Option<OffsetDateTime>,
    pub published_by: Option<String>,
}

/// Keeps a file as the version's draft, in the place of an earlier one.
pub(in super::super) async fn put_draft(db: impl PgExecutor<'_>, new: &NewDraft<'_>) -> sqlx::Result<()> {
    query!(
        r#"
        insert into api_revision (version_id, number, file_name, document, sha256, reading, imported_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (version_id, number) do update
        set file_name = excluded.file_name, document = excluded.document, sha256 = excluded.sha256,
            reading = excluded.reading, imported_by = excluded.imported_by, imported_at = now()
        "#,
        new.version.0,
        new.number,
        new.file_name,
        new.document,
        new.sha256,
        Json(new.reading) as _,
        new.imported_by,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Shows the version's draft to partners; answers its number, or nothing where there was no draft.
pub(in super::super) async fn publish(
    db: &mut sqlx::PgConnection,
    version: VersionId,
    note: &str,
    by: &str,
) -> sqlx::Result<Option<i32>> {
    let number = query_scalar!(
        r#"
        update api_revision
        set published_at = now(), note = $2, published_by = $3
        where version_id = $1 and published_at is null
        returning number
        "#,
        version.0,
        note,
        by,
    )
    .fetch_optional(&mut *db)
    .await?;
    if let Some(number) = number {
        query!(
            "update api_version set revision = $2, published_at = coalesce(published_at, now()) where id = $1",
            version.0,
            number,
        )
        .execute(db)
        .await?;
    }
    Ok(number)
}

/// The bytes of a revision's document, as they came.
pub(in super::super) async fn document(
    db: impl PgExecutor<'_>,
    version: VersionId,
    number: i32,
) -> sqlx::Result<Vec<u8>> {
    query_scalar!("select document from api_revision where version_id = $1 and number = $2", version.0, number)
        .fetch_one(db)
        .await
}

/// The bytes of a revision that was published.
pub(in super::super) async fn published_document(
    db: impl PgExecutor<'_>,
    version: VersionId,
    number: i32,
) -> sqlx::Result<Option<Vec<u8>>> {
    query_scalar!(
        "select document from api_revision where version_id = $1 and number = $2 and published_at is not null",
        version.0,
        number,
    )
    .fetch_optional(db)
    .await
}

/// Every revision of a version, the newest first.
pub(in super::super) async fn revisions(db: impl PgExecutor<'_>, version: VersionId) -> sqlx::Result<Vec<RevisionRow>> {
    query_as!(
        RevisionRow,
        r#"
        select number, file_name, sha256, reading as "reading: Json<Reading>", imported_at, imported_by, note,
               published_at, published_by
        from api_revision
        where version_id = $1
        order by number desc
        "#,
        version.0,
    )
    .fetch_all(db)
    .await
}

/// The revision that waits to be published, kept from concurrent changes until the transaction ends.
pub(in super::super) async fn draft(db: impl PgExecutor<'_>, version: VersionId) -> sqlx::Result<Option<RevisionRow>> {
    query_as!(
        RevisionRow,
        r#"
        select number, file_name, sha256, reading as "reading: Json<Reading>", imported_at, imported_by, note,
               published_at, published_by
        from api_revision
        where version_id = $1 and published_at is null
        for update
        "#,
        version.0,
    )
    .fetch_optional(db)
    .await
}

/// Makes the draft of one version the first revision of another, which has none yet.
pub(in super::super) async fn move_draft(db: impl PgExecutor<'_>, from: VersionId, to: VersionId) -> sqlx::Result<()> {
    query!(
        "update api_revision set version_id = $2, number = 1 where version_id = $1 and published_at is null",
        from.0,
        to.0,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Removes the revision that waits to correct a published version; answers whether there was one.
pub(in super::super) async fn discard(db: impl PgExecutor<'_>, version: VersionId) -> sqlx::Result<bool> {
    let done =
        query!("delete from api_revision where version_id = $1 and number > 1 and published_at is null", version.0);
    Ok(done.execute(db).await?.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::{
        super::super::{ImportRequest, import},
        *,
    };
    use crate::audit::Actor;

    async fn published(db: &PgPool) -> VersionId {
        let bytes = b"openapi: 3.1.0\ninfo: {title: Books, version: '1'}\n".to_vec();
        let request = ImportRequest { slug: "books".into(), bytes, publish: true, ..Default::default() };
        import(db, &Actor::system("test"), request).await.unwrap();
        query_scalar!(r#"select id as "id: VersionId" from api_version"#).fetch_one(db).await.unwrap()
    }

    async fn put(db: &PgPool, version: VersionId, number: i32) -> sqlx::Result<()> {
        let reading = query_scalar!(r#"select reading as "reading: Json<Reading>" from api_revision limit 1"#);
        let reading = reading.fetch_one(db).await?;
        let (document, sha256) = (b"another".as_slice(), b"x".as_slice());
        let draft =
            NewDraft { version, number, file_name: "b.yaml", document, sha256, reading: &reading, imported_by: "test" };
        put_draft(db, &draft).await
    }

    #[sqlx::test]
    async fn what_was_published_is_neither_changed_nor_removed(db: PgPool) {
        let version = published(&db).await;
        assert!(put(&db, version, 1).await.is_err(), "another document takes its place");
        for statement in [
            "update api_revision set document = 'other'",
            "update api_revision set note = 'other'",
            "update api_revision set published_at = null",
            "delete from api_revision",
            "delete from api_version",
            "delete from api",
            "update api_version set name = '2'",
            "update api_version set published_at = null",
        ] {
            let error = sqlx::query(statement).execute(&db).await.expect_err(statement).to_string();
            assert!(error.contains("is immutable"), "{statement}: {error}");
        }
    }

    #[sqlx::test]
    async fn a_version_moves_on_to_a_published_revision_and_never_back(db: PgPool) {
        let version = published(&db).await;
        put(&db, version, 2).await.unwrap();
        let revise = |number: i32| sqlx::query("update api_version set revision = $1").bind(number).execute(&db);
        assert!(revise(2).await.is_err(), "it is not published yet");
        let mut tx = db.begin().await.unwrap();
        assert!(publish(&mut tx, version, "", "test").await.is_err(), "a correction says why it was made");
        tx.rollback().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(publish(&mut tx, version, "A typing error", "test").await.unwrap(), Some(2));
        tx.commit().await.unwrap();
        assert!(revise(1).await.is_err(), "there is no way back");
        assert_eq!(document(&db, version, 2).await.unwrap(), b"another");
        assert!(document(&db, version, 1).await.unwrap().starts_with(b"openapi"), "the earlier one stays");
        assert_eq!(publish(&mut db.begin().await.unwrap(), version, "x", "test").await.unwrap(), None);
    }

    #[sqlx::test]
    async fn one_revision_waits_at_a_time(db: PgPool) {
        let version = published(&db).await;
        put(&db, version, 2).await.unwrap();
        put(&db, version, 2).await.unwrap();
        assert!(put(&db, version, 3).await.is_err());
    }
}
