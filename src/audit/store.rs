//! The trail's table.

use serde_json::Value;
use sqlx::{PgConnection, PgExecutor, query, query_as, query_scalar};
use time::OffsetDateTime;

use super::{Actor, Entry};
use crate::db::{AuditId, OrganizationId};

/// An entry as it was written.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its place in the chain.
    pub seq: i64,
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// `account`, `token`, `system` or `anonymous`.
    pub actor_kind: String,
    /// The actor's public id.
    pub actor_id: Option<String>,
    /// What people call the actor.
    pub actor_label: String,
    /// What happened.
    pub action: String,
    /// The kind of thing it happened to.
    pub subject_kind: String,
    /// Its public id.
    pub subject_id: String,
    /// What people call it.
    pub subject_label: String,
    /// Whose it is.
    pub organization: Option<OrganizationId>,
    /// The organization's name today; `None` where it is gone.
    pub organization_name: Option<String>,
    /// The state before.
    pub before: Option<Value>,
    /// The state after.
    pub after: Option<Value>,
    /// The request.
    pub request_id: Option<String>,
    /// Where it came from.
    pub address: Option<String>,
}

/// Writes an entry in the transaction of the change.
pub async fn record(db: &mut PgConnection, actor: &Actor, entry: Entry) -> sqlx::Result<()> {
    query!(
        r#"
        insert into audit_entry (
            id, actor_kind, actor_id, actor_label, action,
            subject_kind, subject_id, subject_label, organization_id, before, after, request_id, address
        ) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        "#,
        AuditId::new().0,
        actor.kind,
        actor.id,
        actor.label,
        entry.action,
        entry.subject.kind,
        entry.subject.id,
        entry.subject.label,
        entry.subject.organization.map(|organization| organization.0),
        entry.before,
        entry.after,
        actor.request_id,
        actor.address,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Which entries to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those of one organization.
    pub organization: Option<OrganizationId>,
    /// Only those whose actor has this id, or this in its name.
    pub actor: Option<String>,
    /// Only this action, or all actions on this kind of thing: `key.revoked`, `key`.
    pub action: Option<String>,
    /// Only those before this place in the chain.
    pub before: Option<i64>,
}

/// The newest entries first.
pub async fn list(db: impl PgExecutor<'_>, filter: Filter, limit: i64) -> sqlx::Result<Vec<Recorded>> {
    query_as!(
        Recorded,
        r#"
        select e.seq, e.id as "id: AuditId", e.at, e.actor_kind, e.actor_id, e.actor_label, e.action,
               e.subject_kind, e.subject_id, e.subject_label, e.organization_id as "organization: OrganizationId",
               o.name as "organization_name?", e.before, e.after, e.request_id, e.address
        from audit_entry e
        left join organization o on o.id = e.organization_id
        where ($1::uuid is null or e.organization_id = $1)
          and ($2::bigint is null or e.seq < $2)
          and ($3::text is null or e.actor_id = $3 or position(lower($3) in lower(e.actor_label)) > 0)
          and ($4::text is null or e.action = $4 or starts_with(e.action, $4 || '.'))
        order by e.seq desc
        limit $5
        "#,
        filter.organization.map(|organization| organization.0),
        filter.before,
        filter.actor,
        filter.action,
        limit,
    )
    .fetch_all(db)
    .await
}

/// The newest entries about one thing first.
pub async fn of_subject(
    db: impl PgExecutor<'_>,
    kind: &str,
    id: impl ToString,
    limit: i64,
) -> sqlx::Result<Vec<Recorded>> {
    query_as!(
        Recorded,
        r#"
        select e.seq, e.id as "id: AuditId", e.at, e.actor_kind, e.actor_id, e.actor_label, e.action,
               e.subject_kind, e.subject_id, e.subject_label, e.organization_id as "organization: OrganizationId",
               o.name as "organization_name?", e.before, e.after, e.request_id, e.address
        from audit_entry e
        left join organization o on o.id = e.organization_id
        where e.subject_kind = $1 and e.subject_id = $2
        order by e.seq desc
        limit $3
        "#,
        kind,
        id.to_string(),
        limit,
    )
    .fetch_all(db)
    .await
}

/// The place of the newest entry.
pub(super) async fn newest_seq(db: impl PgExecutor<'_>) -> sqlx::Result<Option<i64>> {
    query_scalar!("select max(seq) from audit_entry").fetch_one(db).await
}

/// What an organization is called today.
pub(super) async fn organization_name(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
) -> sqlx::Result<Option<String>> {
    query_scalar!("select name from organization where id = $1", organization.0).fetch_optional(db).await
}

/// The first place in the chain that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Its number.
    pub seq: i64,
}

/// Walks the whole chain. `Ok(None)`: every entry is as it was written, and none is missing between two others.
pub async fn verify(db: impl PgExecutor<'_>) -> sqlx::Result<Option<Broken>> {
    let seq = query_scalar!(
        r#"
        select min(seq)
        from (
            select e.seq,
                   e.hash = audit_entry_digest(e) as is_whole,
                   lag(e.hash, 1, '\x00'::bytea) over (order by e.seq) = e.previous_hash as follows,
                   e.seq = lag(e.seq, 1, 0::bigint) over (order by e.seq) + 1 as is_next
            from audit_entry e
        ) as chain
        where not (is_whole and follows and is_next)
        "#
    )
    .fetch_one(db)
    .await?;
    Ok(seq.map(|seq| Broken { seq }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;
    use crate::audit::Subject;

    async fn write(db: &PgPool, label: &str) {
        let mut tx = db.begin().await.unwrap();
        let entry = Entry::new("key.revoked", Subject::of(OrganizationId::new(), "key", "key_1", label))
            .before(json!({ "name": label }));
        record(&mut tx, &Actor::system("test"), entry).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[sqlx::test]
    async fn entries_are_listed_newest_first(db: PgPool) {
        write(&db, "a").await;
        write(&db, "b").await;
        let entries = list(&db, Filter::default(), 10).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 1]);
        let older = list(&db, Filter { before: Some(2), ..Filter::default() }, 10).await.unwrap();
        assert_eq!(older[0].subject_label, "a");
        let of_nobody = Filter { organization: Some(OrganizationId::new()), ..Filter::default() };
        assert_eq!(list(&db, of_nobody, 10).await.unwrap().len(), 0);
    }

    #[sqlx::test]
    async fn entries_are_found_by_who_acted_and_by_what_they_did(db: PgPool) {
        let ada = Actor { kind: "account", id: Some("usr_1".into()), ..Actor::system("Ada Marsh") };
        let subject = || Subject::own("key", "key_1", "Till");
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &ada, Entry::new("key.revoked", subject())).await.unwrap();
        record(&mut tx, &ada, Entry::new("key_ring.opened", subject())).await.unwrap();
        record(&mut tx, &Actor::system("100%"), Entry::new("key.issued", subject())).await.unwrap();
        tx.commit().await.unwrap();
        let found = async |actor: Option<&str>, action: Option<&str>| {
            let (actor, action) = (actor.map(str::to_owned), action.map(str::to_owned));
            let entries = list(&db, Filter { actor, action, ..Filter::default() }, 10).await.unwrap();
            entries.into_iter().map(|entry| entry.action).collect::<Vec<_>>()
        };
        assert_eq!(found(Some("marsh"), None).await, ["key_ring.opened", "key.revoked"]);
        assert_eq!(found(Some("usr_1"), Some("key")).await, ["key.revoked"]);
        assert_eq!(found(Some("%"), None).await, ["key.issued"]);
        assert_eq!(found(None, Some("key.issued")).await, ["key.issued"]);
        assert!(found(None, Some("key.iss")).await.is_empty());
    }

    #[sqlx::test]
    async fn an_entry_carries_the_name_of_its_organization_as_long_as_that_exists(db: PgPool) {
        let id = OrganizationId::new();
        sqlx::query("insert into organization (id, name, email) values ($1, 'Quillmere', 'ines@quillmere.example')")
            .bind(id.0)
            .execute(&db)
            .await
            .unwrap();
        let mut tx = db.begin().await.unwrap();
        record(&mut tx, &Actor::system("test"), Entry::new("key.issued", Subject::of(id, "key", "key_1", "Till")))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let name = async || list(&db, Filter::default(), 1).await.unwrap().remove(0).organization_name;
        assert_eq!(name().await.as_deref(), Some("Quillmere"));
        assert_eq!(organization_name(&db, id).await.unwrap().as_deref(), Some("Quillmere"));
        sqlx::query("delete from organization").execute(&db).await.unwrap();
        assert_eq!(name().await, None);
        assert_eq!(newest_seq(&db).await.unwrap(), Some(1));
    }

    #[sqlx::test]
    async fn entries_cannot_be_changed_or_removed(db: PgPool) {
        write(&db, "a").await;
        for statement in ["update audit_entry set action = 'x'", "delete from audit_entry", "truncate audit_entry"] {
            let refused = sqlx::query(statement).execute(&db).await.unwrap_err();
            assert!(refused.to_string().contains("append-only"), "{statement}: {refused}");
        }
    }

    #[sqlx::test]
    async fn a_change_behind_the_portals_back_shows(db: PgPool) {
        for label in ["a", "b", "c"] {
            write(&db, label).await;
        }
        assert_eq!(verify(&db).await.unwrap(), None);
        let mut behind = db.begin().await.unwrap();
        sqlx::query("set local session_replication_role = replica").execute(&mut *behind).await.unwrap();
        sqlx::query("update audit_entry set actor_label = 'nobody' where seq = 2").execute(&mut *behind).await.unwrap();
        assert_eq!(verify(&mut *behind).await.unwrap(), Some(Broken { seq: 2 }));
        behind.rollback().await.unwrap();

        let mut behind = db.begin().await.unwrap();
        sqlx::query("set local session_replication_role = replica").execute(&mut *behind).await.unwrap();
        sqlx::query("delete from audit_entry where seq = 2").execute(&mut *behind).await.unwrap();
        assert_eq!(verify(&mut *behind).await.unwrap(), Some(Broken { seq: 3 }));
    }

    #[sqlx::test]
    async fn parallel_writers_make_one_chain(db: PgPool) {
        let writers = (0..20).map(|n| {
            let db = db.clone();
            tokio::spawn(async move { write(&db, &n.to_string()).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(list(&db, Filter::default(), 100).await.unwrap().len(), 20);
        assert_eq!(verify(&db).await.unwrap(), None);
    }
}
