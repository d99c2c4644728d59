//! What a key is called, what it may do, from where, how often and until when.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use time::{
    Date, Duration, OffsetDateTime, Time, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

use super::{APPS, act::as_sentence, form::choice, path_of};
use crate::{
    audit::Actor,
    keys::{Key, change::changed, edit::Asked},
    portal::Portal,
    reference::{Scope, Viewer},
    ui::{
        self, Button, ButtonKind, Callout, Choice, Choices, Input, Link, LinkButton, Need, PageTitle, TextArea,
        TextField, Tone,
    },
    web::{FieldErrors, Form, Page, Result, Scoped, see_other},
};

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingsForm {
    name: String,
    scopes: Vec<String>,
    networks: String,
    expires_on: String,
    rate_limit: String,
}

pub(super) async fn edit(portal: Portal, Scoped(key): Scoped<Key>, page: Page) -> Response {
    let form = SettingsForm::of(&key);
    settings_page(&portal, key, page, form, FieldErrors::default()).await
}

pub(super) async fn update(
    portal: Portal,
    actor: Actor,
    Scoped(key): Scoped<Key>,
    page: Page,
    Form(form): Form<SettingsForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    if form.scopes.is_empty() && !offered(&portal, &key).is_empty() {
        errors.add("scopes", "Choose at least one scope: without any, the key can call next to nothing.");
    }
    let asked = form.asked(&key, &mut errors);
    if errors.is_empty() {
        match changed(&portal, &actor, &key, asked).await {
            Ok(_) => return Ok(see_other(&portal, &path_of(key.id), "The key was changed.")),
            Err(error) if error.fields().is_empty() => return as_sentence(&portal, &key, error),
            Err(error) => error.fields().iter().for_each(|field| errors.add(field_of(&field.pointer), sentence(field))),
        }
    }
    Ok(settings_page(&portal, key, page.status(StatusCode::UNPROCESSABLE_ENTITY), form, errors).await)
}

impl SettingsForm {
    fn of(key: &Key) -> Self {
        Self {
            name: key.name.clone(),
            scopes: key.scopes.clone(),
            networks: key.allowed_networks.to_string(),
            expires_on: key.expires_at.map(last_day).unwrap_or_default(),
            rate_limit: key.rate_limit.map(|limit| limit.to_string()).unwrap_or_default(),
        }
    }

    /// What was typed, as far as its form is right.
    fn asked(&self, key: &Key, errors: &mut FieldErrors) -> Asked {
        let networks = self.networks.split(|c: char| c == ',' || c.is_whitespace()).filter(|part| !part.is_empty());
        let expires_at = errors.check("expires_on", self.expires_at(key));
        let rate_limit = match self.rate_limit.trim() {
            "" => Some(None),
            text => errors.check("rate_limit", text.parse().map(Some).map_err(|_| "Write a number of calls, e.g. 30.")),
        };
        Asked {
            name: Some(self.name.clone()),
            scopes: Some(self.scopes.clone()),
            allowed_networks: Some(networks.map(str::to_owned).collect()),
            expires_at,
            rate_limit,
        }
    }

    /// The end of the day that was typed. The day that was shown stands for the very end that the key has.
    fn expires_at(&self, key: &Key) -> Result<Option<OffsetDateTime>, &'static str> {
        let typed = self.expires_on.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        if key.expires_at.is_some_and(|end| last_day(end) == typed) {
            return Ok(key.expires_at);
        }
        let day = Date::parse(typed, DAY).map_err(|_| "Write a day as 2026-12-31.")?;
        let next = day.next_day().ok_or("Choose an earlier day.")?;
        Ok(Some(next.with_time(Time::MIDNIGHT).assume_utc()))
    }
}

/// The last day on which the key works for a moment.
fn last_day(end: OffsetDateTime) -> String {
    let last = end.to_offset(UtcOffset::UTC).saturating_sub(Duration::nanoseconds(1));
    last.date().format(DAY).unwrap_or_default()
}

fn field_of(pointer: &str) -> &'static str {
    match pointer {
        "/name" => "name",
        "/scopes" => "scopes",
        "/expires_at" => "expires_on",
        "/rate_limit" => "rate_limit",
        _ => "networks",
    }
}

/// What completes a sentence in the HTTP API is one here.
fn sentence(field: &crate::web::FieldError) -> String {
    let subject = match field.pointer.as_str() {
        "/name" if field.code == "taken" => "The name ",
        "/expires_at" => "The day ",
        "/rate_limit" => "It ",
        "/allowed_networks" => "They ",
        _ => "",
    };
    format!("{subject}{}{}", field.message, if field.message.ends_with('.') { "" } else { "." })
}

fn offered(portal: &Portal, key: &Key) -> Vec<Scope> {
    portal.catalogue.visible_to(Viewer::of(key.organization)).scopes()
}

async fn settings_page(portal: &Portal, key: Key, page: Page, form: SettingsForm, errors: FieldErrors) -> Response {
    let scopes = choices(offered(portal, &key), &key);
    let most = key.most_calls_a_minute(portal.config.key_rate_limit);
    let title = format!("Settings of {}", key.name);
    let body = move || {
        let trail = vec![
            Link::new(APPS, "Apps and keys"),
            Link::new(format!("{APPS}/{}", key.app), key.app_name.clone()),
            Link::new(path_of(key.id), key.name.clone()),
        ];
        let refused = (!errors.is_empty()).then(|| {
            view! {
                <Callout tone=Tone::Bad title="The key was not changed" role="alert">
                    <p>"Correct the marked fields and save again."</p>
                </Callout>
            }
        });
        view! {
            <PageTitle
                title="Key settings"
                trail
                lead="Changes hold for every call within a second, and are kept in the audit trail with what was before."
            />
            {refused}
            <Fields key scopes most form errors/>
        }
    };
    page.side(|| ui::partner_menu(APPS)).render(title, body).await
}

/// The scopes that are offered, and those that the key has although nobody offers them any more.
fn choices(offered: Vec<Scope>, key: &Key) -> Vec<Choice> {
    let kept: Vec<&String> = key.scopes.iter().filter(|own| offered.iter().all(|scope| scope.name != **own)).collect();
    let kept =
        kept.into_iter().map(|name| Choice::new(name.clone(), name.clone()).hint("No published API has it any more."));
    let kept: Vec<Choice> = kept.collect();
    let apis = offered.iter().map(|scope| &scope.api).collect::<std::collections::BTreeSet<_>>().len();
    offered.into_iter().map(|scope| choice(scope, apis)).chain(kept).collect()
}

#[component]
fn Fields(key: Key, scopes: Vec<Choice>, most: u32, form: SettingsForm, errors: FieldErrors) -> impl IntoView {
    let page = path_of(key.id);
    let has_scopes = !scopes.is_empty();
    view! {
        <form class="form" method="post" action=format!("{page}/settings")>
            <TextField name="name" label="Name" value=form.name error=errors.get("name") autocomplete="off"/>
            {has_scopes.then(|| view! {
                <Choices
                    name="scopes"
                    label="Scopes"
                    options=scopes
                    chosen=form.scopes
                    error=errors.get("scopes")
                    hint="What calls with this key may do."
                />
            })}
            <TextArea
                name="networks"
                label="Allowed addresses"
                value=form.networks
                error=errors.get("networks")
                need=Need::Optional
                rows=3
                hint="Addresses and networks of your systems, one on each line: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32. Calls from elsewhere are refused. Empty: calls come from everywhere."
            />
            <TextField
                name="expires_on"
                label="Last day"
                kind=Input::Date
                value=form.expires_on
                error=errors.get("expires_on")
                need=Need::Optional
                hint="The key works until this day is over (UTC). Your organization gets a letter seven days and one day before. Empty: it has no end."
            />
            <TextField
                name="rate_limit"
                label="Calls a minute"
                kind=Input::Number
                value=form.rate_limit
                error=errors.get("rate_limit")
                need=Need::Optional
                autocomplete="off"
                hint=format!("At most {most}, which each of your keys may make. Empty: {most}.")
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary>"Save settings"</Button>
                <LinkButton href=page.clone() kind=ButtonKind::Quiet>"Leave it as it is"</LinkButton>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::keys::model::tests::key;

    fn expires_at(typed: &str, before: Option<OffsetDateTime>) -> Result<Option<OffsetDateTime>, &'static str> {
        let key = Key { expires_at: before, ..key(Vec::new()) };
        SettingsForm { expires_on: typed.into(), ..SettingsForm::default() }.expires_at(&key)
    }

    #[test]
    fn a_key_works_until_its_last_day_is_over() {
        assert_eq!(expires_at("2026-12-31", None), Ok(Some(datetime!(2027-01-01 00:00 UTC))));
        assert_eq!(last_day(datetime!(2027-01-01 00:00 UTC)), "2026-12-31");
        assert_eq!(expires_at(" ", Some(datetime!(2027-01-01 00:00 UTC))), Ok(None));
        assert!(expires_at("31.12.2026", None).is_err());
    }

    #[test]
    fn an_end_within_a_day_is_not_moved_by_saving_the_form() {
        let noon = datetime!(2026-12-31 12:00 UTC);
        assert_eq!(expires_at(&last_day(noon), Some(noon)), Ok(Some(noon)));
    }
}
