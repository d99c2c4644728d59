//! A portal for one test: the real router on a database of its own, and visitors who keep their cookies.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use sqlx::PgPool;
use tower::ServiceExt;
use vestibule::{
    accounts::{Password, Passwords},
    config::{Config, MasterKey},
    db::{AccountId, OrganizationId},
    guides::Guides,
    keys::KeyRing,
    outbound,
    portal::{Parts, Portal},
    reference::Catalogue,
    settings::Settings,
    usage::Usage,
    vault::Vault,
    web::{Assets, RememberedPages, Role, StaffRole, router},
};

/// The password of every account in tests.
pub const PASSWORD: &str = "tannery lane morning ferry";

pub struct TestPortal {
    pub portal: Portal,
    router: Router,
}

impl TestPortal {
    pub async fn new(db: PgPool) -> Self {
        Self::with(db, &[]).await
    }

    /// A portal with settings other than the defaults.
    pub async fn with(db: PgPool, environment: &[(&str, &str)]) -> Self {
        let _ = any_spawner::Executor::init_tokio();
        let lookup =
            |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let config = Config::read(lookup).unwrap();
        let portal = Portal::new(Parts {
            vault: Vault::new(&[MasterKey([7; 32])]),
            passwords: Passwords::new().unwrap(),
            key_ring: KeyRing::new(config.key_rate_limit),
            usage: Usage::default(),
            outbound: outbound::Client::new(config.outbound_allow.clone()),
            catalogue: Catalogue::load(&db, &config.base_url).await.unwrap(),
            guides: Guides::load(&config.content_dir, &config.base_url).unwrap(),
            settings: Settings::load(&db).await.unwrap(),
            pages: RememberedPages::default(),
            assets: Assets::unbuilt(),
            db,
            config,
        });
        Self { router: router::router(portal.clone()), portal }
    }

    /// The whole portal, for a server of a test's own.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody with a fresh browser.
    pub fn visitor(&self) -> Visitor<'_> {
        Visitor { portal: self, cookies: BTreeMap::new() }
    }

    /// An organization, without members.
    pub async fn organization(&self, name: &str) -> OrganizationId {
        let id = OrganizationId::new();
        sqlx::query("insert into organization (id, name, email) values ($1, $2, 'office@example.com')")
            .bind(id.0)
            .bind(name)
            .execute(&self.portal.db)
            .await
            .unwrap();
        id
    }

    /// Somebody with an account, signed in.
    pub async fn signed_in(&self, email: &str) -> Visitor<'_> {
        let mut visitor = self.visitor();
        let form = [("email", email), ("password", PASSWORD)];
        assert_eq!(visitor.post("/login", &form).await.status, StatusCode::SEE_OTHER, "signing in as {email}");
        visitor
    }

    pub async fn account(&self, email: &str) -> AccountId {
        let id = AccountId::new();
        let password = Password::parse(PASSWORD, &[]).unwrap();
        let hash = self.portal.passwords.hash(&password).await.unwrap();
        sqlx::query("insert into account (id, email, name, password_hash) values ($1, $2, 'Ines Halloran', $3)")
            .bind(id.0)
            .bind(email)
            .bind(hash)
            .execute(&self.portal.db)
            .await
            .unwrap();
        id
    }

    /// A member of an organization, signed in.
    pub async fn member(&self, organization: OrganizationId, role: Role) -> Visitor<'_> {
        let email = format!("{}-{organization}@example.com", role.as_str());
        let account = self.account(&email).await;
        sqlx::query("insert into membership (organization_id, account_id, role) values ($1, $2, $3)")
            .bind(organization.0)
            .bind(account.0)
            .bind(role.as_str())
            .execute(&self.portal.db)
            .await
            .unwrap();
        self.signed_in(&email).await
    }

    /// Somebody of the staff, signed in.
    pub async fn staff(&self, role: StaffRole) -> Visitor<'_> {
        let email = format!("{}@staff.example", role.as_str());
        let account = self.account(&email).await;
        sqlx::query("update account set staff_role = $2 where id = $1")
            .bind(account.0)
            .bind(role.as_str())
            .execute(&self.portal.db)
            .await
            .unwrap();
        self.signed_in(&email).await
    }

    /// The newest mail to an address, as text.
    pub async fn mail_to(&self, email: &str) -> Option<String> {
        sqlx::query_scalar("select text_body from mail_message where recipient = $1 order by id desc limit 1")
            .bind(email)
            .fetch_optional(&self.portal.db)
            .await
            .unwrap()
    }

    /// The first link to `path` in the newest mail to an address, without the origin.
    pub async fn link_to(&self, email: &str, path: &str) -> Option<String> {
        let text = self.mail_to(email).await?;
        let base = self.portal.config.base_url.join(path);
        let at = text.find(&base)?;
        let link = text[at..].split_whitespace().next()?;
        Some(link.replace(self.portal.config.base_url.as_str(), ""))
    }
}

/// Somebody with a browser: it keeps cookies and says where its forms come from.
pub struct Visitor<'a> {
    portal: &'a TestPortal,
    cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header("location")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Visitor<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path)).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let body = form
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send_with(request, Body::from(body)).await
    }

    /// A JSON call with a bearer token.
    pub async fn call(&mut self, method: Method, path: &str, token: &str, body: Option<Value>) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        self.send_with(request, body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).await
    }

    pub async fn send(&mut self, request: axum::http::request::Builder) -> Answer {
        self.send_with(request, Body::empty()).await
    }

    pub async fn send_with(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let mut request = request.header(header::HOST, "127.0.0.1:3000");
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let response = self.portal.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn keep(&mut self, cookie: &str) {
        let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
        if cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
