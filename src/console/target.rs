//! Where a call goes, and as whom: the sandbox as an app or with a key, or another server of the document.

use secrecy::SecretString;

use super::posted::Posted;
use crate::{
    apps::{self, App, Summary},
    db::AppId,
    portal::Portal,
    reference::{
        Callable,
        model::{Server, ServerVariable},
        sample::{Auth, Request},
    },
    web::{Error, Member, Result, Role, Visitor},
};

/// Longer values of a server's variable are no part of a name or a path that anybody uses.
const LONGEST_VARIABLE: usize = 100;

/// What somebody can choose from.
pub(super) struct Targets {
    pub apps: Vec<Summary>,
    pub asker: Asker,
    pub servers: Vec<Server>,
    /// What a call to a server needs to be told apart by.
    pub credentials: Vec<Auth>,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Asker {
    /// Somebody who is not signed in.
    Guest,
    /// Somebody with an account who may not call as an app.
    SignedIn,
    /// A developer of an organization.
    Developer(Member),
}

/// What was chosen.
pub(super) enum Target {
    /// The sandbox, as an app.
    App(App),
    /// The sandbox, with what was pasted.
    Key(SecretString),
    /// A server of the document, with what was pasted.
    Server { base_url: String, credentials: Vec<(Auth, SecretString)> },
}

impl Targets {
    pub async fn of(portal: &Portal, visitor: &Visitor, callable: &Callable) -> Result<Self> {
        let asker = Asker::of(visitor);
        let apps = match &asker {
            Asker::Developer(member) => apps::summaries(&portal.db, member.organization).await?,
            Asker::Guest | Asker::SignedIn => Vec::new(),
        };
        let servers = callable.operation().servers.iter();
        let servers: Vec<Server> = servers.filter(|server| is_absolute(&server.url)).cloned().collect();
        let request = Request::to(callable.document(), callable.operation(), "");
        Ok(Self { apps, asker, servers, credentials: request.auth })
    }

    /// The choice that is made where nothing was chosen.
    pub fn preset(&self) -> &'static str {
        if self.apps.is_empty() { "key" } else { "app" }
    }

    /// The base address of the chosen target; the sandbox's for anything else.
    pub fn base_url(&self, callable: &Callable, posted: Option<&Posted>) -> String {
        let server = posted.and_then(|posted| self.server(posted).and_then(|server| address(server, posted).ok()));
        server.unwrap_or_else(|| callable.sandbox().to_owned())
    }

    /// Whether the call goes to the sandbox.
    pub fn is_sandbox(&self, posted: Option<&Posted>) -> bool {
        posted.is_none_or(|posted| self.server(posted).is_none())
    }

    /// What was chosen. The inner error is a sentence about a value; the outer one refuses the whole request.
    pub async fn chosen(&self, portal: &Portal, posted: &Posted) -> Result<Result<Target, String>> {
        if let Some((at, server)) = self.server(posted) {
            if matches!(self.asker, Asker::Guest) {
                return Err(Error::forbidden("Sign in to call another server than the sandbox from here."));
            }
            let credentials = self.credentials.iter().enumerate();
            let credentials = credentials.filter_map(|(index, auth)| {
                let pasted = posted.text(&credential_name(at, index)).map(str::trim).filter(|text| !text.is_empty())?;
                Some((auth.clone(), pasted.to_owned().into()))
            });
            let credentials = credentials.collect();
            return Ok(address((at, server), posted).map(|base_url| Target::Server { base_url, credentials }));
        }
        match posted.text("to").unwrap_or(self.preset()) {
            "app" => Ok(Ok(Target::App(self.app(portal, posted).await?))),
            _ => Ok(match posted.text("key").map(str::trim).filter(|key| !key.is_empty()) {
                Some(key) => Ok(Target::Key(key.to_owned().into())),
                None => Err("Paste the key to call with.".to_owned()),
            }),
        }
    }

    /// An app of another organization is not found.
    async fn app(&self, portal: &Portal, posted: &Posted) -> Result<App> {
        let Asker::Developer(member) = &self.asker else {
            return Err(Error::forbidden("Calling as an app takes the role developer in an organization."));
        };
        let id: AppId = posted.text("app").and_then(|id| id.parse().ok()).ok_or_else(Error::not_found)?;
        apps::by_id(&portal.db, member.organization, id).await?.ok_or_else(Error::not_found)
    }

    fn server(&self, posted: &Posted) -> Option<(usize, &Server)> {
        let at = posted.text("to")?.strip_prefix("server.")?.parse().ok()?;
        Some((at, self.servers.get(at)?))
    }
}

impl Asker {
    fn of(visitor: &Visitor) -> Self {
        let Some(session) = &visitor.session else { return Self::Guest };
        match &session.membership {
            Some(member) if member.role >= Role::Developer => Self::Developer(member.clone()),
            _ => Self::SignedIn,
        }
    }
}

/// The name under which the text for a place of the key is sent.
pub(super) fn credential_name(server: usize, index: usize) -> String {
    format!("server.{server}.credential.{index}")
}

/// The name under which a server's variable is sent.
pub(super) fn variable_name(server: usize, variable: &ServerVariable) -> String {
    format!("server.{server}.variable.{}", variable.name)
}

/// The server's address with what was chosen for its variables.
fn address((at, server): (usize, &Server), posted: &Posted) -> Result<String, String> {
    let mut chosen = Vec::new();
    for variable in &server.variables {
        let typed = posted.text(&variable_name(at, variable)).unwrap_or(&variable.default);
        if typed != variable.default && !may_be(server, variable, typed) {
            return Err(format!("{typed} cannot be the {} of this server.", variable.name));
        }
        chosen.push((variable.name.clone(), typed.to_owned()));
    }
    Ok(server.url_with(&chosen).trim_end_matches('/').to_owned())
}

/// A listed value; where none is listed, one label of a name, or one step of a path. Who chooses a variable must not be
/// able to choose another server.
fn may_be(server: &Server, variable: &ServerVariable, typed: &str) -> bool {
    if !variable.choices.is_empty() {
        return variable.choices.iter().any(|choice| choice == typed);
    }
    let authority = server.url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or_default());
    let in_authority = authority.contains(&format!("{{{}}}", variable.name));
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || (!in_authority && matches!(c, '_' | '.' | '~'));
    let is_step = typed != "." && typed != "..";
    !typed.is_empty() && typed.len() <= LONGEST_VARIABLE && is_step && typed.chars().all(allowed)
}

/// Where a relative address leads depends on where the document was found, which nobody knows any more.
fn is_absolute(url: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, choices: &[&str]) -> Server {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        let variable =
            ServerVariable { name: "x".to_owned(), default: "eu.one".to_owned(), choices, description: None };
        Server { url: url.to_owned(), name: None, description: None, variables: vec![variable] }
    }

    fn chosen(server: &Server, value: &str) -> Option<String> {
        address((0, server), &Posted::of(&[("server.0.variable.x", value)])).ok()
    }

    #[test]
    fn a_variable_never_chooses_another_server() {
        let host = server("https://{x}.example.com/v1/", &[]);
        assert_eq!(chosen(&host, "shop-1").as_deref(), Some("https://shop-1.example.com/v1"));
        assert_eq!(
            chosen(&host, "eu.one").as_deref(),
            Some("https://eu.one.example.com/v1"),
            "the default is the document's"
        );
        for other in ["", "evil.test/", "evil.test#", "a.b", "a@b", "a:1", "a\\b", "%2e"] {
            assert_eq!(chosen(&host, other), None, "{other}");
        }
        let path = server("https://example.com/{x}", &[]);
        assert_eq!(chosen(&path, "v1.2_a").as_deref(), Some("https://example.com/v1.2_a"));
        for other in ["..", "a/b", "a?b"] {
            assert_eq!(chosen(&path, other), None, "{other}");
        }
    }

    #[test]
    fn a_listed_variable_has_one_of_its_values() {
        let listed = server("https://{x}.example.com", &["eu", "us.east"]);
        assert_eq!(chosen(&listed, "us.east").as_deref(), Some("https://us.east.example.com"));
        assert_eq!(chosen(&listed, "asia"), None);
    }
}
