//! What staff read about partners and staff, and the things they change: suspension, rate limits and staff roles.

use sqlx::{PgConnection, PgExecutor, query, query_as, query_scalar};

use super::model::{Numbers, Partner, PartnerApp, PartnerKey, PartnerMember, StaffMember};
use crate::db::{AccountId, AppId, KeyId, OrganizationId};

pub(super) async fn numbers(db: impl PgExecutor<'_>) -> sqlx::Result<Numbers> {
    query_as!(
        Numbers,
        r#"
        select (select count(*) from organization) as "partners!",
               (select count(*) from organization where suspended_at is not null) as "suspended!",
               (select count(*)
                from api_key k
                join app a on a.id = k.app_id and a.deleted_at is null
                join organization o on o.id = a.organization_id and o.suspended_at is null
                where k.revoked_at is null and k.disabled_at is null
                  and (k.expires_at is null or k.expires_at > now())) as "keys!",
               (select count(*) from api_version where published_at is not null) as "published!",
               (select count(*) from api_version where published_at is null) as "unpublished!",
               (select count(*) from mail_message where failed_at is not null) as "failed_mails!",
               (select count(*) from job where finished_at is null and abandoned_at is null) as "waiting_jobs!",
               (select count(*) from job where abandoned_at is not null) as "abandoned_jobs!"
        "#
    )
    .fetch_one(db)
    .await
}

/// The newest partners first: those made before `before`, whose name or address contains `words`.
pub(super) async fn partners(
    db: impl PgExecutor<'_>,
    words: &str,
    before: Option<OrganizationId>,
    limit: i64,
) -> sqlx::Result<Vec<Partner>> {
    query_as!(
        Partner,
        r#"
        select o.id as "id: OrganizationId", o.name, o.email, o.created_at, o.suspended_at,
               (select count(*) from membership m where m.organization_id = o.id) as "members!",
               (select count(*) from app a where a.organization_id = o.id and a.deleted_at is null) as "apps!",
               (select count(*)
                from api_key k
                join app a on a.id = k.app_id
                where a.organization_id = o.id and a.deleted_at is null and k.revoked_at is null) as "keys!",
               o.key_rate_limit
        from organization o
        where ($1::uuid is null or o.id < $1)
          and (position(lower($2::text) in lower(o.name)) > 0 or position(lower($2::text) in lower(o.email)) > 0)
        order by o.id desc
        limit $3
        "#,
        before.map(|id| id.0),
        words,
        limit,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn partner(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Option<Partner>> {
    query_as!(
        Partner,
        r#"
        select o.id as "id: OrganizationId", o.name, o.email, o.created_at, o.suspended_at,
               (select count(*) from membership m where m.organization_id = o.id) as "members!",
               (select count(*) from app a where a.organization_id = o.id and a.deleted_at is null) as "apps!",
               (select count(*)
                from api_key k
                join app a on a.id = k.app_id
                where a.organization_id = o.id and a.deleted_at is null and k.revoked_at is null) as "keys!",
               o.key_rate_limit
        from organization o
        where o.id = $1
        "#,
        id.0,
    )
    .fetch_optional(db)
    .await
}

pub(super) async fn members_of(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Vec<PartnerMember>> {
    query_as!(
        PartnerMember,
        r#"
        select a.name, a.email, m.role, m.created_at
        from membership m
        join account a on a.id = m.account_id
        where m.organization_id = $1
        order by m.created_at, a.id
        "#,
        id.0,
    )
    .fetch_all(db)
    .await
}

pub(super) async fn apps_of(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Vec<PartnerApp>> {
    query_as!(
        PartnerApp,
        r#"
        select id as "id: AppId", name, created_at
        from app
        where organization_id = $1 and deleted_at is null
        order by id
        "#,
        id.0,
    )
    .fetch_all(db)
    .await
}

/// Every key of every app that still exists, those that are revoked last.
pub(super) async fn keys_of(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Vec<PartnerKey>> {
    query_as!(
        PartnerKey,
        r#"
        select k.id as "id: KeyId", k.app_id as "app: AppId", k.name, k.environment, k.scopes,
               (select s.last_four from api_key_secret s where s.key_id = k.id order by s.created_at desc limit 1) as last_four,
               (select max(s.last_used_at) from api_key_secret s where s.key_id = k.id) as last_used_at,
               k.expires_at, k.disabled_at, k.revoked_at
        from api_key k
        join app a on a.id = k.app_id
        where a.organization_id = $1 and a.deleted_at is null
        order by k.revoked_at is not null, k.id desc
        "#,
        id.0,
    )
    .fetch_all(db)
    .await
}

/// Shuts a partner out, and gives its name. `None`: it does not exist, or is shut out already.
pub(super) async fn suspend(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Option<String>> {
    query_scalar!(
        "update organization set suspended_at = now() where id = $1 and suspended_at is null returning name",
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Lets a partner in again, and gives its name. `None`: it does not exist, or is not shut out.
pub(super) async fn reinstate(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<Option<String>> {
    query_scalar!(
        "update organization set suspended_at = null where id = $1 and suspended_at is not null returning name",
        id.0
    )
    .fetch_optional(db)
    .await
}

/// Sets how many calls a minute each key of a partner may make, and gives the partner as it was, its row locked. `None`:
/// it does not exist.
pub(super) async fn set_key_rate_limit(
    db: &mut PgConnection,
    id: OrganizationId,
    limit: Option<i32>,
) -> sqlx::Result<Option<(String, Option<i32>)>> {
    let before = query!("select name, key_rate_limit from organization where id = $1 for update", id.0)
        .fetch_optional(&mut *db)
        .await?;
    query!("update organization set key_rate_limit = $2 where id = $1", id.0, limit).execute(db).await?;
    Ok(before.map(|row| (row.name, row.key_rate_limit)))
}

pub(super) async fn staff(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<StaffMember>> {
    query_as!(
        StaffMember,
        r#"
        select a.id as "id: AccountId", a.name, a.email, a.staff_role as "role!",
               (select max(s.last_seen_at) from session s where s.account_id = a.id) as last_seen_at
        from account a
        where a.staff_role is not null and a.closed_at is null
        order by lower(a.name), a.id
        "#
    )
    .fetch_all(db)
    .await
}

/// Takes somebody off the staff, and gives their address and the role they had. `None`: they were not of the staff.
pub(super) async fn dismiss(db: impl PgExecutor<'_>, id: AccountId) -> sqlx::Result<Option<(String, String)>> {
    let dismissed = query!(
        r#"
        update account a
        set staff_role = null
        from account old
        where a.id = $1 and old.id = a.id and old.staff_role is not null
        returning a.email, old.staff_role as "role!"
        "#,
        id.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(dismissed.map(|row| (row.email, row.role)))
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    async fn organization(db: &PgPool, name: &str) -> OrganizationId {
        let id = OrganizationId::new();
        sqlx::query("insert into organization (id, name, email) values ($1, $2, lower($2) || '@example.com')")
            .bind(id.0)
            .bind(name)
            .execute(db)
            .await
            .unwrap();
        id
    }

    async fn account(db: &PgPool, name: &str, role: Option<&str>) -> AccountId {
        let id = AccountId::new();
        sqlx::query(
            "insert into account (id, email, name, password_hash, staff_role) values ($1, $2 || '@x.example', $2, '', $3)",
        )
        .bind(id.0)
        .bind(name)
        .bind(role)
        .execute(db)
        .await
        .unwrap();
        id
    }

    async fn app_with_keys(db: &PgPool, organization: OrganizationId) -> AppId {
        let (app, live, revoked) = (AppId::new(), KeyId::new(), KeyId::new());
        sqlx::query("insert into app (id, organization_id, name) values ($1, $2, 'Checkout')")
            .bind(app.0)
            .bind(organization.0)
            .execute(db)
            .await
            .unwrap();
        sqlx::query(
            "insert into api_key (id, app_id, environment, name, scopes, created_by, revoked_at) values
             ($1, $3, 'sandbox', 'Till', '{labels:read}', 'Ines', null),
             ($2, $3, 'sandbox', 'Old till', '{}', 'Ines', now())",
        )
        .bind(live.0)
        .bind(revoked.0)
        .bind(app.0)
        .execute(db)
        .await
        .unwrap();
        sqlx::query(
            "insert into api_key_secret (id, key_id, mac, last_four, created_at, last_used_at) values
             (gen_random_uuid(), $1, uuid_send($1), 'AAAA', now() - interval '2 days', now() - interval '1 hour'),
             (gen_random_uuid(), $1, uuid_send($2), 'BBBB', now(), null)",
        )
        .bind(live.0)
        .bind(revoked.0)
        .execute(db)
        .await
        .unwrap();
        app
    }

    #[sqlx::test]
    async fn partners_come_newest_first_in_pages_with_what_they_have(db: PgPool) {
        let first = organization(&db, "Quillmere").await;
        let second = organization(&db, "Tannery").await;
        app_with_keys(&db, first).await;
        let newest = partners(&db, "", None, 1).await.unwrap();
        assert_eq!(newest[0].id, second);
        let older = partners(&db, "", Some(second), 10).await.unwrap();
        assert_eq!(older.len(), 1);
        assert_eq!((older[0].id, older[0].members, older[0].apps, older[0].keys), (first, 0, 1, 1));
        assert_eq!(partner(&db, first).await.unwrap(), Some(older[0].clone()));
        assert_eq!(partner(&db, OrganizationId::new()).await.unwrap(), None);
    }

    #[sqlx::test]
    async fn partners_are_found_by_a_part_of_their_name_or_address(db: PgPool) {
        organization(&db, "Quillmere").await;
        organization(&db, "50% off").await;
        let found = async |words: &str| partners(&db, words, None, 10).await.unwrap().len();
        assert_eq!(found("quill").await, 1);
        assert_eq!(found("QUILLMERE@EXAMPLE").await, 1);
        assert_eq!(found("%").await, 1);
        assert_eq!(found("nobody").await, 0);
    }

    #[sqlx::test]
    async fn a_partner_is_seen_with_its_apps_and_keys_and_nobody_elses(db: PgPool) {
        let (own, other) = (organization(&db, "Quillmere").await, organization(&db, "Tannery").await);
        let app = app_with_keys(&db, own).await;
        app_with_keys(&db, other).await;
        let member = account(&db, "Ines", None).await;
        sqlx::query("insert into membership (organization_id, account_id, role) values ($1, $2, 'owner')")
            .bind(own.0)
            .bind(member.0)
            .execute(&db)
            .await
            .unwrap();
        assert_eq!(apps_of(&db, own).await.unwrap().iter().map(|app| app.id).collect::<Vec<_>>(), [app]);
        assert_eq!(members_of(&db, own).await.unwrap()[0].email, "Ines@x.example");
        assert!(members_of(&db, other).await.unwrap().is_empty());
        let keys = keys_of(&db, own).await.unwrap();
        assert_eq!(keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["Till", "Old till"]);
        assert_eq!(keys[0].last_four.as_deref(), Some("BBBB"));
        assert!(keys[0].last_used_at.is_some(), "the use of the older secret counts");
    }

    #[sqlx::test]
    async fn a_partner_is_suspended_once_and_its_keys_no_longer_count(db: PgPool) {
        let id = organization(&db, "Quillmere").await;
        app_with_keys(&db, id).await;
        assert_eq!(numbers(&db).await.unwrap().keys, 1);
        assert_eq!(suspend(&db, id).await.unwrap().as_deref(), Some("Quillmere"));
        assert_eq!(suspend(&db, id).await.unwrap(), None);
        let suspended = numbers(&db).await.unwrap();
        assert_eq!((suspended.suspended, suspended.keys), (1, 0));
        assert_eq!(reinstate(&db, id).await.unwrap().as_deref(), Some("Quillmere"));
        assert_eq!(reinstate(&db, id).await.unwrap(), None);
        assert_eq!(numbers(&db).await.unwrap().keys, 1);
    }

    #[sqlx::test]
    async fn what_waits_and_what_failed_is_counted(db: PgPool) {
        let statements = [
            "insert into job (id, kind, payload) values (gen_random_uuid(), 'x', '{}')",
            "insert into job (id, kind, payload, abandoned_at) values (gen_random_uuid(), 'x', '{}', now())",
            "insert into mail_message
                (id, kind, recipient, recipient_name, subject, text_body, html_body, message_id, failed_at)
             values (gen_random_uuid(), 'x', 'a', 'a', 'a', 'a', 'a', 'a', now())",
        ];
        for statement in statements {
            sqlx::query(statement).execute(&db).await.unwrap();
        }
        let expected = Numbers { waiting_jobs: 1, abandoned_jobs: 1, failed_mails: 1, ..Numbers::default() };
        assert_eq!(numbers(&db).await.unwrap(), expected);
    }

    #[sqlx::test]
    async fn somebody_who_is_dismissed_is_no_longer_of_the_staff(db: PgPool) {
        account(&db, "Partner", None).await;
        let editor = account(&db, "Ada", Some("editor")).await;
        let staff_now = staff(&db).await.unwrap();
        let people: Vec<_> = staff_now.iter().map(|person| (person.id, person.role.as_str())).collect();
        assert_eq!(people, [(editor, "editor")]);
        let dismissed = dismiss(&db, editor).await.unwrap();
        assert_eq!(dismissed, Some(("Ada@x.example".into(), "editor".into())));
        assert_eq!(dismiss(&db, editor).await.unwrap(), None);
        assert!(staff(&db).await.unwrap().is_empty());
    }
}
