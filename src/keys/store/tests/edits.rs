use super::*;
use crate::keys::{AllowedNetworks, Edit};

async fn key(db: &PgPool) -> Key {
    let app = app(db).await;
    issue(db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key
}

#[sqlx::test]
async fn every_property_is_changed_and_kept_with_what_was_before(db: PgPool) {
    let key = key(&db).await;
    let end = OffsetDateTime::from_unix_timestamp(4_000_000_000).unwrap();
    let edit = Edit {
        name: Some(Name::parse("Till 3").unwrap()),
        scopes: Some(vec!["labels:read".into()]),
        allowed_networks: Some(AllowedNetworks::typed("203.0.113.0/24 2001:db8::7").unwrap()),
        expires_at: Some(Some(end)),
        rate_limit: Some(Some(12)),
    };
    let changed = update(&db, &actor(), key.id, edit.clone(), now()).await.unwrap().unwrap();
    let read = by_id(&db, key.organization, key.id).await.unwrap().unwrap();
    for key in [&changed, &read] {
        assert_eq!((key.name.as_str(), &key.scopes[..]), ("Till 3", &["labels:read".to_owned()][..]));
        assert_eq!(key.allowed_networks.texts(), ["203.0.113.0/24", "2001:db8::7/128"]);
        assert_eq!((key.expires_at, key.rate_limit), (Some(end), Some(12)));
    }
    let filter = Filter { organization: Some(key.organization), ..Filter::default() };
    let entry = audit::list(&db, filter, 1).await.unwrap().remove(0);
    assert_eq!(entry.action, "key.changed");
    let (before, after) = (entry.before.unwrap(), entry.after.unwrap());
    assert_eq!((&before["name"], &after["name"]), (&json!("Staging"), &json!("Till 3")));
    assert_eq!((&before["rate_limit"], &after["rate_limit"]), (&json!(null), &json!(12)));
    assert_eq!(after["allowed_networks"], json!(["203.0.113.0/24", "2001:db8::7/128"]));

    update(&db, &actor(), key.id, edit, now()).await.unwrap().unwrap();
    assert_eq!(actions(&db, key.organization).await.len(), 3, "the same again is no change");
    let clear = Edit { expires_at: Some(None), rate_limit: Some(None), ..Edit::default() };
    let cleared = update(&db, &actor(), key.id, clear, now()).await.unwrap().unwrap();
    assert_eq!((cleared.expires_at, cleared.rate_limit, cleared.name.as_str()), (None, None, "Till 3"));
}

#[sqlx::test]
async fn a_key_is_switched_off_and_on_again(db: PgPool) {
    let key = key(&db).await;
    for _ in 0..2 {
        let off = switch_off(&db, &actor(), key.id, now()).await.unwrap().unwrap();
        assert!(off.disabled_at.is_some());
    }
    for _ in 0..2 {
        assert!(switch_on(&db, &actor(), key.id, now()).await.unwrap().unwrap().disabled_at.is_none());
    }
    let recorded = actions(&db, key.organization).await;
    assert_eq!(recorded[..3], ["key.switched_on", "key.switched_off", "key.issued"]);
}

#[sqlx::test]
async fn nothing_about_a_key_that_is_over_can_be_changed(db: PgPool) {
    let key = key(&db).await;
    query!("update api_key set expires_at = now() where id = $1", key.id.0).execute(&db).await.unwrap();
    let edit = Edit { expires_at: Some(None), ..Edit::default() };
    assert!(update(&db, &actor(), key.id, edit, now()).await.unwrap().is_none());
    assert!(switch_off(&db, &actor(), key.id, now()).await.unwrap().is_none());
    assert!(revoke(&db, &actor(), key.id).await.unwrap().revoked_at.is_some(), "but it can be revoked");
}

#[sqlx::test]
async fn verification_is_told_the_lower_of_two_limits(db: PgPool) {
    let key = key(&db).await;
    let limits = [(None, None, None), (Some(5), None, Some(5)), (None, Some(9), Some(9)), (Some(12), Some(9), Some(9))];
    for (own, organization, expected) in limits {
        query!("update api_key set rate_limit = $1", own).execute(&db).await.unwrap();
        query!("update organization set key_rate_limit = $1", organization).execute(&db).await.unwrap();
        assert_eq!(facts(&db, key.id).await.unwrap()[0].rate_limit, expected);
    }
}
