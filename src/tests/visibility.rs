//! Who sees an API that is not for everybody: wherever the portal can show one, as everybody who might look.
//!
//! Whoever may not see it gets, byte for byte, what they would get for an API that is not there.

use axum::http::{Method, Request, StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::json;
use sqlx::PgPool;
use vestibule::{
    audit::Actor,
    db::OrganizationId,
    name::Name,
    reference::{ImportRequest, Visibility, import},
    tokens::{self, Holder, NewToken, Scope},
    web::{Role, StaffRole},
};

use crate::portal::{Answer, TestPortal, Visitor};

/// The hidden API, and one of the same length that is not there.
const HIDDEN: &str = "ledgers";
const UNKNOWN: &str = "unheard";
/// Words that nothing but the hidden API's document and row know.
const NAME: &str = "Ledgers of the vault";
const SCOPE: &str = "ledgers:write";

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Ledgers of the vault, version: "1"}
paths:
  /entries:
    get:
      operationId: listLedgers
      summary: List ledgers
      security: [{key: ["ledgers:write"]}]
      responses:
        "200": {description: A list., content: {application/json: {schema: {$ref: "#/components/schemas/Ledger"}}}}
webhooks:
  ledger.closed:
    post: {operationId: ledgerClosed, responses: {"200": {description: Taken.}}}
components:
  schemas:
    Ledger: {type: object, properties: {id: {type: string}}}
  securitySchemes:
    key: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {"ledgers:write": Writes ledgers.}}}}
"##;

/// Addresses that exist only where the API can be seen; `{api}` is its name.
const PAGES: &[&str] = &[
    "/docs/{api}",
    "/docs/{api}?tag=x",
    "/docs/{api}/1",
    "/docs/{api}/2",
    "/docs/{api}/1/errors",
    "/docs/{api}/1/operations/listLedgers",
    "/docs/{api}/1/operations/nothing",
    "/docs/{api}/1/schemas",
    "/docs/{api}/1/schemas/Ledger",
    "/docs/{api}/1/webhooks",
    "/docs/{api}/1/webhooks/ledger.closed",
    "/docs/{api}/1/openapi.json",
    "/docs/{api}/1/openapi.yaml",
    "/docs/{api}/1/openapi.json?revision=1",
    "/docs/{api}/1/postman.json",
    "/docs/{api}.md",
    "/docs/{api}/1.md",
    "/docs/{api}/1/errors.md",
    "/docs/{api}/1/operations/listLedgers.md",
    "/docs/{api}/1/schemas.md",
    "/docs/{api}/1/schemas/Ledger.md",
    "/docs/{api}/1/webhooks.md",
    "/docs/{api}/1/webhooks/ledger.closed.md",
];

/// Of them, those that nobody sees.
const MISSING: &[&str] = &["/docs/{api}?tag=x", "/docs/{api}/2", "/docs/{api}/1/operations/nothing"];

/// Pages that are there for everybody (or for whoever may open them), and name the API only to those who may see it.
const LISTS: &[&str] =
    &["/", "/docs", "/docs.md", "/guides", "/dashboard", "/llms.txt", "/llms-full.txt", "/sitemap.xml"];

/// Of them, those that name every API that the viewer may see.
const COMPLETE: &[&str] = &["/docs", "/docs.md", "/llms.txt", "/llms-full.txt"];

/// Everybody who might look, and which visibilities show the API to them.
const VIEWERS: [(&str, &[Visibility]); 5] = [
    ("nobody", &[Visibility::Public]),
    ("somebody without an organization", &[Visibility::Public]),
    ("another organization", &[Visibility::Public, Visibility::Partners]),
    ("the named organization", &Visibility::ALL),
    ("staff", &Visibility::ALL),
];

struct Stage {
    portal: TestPortal,
    named: OrganizationId,
    other: OrganizationId,
}

impl Stage {
    async fn new(db: PgPool) -> Self {
        let portal = TestPortal::new(db).await;
        let request = ImportRequest {
            slug: HIDDEN.into(),
            file_name: "ledgers.yaml".into(),
            bytes: DOCUMENT.as_bytes().to_vec(),
            publish: true,
            ..Default::default()
        };
        import(&portal.portal.db, &Actor::system("test"), request).await.unwrap();
        let (named, other) = (portal.organization("Quillmere").await, portal.organization("Elsewhere").await);
        sqlx::query("insert into api_organization (api_id, organization_id) select id, $1 from api")
            .bind(named.0)
            .execute(&portal.portal.db)
            .await
            .unwrap();
        Self { portal, named, other }
    }

    async fn show_to(&self, visibility: Visibility) {
        let db = &self.portal.portal.db;
        sqlx::query("update api set visibility = $1").bind(visibility.as_str()).execute(db).await.unwrap();
        self.portal.portal.catalogue.refresh(db).await.unwrap();
    }

    async fn visitors(&self) -> Vec<(&'static str, &'static [Visibility], Visitor<'_>)> {
        let mut visitors = Vec::new();
        for (who, sees) in VIEWERS {
            let visitor = match who {
                "another organization" => self.portal.member(self.other, Role::Owner).await,
                "the named organization" => self.portal.member(self.named, Role::Viewer).await,
                "staff" => self.portal.staff(StaffRole::Support).await,
                "somebody without an organization" => {
                    self.portal.account("alone@example.com").await;
                    self.portal.signed_in("alone@example.com").await
                }
                _ => self.portal.visitor(),
            };
            visitors.push((who, sees, visitor));
        }
        visitors
    }

    async fn token(&self, organization: OrganizationId) -> String {
        let scopes = vec![Scope::AppsRead, Scope::AppsWrite, Scope::KeysRead, Scope::KeysWrite];
        let holder = Holder::Organization(organization);
        let new = NewToken { holder, name: Name::parse("Nightly sync").unwrap(), scopes };
        let portal = &self.portal.portal;
        let mut tx = portal.db.begin().await.unwrap();
        let issued = tokens::issue(&mut tx, &portal.vault, "vst", &Actor::system("test"), new).await.unwrap();
        tx.commit().await.unwrap();
        issued.secret.expose_secret().to_owned()
    }

    /// A call of the HTTP API.
    async fn post(&self, token: &str, path: &str, body: serde_json::Value) -> Answer {
        self.portal.visitor().call(Method::POST, path, token, Some(body)).await
    }

    /// The keys endpoint of a new app.
    async fn keys(&self, token: &str) -> String {
        let app = self.post(token, "/api/v1/apps", json!({ "name": "Checkout" })).await;
        format!("/api/v1/apps/{}/keys", app.json()["id"].as_str().unwrap())
    }
}

/// What an answer says, without what differs between any two answers.
fn said(answer: &Answer, api: &str) -> (StatusCode, Vec<String>, String) {
    let mut body = answer.body.replace(api, "API");
    for start in ["req_", "\"trace_id\":\""] {
        let parts = body.split(start).enumerate().map(|(index, part)| match index {
            0 => part.to_owned(),
            _ => part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-_+/=".contains(c)).to_owned(),
        });
        body = parts.collect::<Vec<_>>().join(start);
    }
    let headers = answer.headers.keys().map(|name| name.to_string()).collect();
    (answer.status, headers, body)
}

#[sqlx::test]
async fn a_hidden_api_is_for_others_as_one_that_is_not_there(db: PgPool) {
    let stage = Stage::new(db).await;
    let mut visitors = stage.visitors().await;
    for visibility in Visibility::ALL {
        stage.show_to(visibility).await;
        for (who, sees, visitor) in &mut visitors {
            for page in PAGES {
                let hidden = visitor.get(&page.replace("{api}", HIDDEN)).await;
                let place = format!("{page} as {who}, visible to {}", visibility.as_str());
                if sees.contains(&visibility) && !MISSING.contains(page) {
                    assert_eq!(hidden.status, StatusCode::OK, "{place}");
                    continue;
                }
                assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{place}");
                if !sees.contains(&visibility) {
                    let unknown = visitor.get(&page.replace("{api}", UNKNOWN)).await;
                    assert_eq!(said(&hidden, HIDDEN), said(&unknown, UNKNOWN), "{place}");
                    assert!(!hidden.body.contains(NAME), "{place}");
                }
            }
        }
    }
}

#[sqlx::test]
async fn lists_name_an_api_only_to_those_who_see_it(db: PgPool) {
    let stage = Stage::new(db).await;
    let mut visitors = stage.visitors().await;
    for visibility in Visibility::ALL {
        stage.show_to(visibility).await;
        for (who, sees, visitor) in &mut visitors {
            for page in LISTS {
                let body = visitor.get(page).await.body;
                let place = format!("{page} as {who}, visible to {}", visibility.as_str());
                if !sees.contains(&visibility) {
                    assert!(!body.contains(NAME) && !body.contains(HIDDEN), "{place}");
                } else if COMPLETE.contains(page) {
                    assert!(body.contains(NAME), "{place}");
                } else if *page == "/sitemap.xml" {
                    assert_eq!(body.contains(HIDDEN), visibility == Visibility::Public, "{place}: crawlers are nobody");
                }
            }
        }
    }
}

#[sqlx::test]
async fn a_browser_that_has_a_page_loses_it_with_the_right_to_see_it(db: PgPool) {
    let stage = Stage::new(db).await;
    stage.show_to(Visibility::Public).await;
    let mut visitor = stage.portal.visitor();
    for page in ["/docs/ledgers/1/operations/listLedgers", "/docs/ledgers/1/openapi.json"] {
        stage.show_to(Visibility::Public).await;
        let shown = visitor.get(page).await;
        let again = || Request::get(page).header(header::IF_NONE_MATCH, shown.header("etag"));
        assert_eq!(visitor.send(again()).await.status, StatusCode::NOT_MODIFIED, "{page}");
        stage.show_to(Visibility::Partners).await;
        assert_eq!(visitor.send(again()).await.status, StatusCode::NOT_FOUND, "{page}");
        assert!(shown.header("cache-control").contains("no-cache"), "{page}");
    }
}

#[sqlx::test]
async fn the_sandbox_answers_for_an_api_only_to_keys_of_those_who_see_it(db: PgPool) {
    let stage = Stage::new(db).await;
    stage.show_to(Visibility::Public).await;
    let mut secrets = Vec::new();
    for organization in [stage.named, stage.other] {
        let token = stage.token(organization).await;
        let keys = stage.keys(&token).await;
        let wish = json!({ "name": "Staging", "scopes": [SCOPE], "environment": "sandbox" });
        let issued = stage.post(&token, &keys, wish).await;
        assert_eq!(issued.status, StatusCode::CREATED, "{}", issued.body);
        secrets.push(issued.json()["secret"].as_str().unwrap().to_owned());
    }
    stage.show_to(Visibility::Organizations).await;
    let call = async |secret: &str, api: &str| {
        stage.portal.visitor().call(Method::GET, &format!("/sandbox/{api}/1/entries"), secret, None).await
    };
    assert_eq!(call(&secrets[0], HIDDEN).await.status, StatusCode::OK);
    let (hidden, unknown) = (call(&secrets[1], HIDDEN).await, call(&secrets[1], UNKNOWN).await);
    assert_eq!(hidden.status, StatusCode::NOT_FOUND, "a key from before does not help");
    assert_eq!(said(&hidden, HIDDEN), said(&unknown, UNKNOWN));
}

#[sqlx::test]
async fn scopes_of_a_hidden_api_cannot_be_chosen(db: PgPool) {
    let stage = Stage::new(db).await;
    stage.show_to(Visibility::Organizations).await;
    for (organization, sees) in [(stage.named, true), (stage.other, false)] {
        let mut member = stage.portal.member(organization, Role::Developer).await;
        let made = member.post("/dashboard/apps", &[("name", "Till")]).await;
        let app = made.location().to_owned();
        assert_eq!(member.get(&app).await.body.contains(SCOPE), sees, "the form of a new key");

        let token = stage.token(organization).await;
        let keys = stage.keys(&token).await;
        let wish = |scope: &str| json!({ "name": "Staging", "scopes": [scope], "environment": "sandbox" });
        let issued = stage.post(&token, &keys, wish(SCOPE)).await;
        assert_eq!(issued.status == StatusCode::CREATED, sees, "{}", issued.body);
        if !sees {
            let unknown = stage.post(&token, &keys, wish("unheard:write")).await;
            assert_eq!(said(&issued, HIDDEN), said(&unknown, UNKNOWN));
        }
    }
}
