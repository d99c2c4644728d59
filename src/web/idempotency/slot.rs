//! Where the answer of a repeated request is kept: one row for each token, endpoint and key.

use sqlx::{PgPool, query, query_scalar};
use time::OffsetDateTime;

use crate::db::TokenId;

/// A claim without an answer belongs to an instance that died, in seconds.
const ABANDONED_AFTER: f64 = 60.0;
/// How long an answer is repeated, in hours.
const KEPT_HOURS: i32 = 24;

/// Where an answer is kept.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) token: TokenId,
    pub(super) endpoint: String,
    pub(super) key: String,
}

/// What a request finds in its slot.
#[derive(Debug, PartialEq)]
pub(super) enum Claim {
    /// Nothing: it runs. The moment tells this claim from a later one.
    Mine(OffsetDateTime),
    /// Another request, not at its end.
    Running,
    /// Another request that said something else.
    OtherPayload,
    /// The sealed answer.
    Answered(Vec<u8>),
}

impl Slot {
    /// Takes the slot, or says what is in it.
    pub(super) async fn claim(&self, db: &PgPool, payload: &[u8]) -> sqlx::Result<Claim> {
        let claimed = query_scalar!(
            r#"
            insert into idempotency_key as k (token_id, endpoint, key, request_hash)
            values ($1, $2, $3, $4)
            on conflict (token_id, endpoint, key) do update
            set request_hash = excluded.request_hash, created_at = now(), answer = null, answered_at = null
            where k.created_at < now() - make_interval(hours => $6)
               or (k.answered_at is null and k.request_hash = excluded.request_hash
                   and k.created_at < now() - make_interval(secs => $5))
            returning created_at
            "#,
            self.token.0,
            self.endpoint,
            self.key,
            payload,
            ABANDONED_AFTER,
            KEPT_HOURS,
        )
        .fetch_optional(db)
        .await?;
        match claimed {
            Some(since) => Ok(Claim::Mine(since)),
            None => self.find(db, payload).await,
        }
    }

    async fn find(&self, db: &PgPool, payload: &[u8]) -> sqlx::Result<Claim> {
        let found = query!(
            r#"
            select request_hash = $4 as "is_same!", answer
            from idempotency_key
            where token_id = $1 and endpoint = $2 and key = $3
            "#,
            self.token.0,
            self.endpoint,
            self.key,
            payload,
        )
        .fetch_optional(db)
        .await?;
        Ok(match found {
            Some(found) if !found.is_same => Claim::OtherPayload,
            Some(found) => found.answer.map_or(Claim::Running, Claim::Answered),
            // Released between the two statements: the client repeats the request, as this answer says.
            None => Claim::Running,
        })
    }

    /// Puts the sealed answer into the slot that was taken at `since`.
    pub(super) async fn settle(&self, db: &PgPool, since: OffsetDateTime, sealed: &[u8]) -> sqlx::Result<()> {
        query!(
            r#"
            update idempotency_key
            set answer = $5, answered_at = now()
            where token_id = $1 and endpoint = $2 and key = $3 and created_at = $4
            "#,
            self.token.0,
            self.endpoint,
            self.key,
            since,
            sealed,
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Empties the slot that was taken at `since`.
    pub(super) async fn release(&self, db: &PgPool, since: OffsetDateTime) -> sqlx::Result<()> {
        query!(
            r#"
            delete from idempotency_key
            where token_id = $1 and endpoint = $2 and key = $3 and created_at = $4 and answered_at is null
            "#,
            self.token.0,
            self.endpoint,
            self.key,
            since,
        )
        .execute(db)
        .await
        .map(|_| ())
    }

    /// Where the answer can be unsealed, and nowhere else.
    pub(super) fn place(&self) -> String {
        format!("idempotency {} {} {}", self.token, self.endpoint, self.key)
    }
}

/// Removes the keys whose time is over.
pub async fn sweep(db: &PgPool) -> sqlx::Result<u64> {
    let done = query!("delete from idempotency_key where created_at < now() - make_interval(hours => $1)", KEPT_HOURS)
        .execute(db)
        .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn slot(db: &PgPool) -> Slot {
        let token = TokenId::new();
        query!(
            "insert into api_token (id, name, scopes, mac, last_four, created_by) values ($1, 't', '{}', $2, '', '')",
            token.0,
            token.0.as_bytes().as_slice(),
        )
        .execute(db)
        .await
        .unwrap();
        Slot { token, endpoint: "/api/v1/apps".into(), key: "k".into() }
    }

    async fn mine(db: &PgPool, slot: &Slot, payload: &[u8]) -> OffsetDateTime {
        match slot.claim(db, payload).await.unwrap() {
            Claim::Mine(since) => since,
            other => panic!("the slot was not free: {other:?}"),
        }
    }

    async fn age(db: &PgPool, seconds: f64) {
        query!("update idempotency_key set created_at = created_at - make_interval(secs => $1)", seconds)
            .execute(db)
            .await
            .unwrap();
    }

    #[sqlx::test]
    async fn of_parallel_requests_exactly_one_runs(db: PgPool) {
        let slot = slot(&db).await;
        let claims = (0..8).map(|_| {
            let (db, slot) = (db.clone(), slot.clone());
            tokio::spawn(async move { slot.claim(&db, b"same").await.unwrap() })
        });
        let mut mine = 0;
        for claim in claims.collect::<Vec<_>>() {
            match claim.await.unwrap() {
                Claim::Mine(_) => mine += 1,
                other => assert_eq!(other, Claim::Running),
            }
        }
        assert_eq!(mine, 1);
    }

    #[sqlx::test]
    async fn an_answer_is_kept_for_its_payload_token_and_endpoint(db: PgPool) {
        let first = slot(&db).await;
        let since = mine(&db, &first, b"same").await;
        assert_eq!(first.claim(&db, b"other").await.unwrap(), Claim::OtherPayload);
        first.settle(&db, since, b"sealed").await.unwrap();
        assert_eq!(first.claim(&db, b"same").await.unwrap(), Claim::Answered(b"sealed".to_vec()));
        assert_eq!(first.claim(&db, b"other").await.unwrap(), Claim::OtherPayload);
        mine(&db, &Slot { endpoint: "/api/v1/other".into(), ..first }, b"other").await;
        mine(&db, &slot(&db).await, b"other").await;
    }

    #[sqlx::test]
    async fn a_released_slot_takes_another_payload(db: PgPool) {
        let slot = slot(&db).await;
        let since = mine(&db, &slot, b"wrong").await;
        slot.release(&db, since).await.unwrap();
        mine(&db, &slot, b"right").await;
    }

    #[sqlx::test]
    async fn an_abandoned_slot_is_taken_over_and_its_first_owner_changes_nothing(db: PgPool) {
        let slot = slot(&db).await;
        let first = mine(&db, &slot, b"same").await;
        age(&db, 59.0).await;
        assert_eq!(slot.claim(&db, b"same").await.unwrap(), Claim::Running);
        age(&db, 2.0).await;
        assert_eq!(slot.claim(&db, b"other").await.unwrap(), Claim::OtherPayload);
        mine(&db, &slot, b"same").await;
        slot.settle(&db, first, b"late").await.unwrap();
        slot.release(&db, first).await.unwrap();
        assert_eq!(slot.claim(&db, b"same").await.unwrap(), Claim::Running);
    }

    #[sqlx::test]
    async fn after_a_day_a_key_is_free_again(db: PgPool) {
        let slot = slot(&db).await;
        let since = mine(&db, &slot, b"same").await;
        slot.settle(&db, since, b"sealed").await.unwrap();
        assert_eq!(sweep(&db).await.unwrap(), 0);
        age(&db, 86_401.0).await;
        mine(&db, &slot, b"other").await;
        age(&db, 86_401.0).await;
        assert_eq!(sweep(&db).await.unwrap(), 1);
    }
}
