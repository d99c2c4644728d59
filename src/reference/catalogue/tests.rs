use std::time::Duration;

use super::{
    super::{ImportRequest, import},
    *,
};
use crate::audit::Actor;

async fn load(db: &PgPool) -> sqlx::Result<Catalogue> {
    Catalogue::load(db, &BaseUrl::parse("http://localhost").unwrap()).await
}

async fn publish(db: &PgPool, slug: &str, version: &str, title: &str) {
    let bytes = format!("openapi: 3.1.0\ninfo: {{title: {title}, version: '{version}'}}\npaths: {{}}\n").into_bytes();
    let file_name = "a.yaml".into();
    let request = ImportRequest { slug: slug.into(), file_name, bytes, publish: true, ..Default::default() };
    import(db, &Actor::system("test"), request).await.unwrap();
}

#[sqlx::test]
async fn only_what_is_published_is_in_the_catalogue(db: PgPool) {
    let draft = ImportRequest {
        slug: "drafts".into(),
        bytes: b"openapi: 3.1.0\ninfo: {title: x, version: '1'}\n".to_vec(),
        ..ImportRequest::default()
    };
    import(&db, &Actor::system("test"), draft).await.unwrap();
    publish(&db, "books", "1", "Books").await;
    let published = load(&db).await.unwrap().current();
    assert!(published.find("books", "1").is_some());
    assert!(published.find_api("drafts").is_none());
    assert!(published.find("books", "2").is_none());
}

#[sqlx::test]
async fn versions_are_newest_first_and_the_newest_stable_one_leads(db: PgPool) {
    for version in ["1.9", "1.10", "2.0"] {
        publish(&db, "books", version, "Books").await;
    }
    sqlx::query("update api_version set state = 'beta' where name = '2.0'").execute(&db).await.unwrap();
    let api = load(&db).await.unwrap().current().find_api("books").unwrap();
    let names: Vec<_> = api.versions.iter().map(|version| version.name.as_str()).collect();
    assert_eq!(names, ["2.0", "1.10", "1.9"]);
    assert_eq!(api.newest_stable().name, "1.10");
}

#[sqlx::test]
async fn a_document_that_did_not_change_is_not_read_again(db: PgPool) {
    publish(&db, "books", "1", "Books").await;
    let catalogue = load(&db).await.unwrap();
    let (_, before) = catalogue.current().find("books", "1").unwrap();
    sqlx::query("update api_version set state = 'deprecated'").execute(&db).await.unwrap();
    catalogue.refresh(&db).await.unwrap();
    let (_, after) = catalogue.current().find("books", "1").unwrap();
    assert_eq!(after.state, State::Deprecated);
    assert!(Arc::ptr_eq(&before.document, &after.document));
}

fn names(published: &Published) -> Vec<&str> {
    published.imported().map(|api| api.slug.as_str()).collect()
}

#[sqlx::test]
async fn a_viewer_sees_the_apis_that_are_for_them(db: PgPool) {
    for slug in ["a-public", "b-partners", "c-named"] {
        publish(&db, slug, "1", slug).await;
    }
    let (named, other) = (OrganizationId::new(), OrganizationId::new());
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into organization (id, name, email) values ('{0}', 'Named', 'a@example.com'), ('{1}', 'Other', 'b@example.com');
         update api set visibility = 'partners' where slug = 'b-partners';
         update api set visibility = 'organizations' where slug = 'c-named';
         insert into api_organization (api_id, organization_id) select id, '{0}' from api",
        named.0, other.0
    )))
    .execute(&db)
    .await
    .unwrap();
    let catalogue = load(&db).await.unwrap();
    for (viewer, expected) in [
        (Viewer::Anyone, &["a-public"][..]),
        (Viewer::Partner(None), &["a-public"]),
        (Viewer::of(other), &["a-public", "b-partners"]),
        (Viewer::of(named), &["a-public", "b-partners", "c-named"]),
        (Viewer::Staff, &["a-public", "b-partners", "c-named"]),
    ] {
        let visible = catalogue.visible_to(viewer);
        assert_eq!(names(&visible), expected, "{viewer:?}");
        assert!(visible.find_api("vestibule").is_some(), "the portal's own API is for everybody");
    }
}

#[sqlx::test]
async fn where_nothing_is_hidden_all_viewers_share_one_view(db: PgPool) {
    publish(&db, "books", "1", "Books").await;
    let catalogue = load(&db).await.unwrap();
    for viewer in [Viewer::Anyone, Viewer::Partner(None), Viewer::of(OrganizationId::new()), Viewer::Staff] {
        assert!(Arc::ptr_eq(&catalogue.visible_to(viewer), &catalogue.current()), "{viewer:?}");
    }
}

#[sqlx::test]
async fn whoever_is_no_longer_named_no_longer_sees_it(db: PgPool) {
    publish(&db, "books", "1", "Books").await;
    let catalogue = load(&db).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let listening = tokio::spawn(catalogue.clone().listen(db.clone(), stopped));
    let named = OrganizationId::new();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
        "insert into organization (id, name, email) values ('{0}', 'Named', 'a@example.com');
         update api set visibility = 'organizations';
         insert into api_organization (api_id, organization_id) select id, '{0}' from api",
        named.0
    )))
    .execute(&db)
    .await
    .unwrap();
    until(|| names(&catalogue.visible_to(Viewer::Anyone)).is_empty()).await;
    assert_eq!(names(&catalogue.visible_to(Viewer::of(named))), ["books"]);
    sqlx::query("delete from api_organization").execute(&db).await.unwrap();
    until(|| names(&catalogue.visible_to(Viewer::of(named))).is_empty()).await;
    stop.send(true).unwrap();
    listening.await.unwrap();
}

async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("the change arrives");
}

#[sqlx::test]
async fn what_another_instance_publishes_appears(db: PgPool) {
    let catalogue = load(&db).await.unwrap();
    let (stop, stopped) = watch::channel(false);
    let listening = tokio::spawn(catalogue.clone().listen(db.clone(), stopped));
    publish(&db, "books", "1", "Books").await;
    until(|| catalogue.current().find_api("books").is_some()).await;
    stop.send(true).unwrap();
    listening.await.unwrap();
}

#[sqlx::test]
async fn a_document_that_became_unreadable_hides_only_itself(db: PgPool) {
    publish(&db, "books", "1", "Books").await;
    publish(&db, "maps", "1", "Maps").await;
    sqlx::raw_sql("alter table api_revision disable trigger api_revision_immutable; update api_revision set document = '{' where version_id = (select v.id from api_version v join api a on a.id = v.api_id where slug = 'books')")
        .execute(&db)
        .await
        .unwrap();
    let published = load(&db).await.unwrap().current();
    assert!(published.find_api("books").is_none() && published.find_api("maps").is_some());
}
