//! The page on which an administrator gives the portal its name, words and colour.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;

use super::{LeakedKeys, Values, model::Draft, store};
use crate::{
    audit::{self, Actor, Entry, Subject},
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Callout, Choice, Input, Link, LinkButton, Need, PageTitle, Panel, SelectField,
        TextArea, TextField, Theme, Tone,
    },
    web::{Access, FieldErrors, Form, Page, Result, Routes, StaffRole, see_other},
};

const PATH: &str = "/admin/settings";

/// The routes of the settings.
pub fn routes() -> Routes {
    Routes::new().get(PATH, Access::Staff(StaffRole::Admin), edit).post(PATH, Access::Staff(StaffRole::Admin), update)
}

async fn edit(portal: Portal, page: Page) -> Response {
    let current = portal.settings.current();
    show(&portal, page, Draft::from(&*current), FieldErrors::default()).await
}

async fn update(portal: Portal, actor: Actor, page: Page, Form(draft): Form<Draft>) -> Result<Response> {
    let next = match draft.parse() {
        Ok(next) => next,
        Err(errors) => {
            return Ok(show(&portal, page.status(StatusCode::UNPROCESSABLE_ENTITY), draft, errors).await);
        }
    };
    let sentence = match save(&portal, &actor, &next).await? {
        Saved::Changed => "The settings were saved.",
        Saved::AsBefore => "Nothing changed.",
    };
    portal.settings.refresh(&portal.db).await?;
    Ok(see_other(&portal, PATH, sentence))
}

enum Saved {
    Changed,
    AsBefore,
}

async fn save(portal: &Portal, actor: &Actor, next: &Values) -> Result<Saved> {
    let mut tx = portal.db.begin().await?;
    let before = store::replace(&mut tx, next).await?;
    let Some((old, new)) = before.difference(next) else { return Ok(Saved::AsBefore) };
    let entry = Entry::new("settings.changed", Subject::own("settings", "portal", "Settings")).before(old).after(new);
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Saved::Changed)
}

async fn show(portal: &Portal, page: Page, draft: Draft, errors: FieldErrors) -> Response {
    let current = portal.settings.current();
    page.side(|| ui::staff_menu(PATH))
        .render("Settings", move || {
            let refused = (!errors.is_empty()).then(|| {
                view! {
                    <Callout tone=Tone::Bad title="The settings were not saved" role="alert">
                        <p>"Correct the marked fields and save again."</p>
                    </Callout>
                }
            });
            view! {
                <PageTitle
                    title="Settings"
                    trail=vec![Link::new("/admin", "Administration")]
                    lead="How the portal presents itself to partners. Changes are in force on every page within a second."
                />
                {refused}
                <div class="split" data-ratio="aside">
                    <SettingsForm draft errors/>
                    <Preview values=(*current).clone()/>
                </div>
            }
        })
        .await
}

#[component]
fn SettingsForm(draft: Draft, errors: FieldErrors) -> impl IntoView {
    view! {
        <form class="form" method="post" action=PATH>
            <TextField
                name="portal_name"
                label="Portal name"
                value=draft.portal_name
                error=errors.get("portal_name")
                hint="Your company or product, in the bar of every page and in mail."
                autocomplete="off"
            />
            <TextField
                name="headline"
                label="Headline"
                value=draft.headline
                error=errors.get("headline")
                need=Need::Optional
                hint="The first line of the start page."
            />
            <TextArea
                name="introduction"
                label="Introduction"
                value=draft.introduction
                error=errors.get("introduction")
                rows=6
                need=Need::Optional
                hint="Plain text below the headline: what the APIs do, and for whom."
            />
            <TextField
                name="accent"
                label="Accent colour"
                kind=Input::Color
                value=draft.accent
                error=errors.get("accent")
                hint="The portal keeps its hue and sets the lightness, so that words stay readable in light and dark."
            />
            <TextField
                name="logo_letters"
                label="Logo letters"
                value=draft.logo_letters
                error=errors.get("logo_letters")
                need=Need::Optional
                hint="One to three letters on the accent colour. Without them the portal's own mark is shown."
                autocomplete="off"
            />
            <TextField
                name="support_email"
                label="Support address"
                kind=Input::Email
                value=draft.support_email
                error=errors.get("support_email")
                need=Need::Optional
                hint="At the foot of every page."
                autocomplete="off"
            />
            <TextField
                name="mail_from"
                label="Sender of mail"
                value=draft.mail_from
                error=errors.get("mail_from")
                need=Need::Optional
                hint="Without one, mail comes from noreply at the portal's own host."
                autocomplete="off"
            />
            <SelectField
                name="leaked_keys"
                label="Keys that are reported as leaked"
                options=LeakedKeys::ALL.map(|choice| Choice::new(choice.as_str(), choice.title())).to_vec()
                selected=draft.leaked_keys
                error=errors.get("leaked_keys")
                hint="Anybody can report a key. Its owner gets a letter either way."
            />
            <div class="actions">
                <Button kind=ButtonKind::Primary>"Save settings"</Button>
            </div>
        </form>
    }
}

/// What is in force, in both themes: only the browser could show a colour that is not saved yet.
#[component]
fn Preview(values: Values) -> impl IntoView {
    let stage = move |theme: Theme| {
        view! {
            <div class="preview" data-theme=theme.name()>
                <span class="brand">{values.logo().mark()}<span>{values.portal_name.clone()}</span></span>
                <div class="actions">
                    <LinkButton href="#accent" kind=ButtonKind::Primary>"Get a key"</LinkButton>
                    <a href="#accent">"A link"</a>
                    <Badge tone=Tone::Accent>"Chosen"</Badge>
                </div>
            </div>
        }
    };
    view! {
        <Panel title="In force now">
            {stage(Theme::Light)}
            {stage(Theme::Dark)}
        </Panel>
    }
}
