//! The form as people see it.

use leptos::prelude::*;

use super::{
    super::{
        field::Field,
        form::{Content, Editor, Form, NO_BODY},
        posted::Posted,
        reading::{Care, Doubt, Draft, chosen},
        target::{Asker, Targets, credential_name, variable_name},
    },
    answer::{Outcome, outcome_view},
    entry::{file_view, grouped, rows, variant},
};
use crate::{
    markdown,
    reference::{
        Callable,
        model::{Place, Server},
        sample::Auth,
    },
    ui::{
        Button, ButtonKind, Choice, Code, Glyph, Input, Language, Need, SelectField, Size, Source, TextArea, TextField,
    },
};

/// Lines of an editor at first.
const FEWEST_LINES: usize = 4;

/// The places in the order of a request.
const PLACES: [(Place, &str); 5] = [
    (Place::Path, "Path"),
    (Place::Query, "Query"),
    (Place::QueryString, "Whole query"),
    (Place::Header, "Headers"),
    (Place::Cookie, "Cookies"),
];

/// What is in the form, and what is wrong with it.
pub(super) struct Filling {
    pub posted: Option<Posted>,
    pub doubts: Vec<Doubt>,
}

impl Filling {
    pub fn posted(&self) -> Option<&Posted> {
        self.posted.as_ref()
    }

    pub fn error(&self, id: &str) -> Option<String> {
        let own: Vec<String> = self.doubts.iter().filter(|doubt| doubt.field == id).map(Doubt::sentence).collect();
        (!own.is_empty()).then(|| own.join(" "))
    }

    fn text(&self, name: &str) -> Option<String> {
        self.posted.as_ref()?.text(name).map(str::to_owned)
    }
}

/// Form, `curl` line and answer.
pub(super) fn console_view(
    callable: &Callable,
    targets: &Targets,
    filling: &Filling,
    outcome: Option<&Outcome>,
) -> impl IntoView + use<> {
    let form = Form::of(callable.operation());
    let action = format!("{}/calls", callable.path());
    let sample = sample_view(callable, targets, filling.posted());
    let outcome = outcome.map(|outcome| outcome_view(callable, outcome));
    view! {
        <div class="console">
            <form
                class="form"
                id="try-form"
                method="post"
                action=action.clone()
                enctype="multipart/form-data"
                novalidate
                data-sample=format!("{action}/sample")
            >
                {destination(targets, filling)}
                {parameters(&form, filling)}
                {body(&form, filling)}
                <div class="actions">
                    <Button kind=ButtonKind::Primary icon=Glyph::Send>"Send the call"</Button>
                    <button class="button" type="button" data-kind="quiet" data-cancels hidden>"Cancel"</button>
                    <p class="visually-hidden" role="status" data-says></p>
                </div>
            </form>
            <div class="results">
                <div data-outcome>{outcome}</div>
                <div data-place="sample">{sample}</div>
            </div>
            <template data-failure>
                <p class="note">
                    "The portal gave no answer. Check your connection, or open this page again; the call may have been made."
                </p>
            </template>
        </div>
    }
}

/// The `curl` line; a value that cannot be read is its example there.
pub(super) fn sample_view(callable: &Callable, targets: &Targets, posted: Option<&Posted>) -> impl IntoView + use<> {
    let form = Form::of(callable.operation());
    let prefilled = Posted::prefilled(&form);
    let (document, operation) = (callable.document(), callable.operation());
    let draft = Draft::read(operation, &form, posted.unwrap_or(&prefilled), Care::Written);
    let mut request = draft.request(document, operation, &targets.base_url(callable, posted));
    let text = match targets.is_sandbox(posted) {
        true => {
            // The sandbox takes its key here, wherever the API itself wants one.
            request.auth = vec![Auth::Bearer];
            request.curl()
        }
        false => request.curl().replace("$SANDBOX_KEY", "$API_KEY"),
    };
    let copy = view! { <button class="button copy" type="button" data-size="small" data-copies hidden>"Copy"</button> };
    view! { <Code title="This call as curl" copy=copy.into_any()><Source text language=Language::Shell/></Code> }
}

fn destination(targets: &Targets, filling: &Filling) -> impl IntoView + use<> {
    let chosen = filling.text("to").unwrap_or_else(|| targets.preset().to_owned());
    let error = filling.error("try-to").map(|error| view! { <span class="error">{error}</span> });
    let as_app = as_app(targets, filling, &chosen);
    let by_key = variant("to", "key", "The sandbox, with a key", &chosen, key_field());
    let servers = targets.servers.iter().enumerate().map(|(at, server)| {
        let name = format!("server.{at}");
        variant("to", &name, &server.default_url(), &chosen, server_fields(targets, filling, (at, server)))
    });
    let servers: Vec<AnyView> = servers.collect();
    view! {
        <fieldset class="group" id="try-to">
            <legend>"Where the call goes"</legend>
            <div class="variants">{as_app}{by_key}{servers}</div>
            {error}
        </fieldset>
    }
}

fn as_app(targets: &Targets, filling: &Filling, chosen: &str) -> AnyView {
    let offer = |href: &'static str, link: &'static str, rest: &'static str| {
        view! { <p class="note"><a href=href>{link}</a>{rest}</p> }.into_any()
    };
    match &targets.asker {
        Asker::Developer(_) if !targets.apps.is_empty() => {
            let options = targets.apps.iter().map(|app| Choice::new(app.id.to_string(), app.name.clone())).collect();
            let hint = "No key is needed, and the call may do all that the sandbox knows. To see what one of your keys may do, \
                        paste it instead.";
            let selected = filling.text("app");
            let field = view! { <SelectField name="app" id="try-app" label="App" options selected hint/> };
            variant("to", "app", "The sandbox, as one of your apps", chosen, field.into_any())
        }
        Asker::Developer(_) => offer("/dashboard/apps/new", "Create an app", " to call the sandbox without a key."),
        Asker::SignedIn => ().into_any(),
        Asker::Guest => offer("/login", "Sign in", " to call the sandbox as one of your apps, without a key."),
    }
}

fn key_field() -> AnyView {
    let hint = "Used for this call and kept nowhere.";
    view! { <TextField name="key" id="try-key" label="Key" kind=Input::Password autocomplete="off" hint/> }.into_any()
}

fn server_fields(targets: &Targets, filling: &Filling, (at, server): (usize, &Server)) -> AnyView {
    if matches!(targets.asker, Asker::Guest) {
        return view! {
            <p class="note">
                <a href="/login">"Sign in"</a>
                " to call this server. The portal makes the call for you, and does that only for people it knows."
            </p>
        }
        .into_any();
    }
    let about = server.description.as_deref().map(|text| markdown::plain(text, 200)).unwrap_or_default();
    let variables: Vec<AnyView> = variables(filling, at, server);
    let credentials = targets.credentials.iter().enumerate().filter(|(_, auth)| **auth != Auth::Certificate);
    let credentials = credentials.map(|(index, auth)| {
        let (name, id) = (credential_name(at, index), format!("try-credential-{at}-{index}"));
        let (label, hint) = (credential_label(auth), "Sent through the portal with this call, and kept nowhere.");
        view! { <TextField name id label kind=Input::Password autocomplete="off" need=Need::Optional hint/> }
    });
    let credentials = credentials.collect_view();
    view! {
        <p class="note">
            {about}
            " The portal makes this call for you, and what it does there is real. Only servers on the public internet are called."
        </p>
        {variables}
        {credentials}
    }
    .into_any()
}

fn variables(filling: &Filling, at: usize, server: &Server) -> Vec<AnyView> {
    let fields = server.variables.iter().enumerate().map(|(index, variable)| {
        let (name, label) = (variable_name(at, variable), variable.name.clone());
        let id = format!("try-server-{at}-{index}");
        let value = filling.text(&name).unwrap_or_else(|| variable.default.clone());
        if variable.choices.is_empty() {
            return view! { <TextField name id label kind=Input::Code value/> }.into_any();
        }
        let options = variable.choices.iter().map(|choice| Choice::new(choice.clone(), choice.clone())).collect();
        view! { <SelectField name id label options selected=value/> }.into_any()
    });
    fields.collect()
}

fn credential_label(auth: &Auth) -> String {
    match auth {
        Auth::Bearer => "Token".to_owned(),
        Auth::Basic => "User name and password, with a colon between them".to_owned(),
        Auth::Scheme(scheme) => format!("Credentials of the scheme {scheme}"),
        Auth::Header(name) | Auth::Query(name) | Auth::Cookie(name) => format!("Key, sent as {name}"),
        Auth::Certificate => "Certificate".to_owned(),
    }
}

fn parameters(form: &Form, filling: &Filling) -> Vec<AnyView> {
    let of_place = |(place, title): &(Place, &'static str)| {
        let own = form.parameters.iter().filter(|parameter| parameter.place == *place);
        let fields: Vec<&Field> = own.map(|parameter| &parameter.field).collect();
        let title = *title;
        (!fields.is_empty()).then(|| {
            view! { <fieldset class="group"><legend>{title}</legend>{grouped(&fields, filling)}</fieldset> }.into_any()
        })
    };
    PLACES.iter().filter_map(of_place).collect()
}

fn body(form: &Form, filling: &Filling) -> Option<AnyView> {
    let blank = Posted::default();
    let preferred = chosen(form, filling.posted().unwrap_or(&blank)).map(|editor| editor.at);
    let now = preferred.map_or_else(|| NO_BODY.to_owned(), |at| at.to_string());
    let fields = match form.editors.as_slice() {
        [] => return None,
        [only] if !form.may_be_empty => {
            view! { <input type="hidden" name="body.type" value="0"/>{editor_view(only, filling)} }.into_any()
        }
        several => {
            let editors = several.iter().map(|editor| {
                let value = editor.at.to_string();
                variant("body.type", &value, &editor.content_type, &now, editor_view(editor, filling))
            });
            let editors: Vec<AnyView> = editors.collect();
            let none = form.may_be_empty.then(|| variant("body.type", NO_BODY, "No body", &now, ().into_any()));
            view! { <div class="variants">{editors}{none}</div> }.into_any()
        }
    };
    Some(view! { <fieldset class="group"><legend>"Body"</legend>{fields}</fieldset> }.into_any())
}

fn editor_view(editor: &Editor, filling: &Filling) -> AnyView {
    let (name, id, label) = (editor.name(), editor.id(), editor.content_type.clone());
    let error = filling.error(&id);
    match &editor.content {
        Content::File => file_view(name, id, format!("A file of the type {label}"), Need::Required, None, error),
        Content::Fields(fields) => {
            let error = error.map(|error| view! { <span class="error">{error}</span> });
            let fields: Vec<&Field> = fields.iter().collect();
            view! { <div class="field" id=id>{grouped(&fields, filling)}{error}</div> }.into_any()
        }
        Content::Json(prefill) | Content::Text(prefill) => {
            let value = filling.text(&name).unwrap_or_else(|| prefill.clone());
            let rows = rows(&value, FEWEST_LINES);
            let examples = examples_view(editor);
            view! { {examples}<TextArea name id label value rows error/> }.into_any()
        }
    }
}

/// The document's examples, where there is a choice.
fn examples_view(editor: &Editor) -> Option<impl IntoView + use<>> {
    let buttons = editor.examples.iter().enumerate().map(|(index, (name, _))| {
        let (value, name) = (format!("{}.{index}", editor.at), name.clone());
        view! { <Button size=Size::Small name="fill" value>{name}</Button> }
    });
    let buttons = buttons.collect_view();
    (editor.examples.len() > 1).then(|| {
        view! { <div class="actions" role="group" aria-label="Fill the body with an example">{buttons}</div> }
    })
}
