//! The outbox as staff read it.
//!
//! Messages carry links that act for their recipient. Administrators may read them, since without a mail server there
//! is no other way to them; for everybody else the secret part of a link is left out.

use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;
use time::OffsetDateTime;

use super::store::{self, Queued};
use crate::{
    config::BaseUrl,
    db::MailId,
    portal::Portal,
    ui::{
        self, Callout, Cell, Clock, Column, Condition, Empty, Fact, Facts, FactsLayout, Fold, Glyph, Link, PageTitle,
        Pager, Panel, StateLabel, Table, Time,
    },
    web::{Access, Error, Page, Path, Query, Result, Routes, Staff, StaffRole},
};

const PATH: &str = "/admin/mail";
const A_PAGE: usize = 50;

/// The routes of the outbox.
pub fn routes() -> Routes {
    Routes::new().get(PATH, Access::Staff(StaffRole::Support), index).get(
        "/admin/mail/{mail}",
        Access::Staff(StaffRole::Support),
        show,
    )
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    before: String,
}

async fn index(portal: Portal, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let before: Option<MailId> = asked.before.parse().ok();
    let limit = i64::try_from(A_PAGE + 1).expect("a page is a small number");
    let mut messages = store::outbox(&portal.db, before, limit).await?;
    let has_more = messages.len() > A_PAGE;
    messages.truncate(A_PAGE);
    let last = messages.last().filter(|_| has_more).map(|message| message.id);
    let older = last.map(|id| Link::new(format!("{PATH}?before={id}"), "Older messages"));
    let newest = before.map(|_| Link::new(PATH, "Newest messages"));
    let delivery = Delivery::of(&portal);
    let now = OffsetDateTime::now_utc();
    let body = move || {
        view! {
            <PageTitle
                title="Mail"
                trail=vec![Link::new("/admin", "Administration")]
                lead="Every message that the portal wrote, newest first."
            />
            {(delivery == Delivery::Outbox).then(|| view! { <StaysHere/> })}
            {match messages.is_empty() {
                true => view! { <NoMessages/> }.into_any(),
                false => view! {
                    <Outbox messages delivery now/>
                    <Pager before=newest after=older label="Pages of the outbox"/>
                }
                .into_any(),
            }}
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render("Mail", body).await)
}

async fn show(portal: Portal, staff: Staff, page: Page, Path(id): Path<MailId>) -> Result<Response> {
    let message = store::message(&portal.db, id).await?.ok_or_else(Error::not_found)?;
    let reading = Reading::of(staff.role);
    let message = match reading {
        Reading::Everything => message,
        Reading::WithoutSecrets => without_secrets(message, &portal.config.base_url),
    };
    let delivery = Delivery::of(&portal);
    let now = OffsetDateTime::now_utc();
    let title = message.subject.clone();
    Ok(page.side(|| ui::staff_menu(PATH)).render(title, move || view! { <Letter message delivery reading now/> }).await)
}

/// Whether mail leaves the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivery {
    Smtp,
    Outbox,
}

impl Delivery {
    fn of(portal: &Portal) -> Self {
        portal.config.smtp_url.as_ref().map_or(Self::Outbox, |_| Self::Smtp)
    }
}

/// What somebody may read of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Everything,
    WithoutSecrets,
}

impl Reading {
    fn of(role: StaffRole) -> Self {
        match role {
            StaffRole::Admin => Self::Everything,
            StaffRole::Editor | StaffRole::Support => Self::WithoutSecrets,
        }
    }
}

fn without_secrets(message: Queued, base_url: &BaseUrl) -> Queued {
    let text_body = cut_links(&message.text_body, base_url.as_str());
    let html_body = cut_links(&message.html_body, base_url.as_str());
    Queued { text_body, html_body, ..message }
}

/// Leaves of each link into the portal only the first part of its path: whatever follows may be a secret.
fn cut_links(text: &str, origin: &str) -> String {
    let mut parts = text.split(origin);
    let mut cut = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let end = rest.find(|c: char| c.is_whitespace() || "\"'<>".contains(c)).unwrap_or(rest.len());
        let (link, after) = rest.split_at(end);
        let kept = link.strip_prefix('/').map_or(0, |path| 1 + path.find(['/', '?', '#']).unwrap_or(path.len()));
        cut.push_str(origin);
        cut.push_str(&link[..kept]);
        if kept < link.len() {
            cut.push('…');
        }
        cut.push_str(after);
    }
    cut
}

/// How a message is, and the words for it.
fn state(message: &Queued, delivery: Delivery) -> (Condition, &'static str) {
    match (message.sent_at, message.failed_at, delivery) {
        (Some(_), ..) => (Condition::Ok, "Sent"),
        (None, Some(_), _) => (Condition::Bad, "Failed"),
        (None, None, Delivery::Outbox) => (Condition::None, "Kept here"),
        (None, None, Delivery::Smtp) if message.attempts == 0 => (Condition::Plan, "Waiting"),
        (None, None, Delivery::Smtp) => (Condition::Warn, "Tried, will be tried again"),
    }
}

#[component]
fn StaysHere() -> impl IntoView {
    view! {
        <Callout title="Mail stays in this outbox">
            <p>
                "No mail server is configured. Set "<code>"VESTIBULE_SMTP_URL"</code>
                " and start the portal again to have new messages sent; those that are here stay here."
            </p>
        </Callout>
    }
}

#[component]
fn NoMessages() -> impl IntoView {
    view! {
        <Empty
            icon=Glyph::Mail
            title="No messages yet"
            text="The portal writes when somebody signs up, is invited or has forgotten a password. Each message is kept here."
        />
    }
}

#[component]
fn Outbox(messages: Vec<Queued>, delivery: Delivery, now: OffsetDateTime) -> impl IntoView {
    let columns = ["Subject", "To", "State", "Written"].map(Column::text).into();
    let rows = messages.into_iter().map(move |message| {
        let (condition, words) = state(&message, delivery);
        view! {
            <tr>
                <Cell label="Subject">
                    <a href=format!("{PATH}/{}", message.id)>{message.subject.clone()}</a>
                    <small>{message.kind.replace('_', " ")}</small>
                </Cell>
                <Cell label="To">{message.recipient_name.clone()}<small>{message.recipient.clone()}</small></Cell>
                <Cell label="State"><StateLabel is=condition>{words}</StateLabel></Cell>
                <Cell label="Written"><Time at=message.created_at now/></Cell>
            </tr>
        }
    });
    view! { <Table label="Messages" columns>{rows.collect_view()}</Table> }
}

#[component]
fn Letter(message: Queued, delivery: Delivery, reading: Reading, now: OffsetDateTime) -> impl IntoView {
    let (condition, words) = state(&message, delivery);
    let withheld = (reading == Reading::WithoutSecrets).then(|| {
        view! {
            <Callout icon=Glyph::Lock title="Links are shortened">
                <p>"A link in a message can act for its recipient, so only administrators see it whole."</p>
            </Callout>
        }
    });
    view! {
        <PageTitle
            title=message.subject
            trail=vec![Link::new("/admin", "Administration"), Link::new(PATH, "Mail")]
            badges=view! { <StateLabel is=condition>{words}</StateLabel> }.into_any()
        />
        <Facts layout=FactsLayout::Rows>
            <Fact term="To">{message.recipient_name}" <"{message.recipient}">"</Fact>
            <Fact term="Kind">{message.kind.replace('_', " ")}</Fact>
            <Fact term="Written"><Time at=message.created_at now/></Fact>
            {message.sent_at.map(|at| view! { <Fact term="Sent"><Time at now/></Fact> })}
            {message.failed_at.map(|at| view! { <Fact term="Given up"><Time at now clock=Clock::Both/></Fact> })}
            {(message.attempts > 0).then(|| view! { <Fact term="Attempts">{message.attempts}</Fact> })}
            {message.last_error.map(|error| view! { <Fact term="Server said"><code>{error}</code></Fact> })}
            <Fact term="Message-ID"><code>{message.message_id}</code></Fact>
        </Facts>
        {withheld}
        <Panel title="Text" flush=view! { <div class="letter">{message.text_body}</div> }.into_any()/>
        <Fold summary="HTML source">
            <div class="letter">{message.html_body}</div>
        </Fold>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://dev.example.com";

    fn message() -> Queued {
        Queued {
            id: MailId::new(),
            kind: "verify_address".into(),
            recipient: "ines@quillmere.example".into(),
            recipient_name: "Ines".into(),
            subject: "Confirm your address".into(),
            text_body: format!("Confirm:\n{ORIGIN}/verify?token=s3cret\n"),
            html_body: format!("<a href=\"{ORIGIN}/verify?token=s3cret\">Confirm</a>"),
            message_id: "<x@dev.example.com>".into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            attempts: 0,
            last_error: None,
            sent_at: None,
            failed_at: None,
        }
    }

    #[test]
    fn those_who_are_not_administrators_see_no_secret_of_a_link() {
        assert_eq!(Reading::of(StaffRole::Editor), Reading::WithoutSecrets);
        assert_eq!(Reading::of(StaffRole::Support), Reading::WithoutSecrets);
        let read = without_secrets(message(), &BaseUrl::parse(ORIGIN).unwrap());
        assert_eq!(read.text_body, format!("Confirm:\n{ORIGIN}/verify…\n"));
        assert_eq!(read.html_body, format!("<a href=\"{ORIGIN}/verify…\">Confirm</a>"));
    }

    #[test]
    fn a_link_is_cut_wherever_its_secret_stands() {
        let cut = |path: &str| cut_links(&format!("{ORIGIN}{path} and more"), ORIGIN);
        assert_eq!(cut("/invitations/s3cret"), format!("{ORIGIN}/invitations… and more"));
        assert_eq!(cut("/verify#s3cret"), format!("{ORIGIN}/verify… and more"));
        assert_eq!(cut("?token=s3cret"), format!("{ORIGIN}… and more"));
        assert_eq!(cut(":8443/verify?token=s3cret"), format!("{ORIGIN}… and more"));
        assert_eq!(cut("/dashboard"), format!("{ORIGIN}/dashboard and more"));
        assert_eq!(cut_links("no link at all", ORIGIN), "no link at all");
    }

    #[test]
    fn the_state_of_a_message_is_said_in_words() {
        let word = |message: &Queued, delivery| state(message, delivery).1;
        let at = Some(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(word(&message(), Delivery::Outbox), "Kept here");
        assert_eq!(word(&message(), Delivery::Smtp), "Waiting");
        assert_eq!(word(&Queued { attempts: 2, ..message() }, Delivery::Smtp), "Tried, will be tried again");
        assert_eq!(word(&Queued { sent_at: at, ..message() }, Delivery::Outbox), "Sent");
        assert_eq!(word(&Queued { failed_at: at, ..message() }, Delivery::Smtp), "Failed");
    }
}
