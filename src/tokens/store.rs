//! The table of tokens.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sqlx::{PgConnection, PgExecutor, query, query_as};

use super::{Holder, NewToken, Token};
use crate::{
    audit::{self, Actor, Entry, Subject},
    credential,
    db::{OrganizationId, TokenId},
    vault::{Fingerprint, Vault},
    web::Caller,
};

/// A token that was just made.
pub struct Issued {
    /// Its id.
    pub id: TokenId,
    /// The token itself, to be shown once.
    pub secret: SecretString,
}

/// Makes a token, and records who made it.
pub async fn issue(
    tx: &mut PgConnection,
    vault: &Vault,
    prefix: &str,
    actor: &Actor,
    new: NewToken,
) -> sqlx::Result<Issued> {
    let secret = credential::generate(prefix, new.holder.kind());
    let text = secret.expose_secret();
    let mac = vault.fingerprint(text);
    let scopes: Vec<String> = new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
    let id = TokenId::new();
    query!(
        r#"
        insert into api_token (id, organization_id, name, scopes, mac, last_four, created_by)
        values ($1, $2, $3, $4, $5, $6, $7)
        "#,
        id.0,
        new.holder.organization().map(|organization| organization.0),
        new.name.as_str(),
        &scopes,
        mac.as_slice(),
        credential::last_four(text),
        actor.label,
    )
    .execute(&mut *tx)
    .await?;
    let subject = subject(new.holder, id, new.name.as_str());
    audit::record(tx, actor, Entry::new("token.created", subject).after(json!({ "scopes": scopes }))).await?;
    Ok(Issued { id, secret })
}

/// Revokes a token, and records who did. `false`: it was revoked before.
pub async fn revoke(tx: &mut PgConnection, actor: &Actor, token: &Token) -> sqlx::Result<bool> {
    let done = query!("update api_token set revoked_at = now() where id = $1 and revoked_at is null", token.id.0)
        .execute(&mut *tx)
        .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    let subject = subject(Holder::of(token.organization), token.id, &token.name);
    audit::record(tx, actor, Entry::new("token.revoked", subject).before(json!({ "scopes": token.scopes }))).await?;
    Ok(true)
}

fn subject(holder: Holder, id: TokenId, name: &str) -> Subject {
    match holder {
        Holder::Staff => Subject::own("token", id, name),
        Holder::Organization(organization) => Subject::of(organization, "token", id, name),
    }
}

/// A holder's tokens, newest first; revoked ones after all others.
pub async fn of(db: impl PgExecutor<'_>, holder: Holder) -> sqlx::Result<Vec<Token>> {
    query_as!(
        Token,
        r#"
        select id as "id: TokenId", organization_id as "organization: OrganizationId", name, scopes, last_four,
               created_by, created_at, last_used_at, revoked_at
        from api_token
        where organization_id is not distinct from $1
        order by revoked_at is not null, id desc
        "#,
        holder.organization().map(|organization| organization.0),
    )
    .fetch_all(db)
    .await
}

/// The token of a request, and whether its organization is suspended.
pub struct Found {
    /// The program that has the token.
    pub caller: Caller,
    /// Whether its organization is suspended.
    pub is_suspended: bool,
}

/// Finds a token that was not revoked.
pub async fn by_fingerprints(db: impl PgExecutor<'_>, fingerprints: &[Fingerprint]) -> sqlx::Result<Option<Found>> {
    let macs: Vec<Vec<u8>> = fingerprints.iter().map(|mac| mac.to_vec()).collect();
    let row = query!(
        r#"
        select t.id as "id: TokenId", t.name, t.organization_id as "organization: OrganizationId", t.scopes,
               o.suspended_at is not null as "is_suspended!"
        from api_token t
        left join organization o on o.id = t.organization_id
        where t.mac = any($1) and t.revoked_at is null
        "#,
        &macs,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Found {
        caller: Caller { token: row.id, name: row.name, organization: row.organization, scopes: row.scopes },
        is_suspended: row.is_suspended,
    }))
}

/// Notes that a token was used, at most once a minute.
pub async fn note_use(db: impl PgExecutor<'_>, id: TokenId) -> sqlx::Result<()> {
    query!(
        r#"
        update api_token set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')
        "#,
        id.0,
    )
    .execute(db)
    .await
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;
    use crate::{config::MasterKey, name::Name, tokens::Scope};

    const OLD: MasterKey = MasterKey([1; 32]);
    const NEW: MasterKey = MasterKey([2; 32]);

    async fn organization(db: &PgPool) -> OrganizationId {
        let id = OrganizationId::new();
        query!("insert into organization (id, name, email) values ($1, 'Quillmere', 'it@quillmere.example')", id.0)
            .execute(db)
            .await
            .unwrap();
        id
    }

    async fn make(db: &PgPool, vault: &Vault, holder: Holder) -> Issued {
        let mut tx = db.begin().await.unwrap();
        let new = NewToken { holder, name: Name::parse("Nightly sync").unwrap(), scopes: vec![Scope::TokensWrite] };
        let issued = issue(&mut tx, vault, "vst", &Actor::system("test"), new).await.unwrap();
        tx.commit().await.unwrap();
        issued
    }

    async fn find(db: &PgPool, vault: &Vault, issued: &Issued) -> Option<Found> {
        by_fingerprints(db, &vault.fingerprints(issued.secret.expose_secret())).await.unwrap()
    }

    #[sqlx::test]
    async fn a_token_is_found_by_its_text_and_says_whose_it_is(db: PgPool) {
        let vault = Vault::new(&[NEW]);
        let partner = organization(&db).await;
        let own = make(&db, &vault, Holder::Staff).await;
        let theirs = make(&db, &vault, Holder::Organization(partner)).await;
        assert!(own.secret.expose_secret().starts_with("vst_staff_"));
        assert!(theirs.secret.expose_secret().starts_with("vst_mgmt_"));
        let found = find(&db, &vault, &theirs).await.unwrap();
        assert_eq!((found.caller.token, found.caller.organization), (theirs.id, Some(partner)));
        assert_eq!(found.caller.scopes, ["tokens:write"]);
        assert_eq!(find(&db, &vault, &own).await.unwrap().caller.organization, None);
        assert!(find(&db, &Vault::new(&[OLD]), &own).await.is_none());
    }

    #[sqlx::test]
    async fn the_text_of_a_token_is_nowhere_in_its_row_or_entry(db: PgPool) {
        let issued = make(&db, &Vault::new(&[NEW]), Holder::Staff).await;
        let rows: Vec<String> = sqlx::query_scalar(
            "select api_token::text from api_token union all select audit_entry::text from audit_entry",
        )
        .fetch_all(&db)
        .await
        .unwrap();
        let random = &issued.secret.expose_secret()["vst_staff_".len()..];
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| !row.contains(&random[..30])), "{rows:?}");
    }

    #[sqlx::test]
    async fn a_revoked_token_is_not_found_and_is_revoked_once(db: PgPool) {
        let vault = Vault::new(&[NEW]);
        let issued = make(&db, &vault, Holder::Staff).await;
        let token = of(&db, Holder::Staff).await.unwrap().remove(0);
        let mut tx = db.begin().await.unwrap();
        assert!(revoke(&mut tx, &Actor::system("test"), &token).await.unwrap());
        assert!(!revoke(&mut tx, &Actor::system("test"), &token).await.unwrap());
        tx.commit().await.unwrap();
        assert!(find(&db, &vault, &issued).await.is_none());
        let entries = audit::list(&db, audit::Filter::default(), 10).await.unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(),
            ["token.revoked", "token.created"]
        );
        assert!(of(&db, Holder::Staff).await.unwrap()[0].revoked_at.is_some());
    }

    #[sqlx::test]
    async fn a_new_master_key_leaves_tokens_working(db: PgPool) {
        let issued = make(&db, &Vault::new(&[OLD]), Holder::Staff).await;
        assert!(find(&db, &Vault::new(&[NEW, OLD]), &issued).await.is_some());
    }

    #[sqlx::test]
    async fn holders_see_their_own_tokens_only(db: PgPool) {
        let vault = Vault::new(&[NEW]);
        let (one, other) = (organization(&db).await, organization(&db).await);
        let issued = make(&db, &vault, Holder::Organization(one)).await;
        make(&db, &vault, Holder::Staff).await;
        let seen = of(&db, Holder::Organization(one)).await.unwrap();
        assert_eq!(seen.iter().map(|token| token.id).collect::<Vec<_>>(), [issued.id]);
        assert!(of(&db, Holder::Organization(other)).await.unwrap().is_empty());
    }

    #[sqlx::test]
    async fn a_suspended_organization_is_noticed_and_a_use_is_noted(db: PgPool) {
        let vault = Vault::new(&[NEW]);
        let partner = organization(&db).await;
        let issued = make(&db, &vault, Holder::Organization(partner)).await;
        note_use(&db, issued.id).await.unwrap();
        assert!(of(&db, Holder::Organization(partner)).await.unwrap()[0].last_used_at.is_some());
        query!("update organization set suspended_at = now()").execute(&db).await.unwrap();
        assert!(find(&db, &vault, &issued).await.unwrap().is_suspended);
    }
}
