//! The tables of organizations, memberships and invitations.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor, query, query_as, query_scalar};
use time::OffsetDateTime;

use super::Organization;
use crate::{
    db::{AccountId, InvitationId, OrganizationId},
    web::Role,
};

/// A member as the team page shows them.
#[derive(Clone, Debug)]
pub struct TeamMember {
    /// The account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: String,
    /// Since when.
    pub created_at: OffsetDateTime,
}

/// The members of an organization, longest first.
pub async fn members(db: impl PgExecutor<'_>, organization: OrganizationId) -> sqlx::Result<Vec<TeamMember>> {
    query_as!(
        TeamMember,
        r#"
        select a.id as "account: AccountId", a.name, a.email, m.role, m.created_at
        from membership m
        join account a on a.id = m.account_id
        where m.organization_id = $1 and a.closed_at is null
        order by m.created_at, a.id
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await
}

/// One member of an organization.
pub async fn member(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    account: AccountId,
) -> sqlx::Result<Option<TeamMember>> {
    query_as!(
        TeamMember,
        r#"
        select a.id as "account: AccountId", a.name, a.email, m.role, m.created_at
        from membership m
        join account a on a.id = m.account_id
        where m.organization_id = $1 and m.account_id = $2
        "#,
        organization.0,
        account.0,
    )
    .fetch_optional(db)
    .await
}

/// Somebody to write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Everybody of an organization to write to: its members, or its own address where it has none.
pub async fn people(db: impl PgExecutor<'_>, organization: OrganizationId) -> sqlx::Result<Vec<Person>> {
    query_as!(
        Person,
        r#"
        with member as (
            select a.name, a.email
            from membership m
            join account a on a.id = m.account_id
            where m.organization_id = $1 and a.closed_at is null
        )
        select name as "name!", email as "email!" from member
        union all
        select name, email from organization where id = $1 and not exists (select from member)
        order by 2
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await
}

/// How many owners an organization has; locks its memberships, so that two owners cannot step down at once.
pub async fn owners(db: &mut PgConnection, organization: OrganizationId) -> sqlx::Result<usize> {
    let owners = query_scalar!(
        "select account_id from membership where organization_id = $1 and role = 'owner' for update",
        organization.0,
    )
    .fetch_all(db)
    .await?;
    Ok(owners.len())
}

/// Gives a member another role.
pub async fn set_role(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    account: AccountId,
    role: Role,
) -> sqlx::Result<()> {
    query!(
        "update membership set role = $3 where organization_id = $1 and account_id = $2",
        organization.0,
        account.0,
        role.as_str(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Removes a member.
pub async fn remove(db: impl PgExecutor<'_>, organization: OrganizationId, account: AccountId) -> sqlx::Result<()> {
    query!("delete from membership where organization_id = $1 and account_id = $2", organization.0, account.0)
        .execute(db)
        .await
        .map(|_| ())
}

/// Adds a member; one who belongs already keeps their role.
pub async fn add(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    account: AccountId,
    role: Role,
) -> sqlx::Result<()> {
    query!(
        r#"
        insert into membership (organization_id, account_id, role) values ($1, $2, $3)
        on conflict (organization_id, account_id) do nothing
        "#,
        organization.0,
        account.0,
        role.as_str(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// An invitation that waits for an answer.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Where to.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The invited address.
    pub email: String,
    /// The role.
    pub role: String,
    /// Until when.
    pub expires_at: OffsetDateTime,
}

/// Keeps an invitation.
pub async fn invite(
    db: impl PgExecutor<'_>,
    (organization, invited_by): (OrganizationId, AccountId),
    (email, role): (&str, Role),
    token_hash: &[u8],
    lifetime: Duration,
) -> sqlx::Result<InvitationId> {
    let id = InvitationId::new();
    query!(
        r#"
        insert into invitation (id, organization_id, email, role, invited_by, token_hash, expires_at)
        values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
        "#,
        id.0,
        organization.0,
        email,
        role.as_str(),
        invited_by.0,
        token_hash,
        lifetime.as_secs_f64(),
    )
    .execute(db)
    .await?;
    Ok(id)
}

/// The open invitations of an organization, newest first.
pub async fn invitations(db: impl PgExecutor<'_>, organization: OrganizationId) -> sqlx::Result<Vec<Invitation>> {
    query_as!(
        Invitation,
        r#"
        select i.id as "id: InvitationId", o.id as "organization: OrganizationId", o.name as organization_name,
               i.email, i.role, i.expires_at
        from invitation i
        join organization o on o.id = i.organization_id
        where i.organization_id = $1 and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now()
        order by i.created_at desc
        "#,
        organization.0,
    )
    .fetch_all(db)
    .await
}

/// The invitation behind a link that is still good.
pub async fn invitation(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<Option<Invitation>> {
    query_as!(
        Invitation,
        r#"
        select i.id as "id: InvitationId", o.id as "organization: OrganizationId", o.name as organization_name,
               i.email, i.role, i.expires_at
        from invitation i
        join organization o on o.id = i.organization_id
        where i.token_hash = $1 and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > now()
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await
}

/// Marks an invitation as accepted. `false`: it was accepted or withdrawn in the meantime.
pub async fn accept(db: impl PgExecutor<'_>, id: InvitationId) -> sqlx::Result<bool> {
    let done = query!(
        "update invitation set accepted_at = now() where id = $1 and accepted_at is null and withdrawn_at is null",
        id.0
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Withdraws an open invitation of an organization, and says to whom it went.
pub async fn withdraw(
    db: impl PgExecutor<'_>,
    organization: OrganizationId,
    id: InvitationId,
) -> sqlx::Result<Option<String>> {
    query_scalar!(
        r#"
        update invitation set withdrawn_at = now()
        where id = $1 and organization_id = $2 and accepted_at is null and withdrawn_at is null
        returning email
        "#,
        id.0,
        organization.0,
    )
    .fetch_optional(db)
    .await
}

/// The organizations of an account.
pub async fn of_account(db: impl PgExecutor<'_>, account: AccountId) -> sqlx::Result<Vec<(OrganizationId, String)>> {
    let rows = query!(
        r#"
        select o.id as "id: OrganizationId", o.name
        from membership m
        join organization o on o.id = m.organization_id
        where m.account_id = $1 and o.suspended_at is null
        order by o.name
        "#,
        account.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Organizations, newest first, after the one whose id is given.
pub async fn page(
    db: impl PgExecutor<'_>,
    after: Option<OrganizationId>,
    rows: i64,
) -> sqlx::Result<Vec<Organization>> {
    query_as!(
        Organization,
        r#"
        select id as "id: OrganizationId", name, email, created_at, suspended_at
        from organization
        where $1::uuid is null or id < $1
        order by id desc
        limit $2
        "#,
        after.map(|id| id.0),
        rows,
    )
    .fetch_all(db)
    .await
}

/// Makes an organization that has no members yet.
pub async fn create(db: impl PgExecutor<'_>, name: &str, email: &str) -> sqlx::Result<Organization> {
    query_as!(
        Organization,
        r#"
        insert into organization (id, name, email) values ($1, $2, $3)
        returning id as "id: OrganizationId", name, email, created_at, suspended_at
        "#,
        OrganizationId::new().0,
        name,
        email,
    )
    .fetch_one(db)
    .await
}

/// Whether there is such an organization.
pub async fn exists(db: impl PgExecutor<'_>, id: OrganizationId) -> sqlx::Result<bool> {
    query_scalar!(r#"select exists (select from organization where id = $1) as "exists!""#, id.0).fetch_one(db).await
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sqlx::PgPool;

    use super::*;

    #[sqlx::test]
    async fn walking_the_pages_loses_and_doubles_nothing_while_others_add(db: PgPool) {
        let mut before = HashSet::new();
        for n in 0..7 {
            before.insert(create(&db, &format!("Partner {n}"), "it@example.com").await.unwrap().id);
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let rows = page(&db, after, 2).await.unwrap();
            create(&db, "Added meanwhile", "it@example.com").await.unwrap();
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            seen.extend(rows.iter().map(|organization| organization.id));
        }
        assert_eq!(seen.len(), before.len());
        assert_eq!(seen.into_iter().collect::<HashSet<_>>(), before);
    }

    #[sqlx::test]
    async fn an_organization_exists_once_it_is_made(db: PgPool) {
        let made = create(&db, "Quillmere", "it@quillmere.example").await.unwrap();
        assert!(exists(&db, made.id).await.unwrap());
        assert!(!exists(&db, OrganizationId::new()).await.unwrap());
    }
}
