//! Where the samples of an operation call: the sandbox, or a server of the document with its variables filled in.
//!
//! A reader chooses with a plain form, so the choice stands in the page's address. What stands there is only taken where
//! the document offers it; a variable without a list takes a plain word.

use leptos::prelude::*;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{
    super::{
        model::{Operation, Server, ServerVariable},
        sample::SANDBOX_KEY,
    },
    Place,
};
use crate::{
    markdown,
    ui::{Button, Choice, Fold, Opening, SelectField, Size, TextField},
};

/// What no address may have as it is.
const REFUSED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// A word that a reader types has at most as many characters.
const LONGEST_WORD: usize = 100;

/// Names and values of a page's query.
pub(super) type Asked = Vec<(String, String)>;

/// Where samples call.
pub(super) struct Target<'d> {
    pub base_url: String,
    /// The variable of the environment that holds the key for it.
    pub key: &'static str,
    /// The server that was chosen, by its place in the document; none for the portal itself.
    chosen: Option<(usize, &'d Server)>,
    values: Vec<(String, String)>,
}

impl<'d> Target<'d> {
    /// What the reader asks for, else the sandbox.
    pub fn of(place: &Place, operation: &'d Operation, asked: &Asked) -> Self {
        let number = asked.iter().find(|(name, _)| name == "server").and_then(|(_, value)| value.parse().ok());
        let mut servers = offered(place, operation);
        let chosen = number.and_then(|number: usize| servers.find(|(known, _)| *known == number));
        let Some((number, server)) = chosen else {
            let key = if place.is_own() { "VESTIBULE_TOKEN" } else { SANDBOX_KEY };
            return Self { base_url: place.calls.clone(), key, chosen: None, values: Vec::new() };
        };
        let values = server.variables.iter().map(|variable| (variable.name.clone(), value_of(variable, asked)));
        let values: Vec<_> = values.collect();
        let base_url = address(server, &values).unwrap_or_else(|| place.calls.clone());
        Self { base_url, key: "API_KEY", chosen: Some((number, server)), values }
    }

    pub fn is_sandbox(&self) -> bool {
        self.chosen.is_none()
    }
}

/// The form that chooses, where there is a choice.
pub(super) fn form(place: &Place, operation: &Operation, target: &Target<'_>) -> Option<impl IntoView + use<>> {
    let servers: Vec<_> = offered(place, operation).collect();
    if servers.is_empty() {
        return None;
    }
    let name = target.chosen.map_or_else(|| "Sandbox".to_owned(), |(_, server)| name_of(server));
    let summary = format!("Server: {name}");
    let starts = if target.is_sandbox() { Opening::Closed } else { Opening::Open };
    let sandbox = Choice::new("0", "Sandbox");
    let others = servers.iter().map(|(number, server)| Choice::new(number.to_string(), label_of(server)));
    let options: Vec<_> = std::iter::once(sandbox).chain(others).collect();
    let selected = target.chosen.map_or(0, |(number, _)| number).to_string();
    let variables = target.chosen.map(|(_, server)| server.variables.as_slice()).unwrap_or_default();
    let fields =
        variables.iter().zip(&target.values).map(|(variable, (_, value))| field(variable, value)).collect_view();
    let action = format!("{}#samples", place.operation_path(operation));
    Some(view! {
        <Fold summary starts>
            <form class="form gap-above" action=action>
                <SelectField name="server" label="The samples call" options selected/>
                {fields}
                <div class="actions"><Button size=Size::Small>"Show samples"</Button></div>
            </form>
        </Fold>
    })
}

fn field(variable: &ServerVariable, value: &str) -> AnyView {
    let (name, label) = (parameter(variable), variable.name.clone());
    let hint = variable.description.as_deref().map(|text| markdown::plain(text, 200));
    let value = value.to_owned();
    if variable.choices.is_empty() {
        return view! { <TextField name label value hint/> }.into_any();
    }
    let mut options: Vec<_> = variable.choices.iter().map(|choice| Choice::new(choice, choice)).collect();
    if !variable.choices.contains(&variable.default) {
        options.insert(0, Choice::new(&variable.default, &variable.default));
    }
    view! { <SelectField name label options selected=value hint/> }.into_any()
}

/// The servers of the document that can be called from anywhere, and their places in it, counted from one.
fn offered<'d>(place: &Place, operation: &'d Operation) -> impl Iterator<Item = (usize, &'d Server)> + use<'d> {
    let servers = if place.is_own() { &[] } else { operation.servers.as_slice() };
    servers.iter().enumerate().map(|(index, server)| (index + 1, server)).filter(|(_, server)| {
        let defaults: Vec<_> = server.variables.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        address(server, &defaults).is_some()
    })
}

/// The address of a server, if it is one of the web.
fn address(server: &Server, values: &[(String, String)]) -> Option<String> {
    let url = server.url_with(values);
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let is_host = host.starts_with(|first: char| first.is_alphanumeric() || first == '[');
    is_host.then(|| utf8_percent_encode(&url, REFUSED).to_string())
}

/// The value that was asked for, if the variable takes it.
fn value_of(variable: &ServerVariable, asked: &Asked) -> String {
    let name = parameter(variable);
    let wanted = asked.iter().find(|(known, _)| *known == name).map(|(_, value)| value.trim());
    let is_word = |text: &&str| {
        let belongs = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        (1..=LONGEST_WORD).contains(&text.len()) && text.chars().all(belongs)
    };
    let takes = |text: &&str| match variable.choices.is_empty() {
        true => is_word(text),
        false => variable.choices.iter().any(|choice| choice == text),
    };
    wanted.filter(takes).map_or_else(|| variable.default.clone(), str::to_owned)
}

/// The name under which a form sends a variable; no variable is called like the choice of the server.
fn parameter(variable: &ServerVariable) -> String {
    format!("server.{}", variable.name)
}

/// What a server is called: its own name, else what it is for, else where it is.
fn name_of(server: &Server) -> String {
    let described = server.description.as_deref().map(|text| markdown::plain(text, 60));
    let name = server.name.clone().or(described).filter(|name| !name.is_empty());
    name.map_or_else(|| server.url.clone(), |name| name.trim_end_matches('.').to_owned())
}

/// What a server is called, and where it is.
fn label_of(server: &Server) -> String {
    match name_of(server) {
        url if url == server.url => url,
        name => format!("{name} · {}", server.url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, default: &str, choices: &[&str]) -> ServerVariable {
        let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
        ServerVariable { name: name.to_owned(), default: default.to_owned(), choices, description: None }
    }

    fn chosen(variable: &ServerVariable, value: &str) -> String {
        value_of(variable, &vec![(parameter(variable), value.to_owned())])
    }

    #[test]
    fn a_variable_takes_what_the_document_lists() {
        let region = variable("region", "eu", &["eu", "us"]);
        assert_eq!(chosen(&region, "us"), "us");
        assert_eq!(chosen(&region, "evil.example/"), "eu");
    }

    #[test]
    fn a_variable_without_a_list_takes_a_word_and_no_part_of_an_address() {
        let tenant = variable("tenant", "v2/any", &[]);
        assert_eq!(chosen(&tenant, " larkfield-1 "), "larkfield-1");
        for text in ["", "evil.example/", "a@b", "a:1", "a?b", "a#b", "a b", "{x}", "ü", &"a".repeat(101)] {
            assert_eq!(chosen(&tenant, text), "v2/any", "{text}");
        }
    }

    #[test]
    fn only_an_address_of_the_web_is_called() {
        let server = |url: &str| Server { url: url.to_owned(), name: None, description: None, variables: Vec::new() };
        assert_eq!(address(&server("https://a.example/{x} \"y"), &[]).unwrap(), "https://a.example/%7Bx%7D%20%22y");
        for url in ["/v1", "", "javascript:alert(1)", "https://", "https:///x", "ftp://a.example", "//a.example"] {
            assert_eq!(address(&server(url), &[]), None, "{url}");
        }
    }
}
