//! The tables of accounts, sign-ups, resets and sessions.

use std::time::Duration;

use sqlx::{PgConnection, PgExecutor, PgPool, query, query_as, query_scalar};
use time::OffsetDateTime;

use super::EmailAddress;
use crate::{
    db::{AccountId, OrganizationId, SessionId, SignUpId},
    name::Name,
    web::StaffRole,
};

/// An account, as signing in needs it.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The person's name.
    pub name: String,
    /// The address, as it was typed.
    pub email: String,
    /// The password's hash.
    pub password_hash: String,
    /// Whether they belong to the company's staff.
    pub is_staff: bool,
}

/// The open account of an address.
pub async fn by_email(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<Option<Account>> {
    query_as!(
        Account,
        r#"
        select id as "id: AccountId", name, email, password_hash, staff_role is not null as "is_staff!"
        from account
        where lower(email) = lower($1) and closed_at is null
        "#,
        email,
    )
    .fetch_optional(db)
    .await
}

/// An open account.
pub async fn by_id(db: impl PgExecutor<'_>, id: AccountId) -> sqlx::Result<Option<Account>> {
    query_as!(
        Account,
        r#"
        select id as "id: AccountId", name, email, password_hash, staff_role is not null as "is_staff!"
        from account
        where id = $1 and closed_at is null
        "#,
        id.0,
    )
    .fetch_optional(db)
    .await
}

/// Opens an account. The address must not have one.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id: AccountId,
    email: &str,
    name: &str,
    password_hash: &str,
) -> sqlx::Result<()> {
    query!(
        "insert into account (id, email, name, password_hash) values ($1, $2, $3, $4)",
        id.0,
        email,
        name,
        password_hash,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Opens an account whose address is confirmed, and forgets the sign-ups that waited for it.
pub async fn open(db: &mut PgConnection, email: &str, name: &str, password_hash: &str) -> sqlx::Result<AccountId> {
    let id = AccountId::new();
    insert(&mut *db, id, email, name, password_hash).await?;
    forget_sign_ups(&mut *db, email).await?;
    Ok(id)
}

/// Whether an address has an account.
pub async fn exists(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<bool> {
    Ok(by_email(db, email).await?.is_some())
}

/// Makes somebody staff, in a role.
pub async fn set_staff_role(db: impl PgExecutor<'_>, id: AccountId, role: StaffRole) -> sqlx::Result<()> {
    query!("update account set staff_role = $2 where id = $1", id.0, role.as_str()).execute(db).await.map(|_| ())
}

/// Somebody's role among the staff.
pub async fn staff_role(db: impl PgExecutor<'_>, id: AccountId) -> sqlx::Result<Option<String>> {
    query_scalar!("select staff_role from account where id = $1", id.0).fetch_one(db).await
}

/// Whether anybody is staff yet.
pub async fn has_staff(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    query_scalar!(
        r#"select exists (select from account where staff_role is not null and closed_at is null) as "exists!""#
    )
    .fetch_one(db)
    .await
}

/// Changes a name.
pub async fn rename(db: impl PgExecutor<'_>, id: AccountId, name: &Name) -> sqlx::Result<()> {
    query!("update account set name = $2 where id = $1", id.0, name.as_str()).execute(db).await.map(|_| ())
}

/// Replaces a password.
pub async fn set_password(db: impl PgExecutor<'_>, id: AccountId, password_hash: &str) -> sqlx::Result<()> {
    query!("update account set password_hash = $2 where id = $1", id.0, password_hash).execute(db).await.map(|_| ())
}

/// A sign-up that waits for its confirmation.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The address to be confirmed.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The name of the organization to be made.
    pub organization: String,
    /// The hash of the password they chose.
    pub password_hash: String,
}

/// Keeps a sign-up until its link is confirmed.
pub async fn insert_sign_up(
    db: impl PgExecutor<'_>,
    (email, name, organization): (&EmailAddress, &Name, &Name),
    password_hash: &str,
    token_hash: &[u8],
    lifetime: Duration,
) -> sqlx::Result<()> {
    query!(
        r#"
        insert into sign_up (id, email, name, organization, password_hash, token_hash, expires_at)
        values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
        "#,
        SignUpId::new().0,
        email.as_str(),
        name.as_str(),
        organization.as_str(),
        password_hash,
        token_hash,
        lifetime.as_secs_f64(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The sign-up behind a link that is still good.
pub async fn sign_up(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<Option<SignUp>> {
    query_as!(
        SignUp,
        r#"
        select email, name, organization, password_hash
        from sign_up
        where token_hash = $1 and expires_at > now()
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await
}

/// Forgets every sign-up of an address: it has an account now.
pub async fn forget_sign_ups(db: impl PgExecutor<'_>, email: &str) -> sqlx::Result<()> {
    query!("delete from sign_up where lower(email) = lower($1)", email).execute(db).await.map(|_| ())
}

/// Makes an organization and its first owner.
pub async fn insert_organization(
    db: &mut PgConnection,
    id: OrganizationId,
    name: &str,
    email: &str,
    owner: AccountId,
) -> sqlx::Result<()> {
    query!("insert into organization (id, name, email) values ($1, $2, $3)", id.0, name, email)
        .execute(&mut *db)
        .await?;
    query!("insert into membership (organization_id, account_id, role) values ($1, $2, 'owner')", id.0, owner.0)
        .execute(&mut *db)
        .await
        .map(|_| ())
}

/// Keeps a link that sets a new password.
pub async fn insert_reset(
    db: impl PgExecutor<'_>,
    account: AccountId,
    token_hash: &[u8],
    lifetime: Duration,
) -> sqlx::Result<()> {
    query!(
        r#"
        insert into password_reset (id, account_id, token_hash, expires_at)
        values ($1, $2, $3, now() + make_interval(secs => $4))
        "#,
        uuid::Uuid::now_v7(),
        account.0,
        token_hash,
        lifetime.as_secs_f64(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Whose password a link may set, while it is good.
pub async fn reset_of(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<Option<Account>> {
    query_as!(
        Account,
        r#"
        select a.id as "id: AccountId", a.name, a.email, a.password_hash, a.staff_role is not null as "is_staff!"
        from password_reset r
        join account a on a.id = r.account_id
        where r.token_hash = $1 and r.used_at is null and r.expires_at > now() and a.closed_at is null
        "#,
        token_hash,
    )
    .fetch_optional(db)
    .await
}

/// Uses a link up, with every other of the account. `false`: somebody else used it first.
pub async fn use_resets(db: impl PgExecutor<'_>, account: AccountId) -> sqlx::Result<bool> {
    let done = query!("update password_reset set used_at = now() where account_id = $1 and used_at is null", account.0)
        .execute(db)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// A session as its owner sees it.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Where it was last used from.
    pub address: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: OffsetDateTime,
    /// When it was last used.
    pub last_seen_at: OffsetDateTime,
}

/// Begins a session.
pub async fn insert_session(
    db: impl PgExecutor<'_>,
    account: AccountId,
    token_hash: &[u8],
    (address, user_agent): (&str, &str),
    lifetime: Duration,
) -> sqlx::Result<()> {
    query!(
        r#"
        insert into session (id, account_id, token_hash, address, user_agent, expires_at)
        values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
        "#,
        SessionId::new().0,
        account.0,
        token_hash,
        address,
        user_agent,
        lifetime.as_secs_f64(),
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Who a session's token stands for, and the organization that they act for.
#[derive(Clone, Debug)]
pub struct Recognized {
    pub(super) id: SessionId,
    pub(super) account: AccountId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) staff_role: Option<String>,
    pub(super) organization: Option<OrganizationId>,
    pub(super) organization_name: Option<String>,
    pub(super) role: Option<String>,
    pub(super) is_stale: bool,
}

/// The session of a token, if it has neither ended nor been idle for too long.
pub async fn recognize(db: impl PgExecutor<'_>, token_hash: &[u8], idle: Duration) -> sqlx::Result<Option<Recognized>> {
    query_as!(
        Recognized,
        r#"
        select s.id as "id: SessionId", a.id as "account: AccountId", a.name, a.email, a.staff_role,
               m.organization_id as "organization?: OrganizationId", m.organization_name as "organization_name?",
               m.role as "role?",
               (s.last_seen_at < now() - interval '1 minute') as "is_stale!"
        from session s
        join account a on a.id = s.account_id and a.closed_at is null
        left join lateral (
            select m.organization_id, m.role, o.name as organization_name
            from membership m
            join organization o on o.id = m.organization_id and o.suspended_at is null
            where m.account_id = a.id
            order by (m.organization_id = s.organization_id) desc nulls last, m.created_at
            limit 1
        ) m on true
        where s.token_hash = $1 and s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => $2)
        "#,
        token_hash,
        idle.as_secs_f64(),
    )
    .fetch_optional(db)
    .await
}

/// Notes that a session is in use.
pub async fn touch(db: impl PgExecutor<'_>, id: SessionId) -> sqlx::Result<()> {
    query!("update session set last_seen_at = now() where id = $1", id.0).execute(db).await.map(|_| ())
}

/// The sessions of an account, last used first.
pub async fn sessions(db: impl PgExecutor<'_>, account: AccountId) -> sqlx::Result<Vec<Session>> {
    query_as!(
        Session,
        r#"
        select id as "id: SessionId", address, user_agent, created_at, last_seen_at
        from session
        where account_id = $1 and expires_at > now()
        order by last_seen_at desc
        "#,
        account.0,
    )
    .fetch_all(db)
    .await
}

/// Ends one session of an account. `false`: it has no such session.
pub async fn end_session(db: impl PgExecutor<'_>, account: AccountId, id: SessionId) -> sqlx::Result<bool> {
    let done = query!("delete from session where id = $1 and account_id = $2", id.0, account.0).execute(db).await?;
    Ok(done.rows_affected() > 0)
}

/// Ends the session of a token.
pub async fn end_session_of(db: impl PgExecutor<'_>, token_hash: &[u8]) -> sqlx::Result<()> {
    query!("delete from session where token_hash = $1", token_hash).execute(db).await.map(|_| ())
}

/// Ends every session of an account but one.
pub async fn end_other_sessions(
    db: impl PgExecutor<'_>,
    account: AccountId,
    kept: Option<SessionId>,
) -> sqlx::Result<()> {
    query!(
        "delete from session where account_id = $1 and id is distinct from $2",
        account.0,
        kept.map(|session| session.0)
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Makes a session act for another organization of its account. `false`: the account is no member there.
pub async fn act_for(db: impl PgExecutor<'_>, session: SessionId, organization: OrganizationId) -> sqlx::Result<bool> {
    let done = query!(
        r#"
        update session s set organization_id = $2
        where s.id = $1
          and exists (select from membership m where m.account_id = s.account_id and m.organization_id = $2)
        "#,
        session.0,
        organization.0,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes sessions, sign-ups and resets that have expired.
pub async fn sweep(db: &PgPool) -> sqlx::Result<u64> {
    let sessions = query!("delete from session where expires_at < now()").execute(db).await?.rows_affected();
    let sign_ups = query!("delete from sign_up where expires_at < now()").execute(db).await?.rows_affected();
    let resets = query!("delete from password_reset where expires_at < now() - interval '7 days'")
        .execute(db)
        .await?
        .rows_affected();
    Ok(sessions + sign_ups + resets)
}
