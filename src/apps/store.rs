//! The table of apps. A deleted app keeps its row for the audit trail's sake and is found by nobody.

use serde_json::json;
use sqlx::{PgExecutor, PgPool, query, query_as};

use super::{App, Summary};
use crate::{
    audit::{self, Actor, Entry, Subject},
    db::{AppId, OrganizationId},
    name::Name,
};

/// An app, if it is the organization's.
pub async fn by_id(db: impl PgExecutor<'_>, organization: OrganizationId, id: AppId) -> sqlx::Result<Option<App>> {
    query_as!(
        App,
        r#"
        select id as "id: AppId", organization_id as "organization: OrganizationId", name, created_at
        from app
        where id = $1 and organization_id = $2 and deleted_at is null
        "#,
        id.0,
        organization.0,
    )
    .fetch_optional(db)
    .await
}

/// An organization's apps, newest first, from the one after `after` on.
pub async fn list(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    after: Option<AppId>,
    limit: i64,
) -> sqlx::Result<Vec<App>> {
    query_as!(
        App,
        r#"
        select id as "id: AppId", organization_id as "organization: OrganizationId", name, created_at
        from app
        where organization_id = $1 and deleted_at is null and ($2::uuid is null or id < $2)
        order by id desc
        limit $3
        "#,
        organization.0,
        after.map(|after| after.0),
        limit,
    )
    .fetch_all(db)
    .await
}

/// An organization's apps with their keys in numbers, by name.
pub async fn summaries(db: impl PgExecutor<'_>, organization: OrganizationId) -> sqlx::Result<Vec<Summary>> {
    query_as!(
        Summary,
        r#"
        select a.id as "id: AppId", a.name, a.created_at,
               count(distinct k.id) filter (where k.revoked_at is null) as "keys!",
               max(s.last_used_at) as last_used_at
        from app a
        left join api_key k on k.app_id = a.id
        left join api_key_secret s on s.key_id = k.id
        where a.organization_id = $1 and a.deleted_at is null
        group by a.id
        order by lower(a.name), a.id
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await
}

/// Makes an app. Violates `app_name_unique` where another has the name, in any case of its letters.
pub async fn create(db: &PgPool, actor: &Actor, organization: OrganizationId, name: &Name) -> sqlx::Result<App> {
    let mut tx = db.begin().await?;
    let app = query_as!(
        App,
        r#"
        insert into app (id, organization_id, name) values ($1, $2, $3)
        returning id as "id: AppId", organization_id as "organization: OrganizationId", name, created_at
        "#,
        AppId::new().0,
        organization.0,
        name.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let entry = Entry::new("app.created", subject(&app)).after(json!({ "name": app.name }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(app)
}

/// Gives an app another name.
pub async fn rename(db: &PgPool, actor: &Actor, app: &App, name: &Name) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    query!("update app set name = $2 where id = $1", app.id.0, name.as_str()).execute(&mut *tx).await?;
    let entry = Entry::new("app.renamed", subject(app))
        .before(json!({ "name": app.name }))
        .after(json!({ "name": name.as_str() }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await
}

/// Deletes an app: its keys stop working on every instance within a second.
pub async fn delete(db: &PgPool, actor: &Actor, app: &App) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    let done = query!("update app set deleted_at = now() where id = $1 and deleted_at is null", app.id.0)
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 1 {
        let entry = Entry::new("app.deleted", subject(app)).before(json!({ "name": app.name }));
        audit::record(&mut tx, actor, entry).await?;
    }
    tx.commit().await
}

fn subject(app: &App) -> Subject {
    Subject::of(app.organization, "app", app.id, app.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Filter;

    async fn organization(db: &PgPool) -> OrganizationId {
        let id = OrganizationId::new();
        query!("insert into organization (id, name, email) values ($1, 'Quillmere', 'ines@quillmere.example')", id.0)
            .execute(db)
            .await
            .unwrap();
        id
    }

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    #[sqlx::test]
    async fn an_app_of_another_organization_is_not_found(db: PgPool) {
        let (own, other) = (organization(&db).await, organization(&db).await);
        let app = create(&db, &Actor::system("test"), own, &name("Checkout")).await.unwrap();
        assert!(by_id(&db, own, app.id).await.unwrap().is_some());
        assert!(by_id(&db, other, app.id).await.unwrap().is_none());
        assert!(list(&db, other, None, 10).await.unwrap().is_empty());
    }

    #[sqlx::test]
    async fn two_apps_of_an_organization_do_not_share_a_name(db: PgPool) {
        let (actor, own) = (Actor::system("test"), organization(&db).await);
        let first = create(&db, &actor, own, &name("Checkout")).await.unwrap();
        let taken = create(&db, &actor, own, &name("CHECKOUT")).await.unwrap_err();
        assert_eq!(taken.as_database_error().unwrap().constraint(), Some("app_name_unique"));
        create(&db, &actor, organization(&db).await, &name("Checkout")).await.unwrap();
        delete(&db, &actor, &first).await.unwrap();
        create(&db, &actor, own, &name("Checkout")).await.unwrap();
    }

    #[sqlx::test]
    async fn a_deleted_app_is_found_by_nobody_and_stays_in_the_audit_trail(db: PgPool) {
        let (actor, own) = (Actor::system("test"), organization(&db).await);
        let app = create(&db, &actor, own, &name("Checkout")).await.unwrap();
        rename(&db, &actor, &app, &name("Till")).await.unwrap();
        for _ in 0..2 {
            delete(&db, &actor, &app).await.unwrap();
        }
        assert!(by_id(&db, own, app.id).await.unwrap().is_none());
        assert!(summaries(&db, own).await.unwrap().is_empty());
        let trail = audit::list(&db, Filter { organization: Some(own), ..Filter::default() }, 10).await.unwrap();
        let actions: Vec<&str> = trail.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["app.deleted", "app.renamed", "app.created"]);
    }

    #[sqlx::test]
    async fn a_list_goes_on_after_the_last_app_seen(db: PgPool) {
        let (actor, own) = (Actor::system("test"), organization(&db).await);
        for text in ["one", "two", "three"] {
            create(&db, &actor, own, &name(text)).await.unwrap();
        }
        let first = list(&db, own, None, 2).await.unwrap();
        let rest = list(&db, own, Some(first[1].id), 2).await.unwrap();
        let names: Vec<&str> = first.iter().chain(&rest).map(|app| app.name.as_str()).collect();
        assert_eq!(names, ["three", "two", "one"]);
    }
}
