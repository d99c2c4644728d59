use super::*;
use crate::keys::Advice;

/// A key that was rotated, with its older secret first.
async fn rotated(db: &PgPool, overlap_seconds: i64) -> (App, Key) {
    let app = app(db).await;
    let key = issue(db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let overlap = Overlap::from_seconds(overlap_seconds).unwrap();
    let rotated = rotate(db, &actor(), key.id, overlap, now(), minted()).await.unwrap().unwrap();
    (app, rotated.key)
}

#[sqlx::test]
async fn an_overlap_is_extended_and_never_cut_short(db: PgPool) {
    let (app, key) = rotated(&db, 3600).await;
    let old = key.secrets[1].clone();
    let to =
        async |seconds| extend(&db, &actor(), key.id, Overlap::from_seconds(seconds).unwrap(), now()).await.unwrap();
    assert!(matches!(to(60).await, Extension::Sooner));
    let Extension::Extended(after) = to(7200).await else { panic!("it was not extended") };
    assert_eq!(after.secrets[1].id, old.id);
    let longer = after.secrets[1].ends_at.unwrap() - old.ends_at.unwrap();
    assert!((longer - Duration::hours(1)).abs() < Duration::seconds(10), "{longer}");
    retire(&db, &actor(), key.id, now()).await.unwrap();
    assert!(matches!(to(7200).await, Extension::NoRotation));
    assert_eq!(actions(&db, app.organization).await[..2], ["key.secret_retired", "key.overlap_extended"]);
}

#[sqlx::test]
async fn a_cancelled_rotation_leaves_the_old_secret_without_an_end(db: PgPool) {
    let (app, key) = rotated(&db, 3600).await;
    let [new, old] = &key.secrets[..] else { panic!("{:?}", key.secrets) };
    let (after, ended) = cancel_rotation(&db, &actor(), key.id, now()).await.unwrap().unwrap();
    assert_eq!(ended.id, new.id);
    assert_eq!(after.current().map(|secret| (secret.id, secret.ends_at)), Some((old.id, None)));
    assert!(after.retiring(now()).is_none() && !after.secrets[1].is_live(now()));
    assert!(cancel_rotation(&db, &actor(), key.id, now()).await.unwrap().is_none(), "there is nothing left to cancel");
    assert_eq!(actions(&db, app.organization).await[0], "key.rotation_cancelled");
}

#[sqlx::test]
async fn a_rotation_after_a_cancelled_one_began_when_it_began(db: PgPool) {
    let (_, key) = rotated(&db, 3600).await;
    cancel_rotation(&db, &actor(), key.id, now()).await.unwrap().unwrap();
    let again = rotate(&db, &actor(), key.id, Overlap::default(), now(), minted()).await.unwrap().unwrap().key;
    let facts = facts(&db, key.id).await.unwrap();
    let old = facts.iter().find(|row| row.secret == again.retiring(now()).map(|secret| secret.id)).unwrap();
    assert_eq!(old.retiring_since, Some(again.current().unwrap().created_at));
    assert_eq!(Advice::on(&again, now()), Some(Advice::NewUnused));
}

#[sqlx::test]
async fn a_leaked_secret_is_not_saved_by_a_rotation_an_extension_or_a_cancellation(db: PgPool) {
    let app = app(&db).await;
    let key = issue(&db, &actor(), &app, new_key("Staging"), minted()).await.unwrap().key;
    let leaked = Known { key: key.id, secret: key.secrets[0].id };
    let hour = (Overlap::from_seconds(3600).unwrap(), now());
    let mut tx = db.begin().await.unwrap();
    let after = end_leaked(&mut tx, &actor(), leaked, "a gist", hour).await.unwrap().unwrap();
    assert!(end_leaked(&mut tx, &actor(), leaked, "a gist", hour).await.unwrap().is_none(), "once is enough");
    tx.commit().await.unwrap();
    let end = after.secrets[0].ends_at.unwrap();
    assert!((end - now() - Duration::hours(1)).abs() < Duration::seconds(10));

    let longest = Overlap::from_seconds(Overlap::LONGEST.whole_seconds()).unwrap();
    let rotated = rotate(&db, &actor(), key.id, longest, now(), minted()).await.unwrap().unwrap().key;
    assert_eq!(rotated.retiring(now()).unwrap().ends_at, Some(end));
    assert!(matches!(extend(&db, &actor(), key.id, longest, now()).await.unwrap(), Extension::Leaked));
    assert!(cancel_rotation(&db, &actor(), key.id, now()).await.unwrap().is_none());
}
