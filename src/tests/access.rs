//! Who may use which route: every route of the portal, as everybody, against one table.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use vestibule::{
    credential,
    db::{AccountId, ApiId, AppId, CallId, InvitationId, KeyId, MailId, OrganizationId, SessionId, TokenId},
    tokens::Scope,
    vault::{random_token, sha256},
    web::router,
};

use crate::portal::{Answer, TestPortal, Visitor};

/// Everybody who might ask, in the order of the table's columns.
const EVERYBODY: [&str; 9] =
    ["nobody", "viewer", "developer", "owner", "owner elsewhere", "support", "editor", "admin", "no organization"];

/// Every program that might ask the HTTP API, in the order of the columns of its routes.
const PROGRAMS: [&str; 7] = [
    "nobody",
    "staff token",
    "staff token without scopes",
    "organization's token",
    "organization's token without scopes",
    "token of another organization",
    "admin's session",
];

/// What each of them gets: `+` admitted, `?` asked to sign in, `-` forbidden, `0` not found.
///
/// A route that is missing here fails the test, and so does one that is here and gone. `+` says that access was granted, not that
/// the request made sense.
const TABLE: &str = include_str!("access.txt");

/// What the import of the document below told.
const READING: &str = r#"{"openapi":"3.1.0","format":"JSON","bytes":0,"operations":0,"schemas":0,"webhooks":0,"scopes":[],"counts":{},"doubts":[]}"#;

/// An API document, as small as one can be.
const DOCUMENT: &str = r#"{"openapi":"3.1.0","info":{"title":"x","version":"1"},"paths":{}}"#;
/// Fields that let most forms be read, so that what is behind them is reached.
const FORM: &str = "role=viewer&name=Renamed&state=stable&confirm=x";

/// The answers for one route.
type Row = Vec<char>;

#[sqlx::test]
async fn every_route_admits_exactly_those_in_the_table(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let expected = read_table();
    let mut found = BTreeSet::new();
    let mut faults = Vec::new();
    for route in router::routes().into_parts().1 {
        let name = format!("{} {}", route.method, route.path);
        let mut row = Row::new();
        let askers: &[&str] = if is_api(route.path) { &PROGRAMS } else { &EVERYBODY };
        for who in askers {
            let fixture = Fixture::new(&portal).await;
            row.push(verdict(&fixture.ask(who, &route.method, route.path).await));
        }
        let wanted = expected.get(&name).map_or_else(|| "nothing".to_owned(), shown);
        if wanted != shown(&row) {
            faults.push(format!("{:<11}{name}   (the table says {wanted})", shown(&row)));
        }
        found.insert(name);
    }
    faults.extend(expected.keys().filter(|name| !found.contains(*name)).map(|name| format!("{name}: no such route")));
    assert!(faults.is_empty(), "{} routes differ from src/tests/access.txt:\n{}", faults.len(), faults.join("\n"));
}

fn is_api(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

fn read_table() -> BTreeMap<String, Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (row, name) = line.split_once("  ").expect("a row is answers, two spaces, method and path");
            (name.trim().to_owned(), row.chars().collect())
        })
        .collect()
}

fn shown(row: &Row) -> String {
    row.iter().collect()
}

fn verdict(answer: &Answer) -> char {
    let signs_in = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/login?next=");
    match answer.status {
        _ if signs_in => '?',
        StatusCode::UNAUTHORIZED => '?',
        StatusCode::FORBIDDEN => '-',
        StatusCode::NOT_FOUND => '0',
        status => {
            assert!(!status.is_server_error(), "{status}: {}", answer.body);
            '+'
        }
    }
}

/// One organization with everything in it, fresh for every request: an admitted request may destroy some of it.
struct Fixture<'a> {
    portal: &'a TestPortal,
    organization: OrganizationId,
    values: BTreeMap<&'static str, String>,
}

impl<'a> Fixture<'a> {
    async fn new(portal: &'a TestPortal) -> Self {
        let organization = portal.organization("Quillmere").await;
        let db = &portal.portal.db;
        let (app, key, invitation, mail) = (AppId::new(), KeyId::new(), InvitationId::new(), MailId::new());
        let member = bare_account(db).await;
        let staff = bare_account(db).await;
        let (token, api, call) = (TokenId::new(), ApiId::new(), CallId::new());
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
            "insert into membership (organization_id, account_id, role) values ('{o}', '{m}', 'viewer');
             insert into app (id, organization_id, name) values ('{a}', '{o}', 'Checkout');
             insert into api_key (id, app_id, environment, name, scopes, created_by) values ('{k}', '{a}', 'sandbox', 'main', '{{}}', 'x');
             insert into sandbox_call (id, organization_id, app_id, at, request_id, address, api, version, method, path, query, status, took_us, ending, request_headers, request_size, response_headers, response_size)
             values ('{call}', '{o}', '{a}', now(), 'x', 'x', 'x', 'x', 'GET', '/', '', 200, 1, 'complete', '[]', 0, '[]', 0);
             insert into invitation (id, organization_id, email, role, token_hash, expires_at)
             values ('{i}', '{o}', 'x@example.com', 'viewer', sha256('{i}'), now() + interval '1 day');
             insert into mail_message (id, kind, recipient, recipient_name, subject, text_body, html_body, message_id)
             values ('{mail}', 'x', 'x@example.com', 'x', 'x', 'x', 'x', '<{mail}>');
             insert into api_token (id, organization_id, name, scopes, mac, last_four, created_by)
             values ('{t}', '{o}', 'x', '{{}}', sha256('{t}'), 'abcd', 'x');
             update account set staff_role = 'editor' where id = '{s}';
             insert into api (id, slug, name) values ('{api}', 'api-{api}', 'An API');
             insert into api_version (id, api_id, name) values ('{api}', '{api}', 'v1');
             insert into api_revision (version_id, number, file_name, document, sha256, reading, imported_by)
             values ('{api}', 1, 'x.json', '{DOCUMENT}', sha256('x'), '{READING}', 'x')",
            api = api.0, call = call.0, s = staff.0, o = organization.0, m = member.0, a = app.0, k = key.0, i = invitation.0, mail = mail.0, t = token.0,
        )))
        .execute(db)
        .await
        .unwrap();
        let values = BTreeMap::from([
            ("app", app.to_string()),
            ("key", key.to_string()),
            ("call", call.to_string()),
            ("member", member.to_string()),
            ("invitation", invitation.to_string()),
            ("organization", organization.to_string()),
            ("mail", mail.to_string()),
            ("token", token.to_string()),
            ("session", SessionId::new().to_string()),
            ("account", staff.to_string()),
            ("draft", format!("api-{}", api.0)),
            ("api", "vestibule".to_owned()),
            ("version", "v1".to_owned()),
            ("operation", "listApps".to_owned()),
            ("schema", "Problem".to_owned()),
            ("slug", "quickstart".to_owned()),
        ]);
        Self { portal, organization, values }
    }

    async fn ask(&self, who: &str, method: &Method, route: &str) -> Answer {
        let mut visitor = self.sign_in(who).await;
        let token = self.token(who).await;
        let mut request =
            Request::builder().method(method).uri(self.path(route)).header("sec-fetch-site", "same-origin");
        if method != Method::GET {
            let form = if is_api(route) { "application/json" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, form);
        }
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        visitor.send_with(request, Body::from(if is_api(route) { "{}" } else { FORM })).await
    }

    /// The path with real ids where there are any, so that "not found" means "not yours".
    fn path(&self, route: &str) -> String {
        let route = if route.starts_with("/admin/") { route.replace("{api}", "{draft}") } else { route.to_owned() };
        let fill = |segment: &str| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => self.values.get(name).cloned().unwrap_or_else(|| "none".into()),
            None => segment.to_owned(),
        };
        route.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// A session made in the database: hashing a password for each request would take minutes.
    async fn sign_in(&self, who: &str) -> Visitor<'a> {
        let mut visitor = self.portal.visitor();
        if who == "nobody" || who.contains("token") {
            return visitor;
        }
        let who = who.trim_end_matches("'s session");
        let db = &self.portal.portal.db;
        let account = bare_account(db).await;
        let elsewhere = self.portal.organization("Elsewhere").await;
        let membership = match who {
            "viewer" | "developer" | "owner" => Some((self.organization, who)),
            "owner elsewhere" => Some((elsewhere, "owner")),
            _ => None,
        };
        if let Some((organization, role)) = membership {
            sqlx::query("insert into membership (organization_id, account_id, role) values ($1, $2, $3)")
                .bind(organization.0)
                .bind(account.0)
                .bind(role)
                .execute(db)
                .await
                .unwrap();
        }
        if ["support", "editor", "admin"].contains(&who) {
            let query = sqlx::query("update account set staff_role = $2 where id = $1");
            query.bind(account.0).bind(who).execute(db).await.unwrap();
        }
        let token = random_token();
        sqlx::query("insert into session (id, account_id, token_hash, address, user_agent, expires_at) values ($1, $2, $3, '', '', now() + interval '1 day')")
            .bind(SessionId::new().0)
            .bind(account.0)
            .bind(sha256(&token).to_vec())
            .execute(db)
            .await
            .unwrap();
        visitor.set_cookie(
            "vestibule-session",
            &percent_encoding::utf8_percent_encode(&token, percent_encoding::NON_ALPHANUMERIC).to_string(),
        );
        visitor
    }
}

impl Fixture<'_> {
    /// The token of a program, with every scope or none.
    async fn token(&self, who: &str) -> Option<String> {
        let elsewhere = self.portal.organization("Elsewhere").await;
        let organization = match who {
            "staff token" | "staff token without scopes" => None,
            "organization's token" | "organization's token without scopes" => Some(self.organization),
            "token of another organization" => Some(elsewhere),
            _ => return None,
        };
        let scopes: Vec<&str> = match who.contains("without scopes") {
            true => Vec::new(),
            false => Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
        };
        let kind = if organization.is_some() { "mgmt" } else { "staff" };
        let text = credential::generate("vst", kind);
        sqlx::query("insert into api_token (id, organization_id, name, scopes, mac, last_four, created_by) values ($1, $2, 'x', $3, $4, 'abcd', 'x')")
            .bind(TokenId::new().0)
            .bind(organization.map(|organization| organization.0))
            .bind(scopes)
            .bind(self.portal.portal.vault.fingerprint(text.expose_secret()).to_vec())
            .execute(&self.portal.portal.db)
            .await
            .unwrap();
        Some(text.expose_secret().to_owned())
    }
}

async fn bare_account(db: &PgPool) -> AccountId {
    let id = AccountId::new();
    sqlx::query("insert into account (id, email, name, password_hash) values ($1, $2, 'X', 'x')")
        .bind(id.0)
        .bind(format!("{id}@example.com"))
        .execute(db)
        .await
        .unwrap();
    id
}
