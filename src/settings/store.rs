//! The one row of the settings.

use sqlx::{PgConnection, PgExecutor, query, query_as};

use super::{LeakedKeys, Values};

/// The settings.
pub(super) async fn values(db: impl PgExecutor<'_>) -> sqlx::Result<Values> {
    query_as!(
        Values,
        r#"
        select portal_name, headline, introduction, accent, logo_letters, support_email, mail_from,
               leaked_keys as "leaked_keys: LeakedKeys"
        from setting
        "#
    )
    .fetch_one(db)
    .await
}

/// Sets everything anew, and gives what was set before. Two who save at once come one after the other.
pub(super) async fn replace(db: &mut PgConnection, next: &Values) -> sqlx::Result<Values> {
    let before = query_as!(
        Values,
        r#"
        select portal_name, headline, introduction, accent, logo_letters, support_email, mail_from,
               leaked_keys as "leaked_keys: LeakedKeys"
        from setting
        for update
        "#
    )
    .fetch_one(&mut *db)
    .await?;
    query!(
        r#"
        update setting
        set portal_name = $1, headline = $2, introduction = $3, accent = $4, logo_letters = $5,
            support_email = $6, mail_from = $7, leaked_keys = $8
        "#,
        next.portal_name,
        next.headline,
        next.introduction,
        next.accent,
        next.logo_letters,
        next.support_email,
        next.mail_from,
        next.leaked_keys.as_str(),
    )
    .execute(db)
    .await?;
    Ok(before)
}

/// Gives a fresh portal the name and words of the demo; one that was set up already keeps its own.
pub async fn load_demo(db: impl PgExecutor<'_>) -> sqlx::Result<()> {
    query!(
        r#"
        update setting
        set portal_name = 'Larkfield',
            headline = 'Book parcels with nine carriers through one API',
            introduction = 'The Larkfield Parcels API books, labels and tracks. One address format, one price list, one webhook for every carrier.',
            support_email = 'developers@larkfield.example',
            demo_loaded_at = now()
        where demo_loaded_at is null and portal_name = 'Vestibule'
        "#
    )
    .execute(db)
    .await
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test]
    async fn everything_that_was_set_is_read_back(db: PgPool) {
        let first = values(&db).await.unwrap();
        let next = Values {
            portal_name: "Larkfield".into(),
            headline: "Parcels, by API".into(),
            introduction: "One.\n\nTwo.".into(),
            accent: "#a8481b".into(),
            logo_letters: Some("LF".into()),
            support_email: "help@larkfield.example".into(),
            mail_from: "portal@larkfield.example".into(),
            leaked_keys: LeakedKeys::EndSoon,
        };
        let mut tx = db.begin().await.unwrap();
        assert_eq!(replace(&mut tx, &next).await.unwrap(), first);
        tx.commit().await.unwrap();
        assert_eq!(values(&db).await.unwrap(), next);
    }

    #[sqlx::test]
    async fn the_database_refuses_a_colour_that_is_none(db: PgPool) {
        let odd = Values { accent: "red;}".into(), ..values(&db).await.unwrap() };
        let refused = replace(&mut db.acquire().await.unwrap(), &odd).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some("setting_accent_form"));
    }
}
