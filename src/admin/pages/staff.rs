//! The company's staff: who belongs to it, taking somebody on, and letting somebody go.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::{
    accounts::{self, EmailAddress},
    admin::{model::StaffMember, store},
    audit::{self, Actor, Entry, Subject},
    db::AccountId,
    name::Name,
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Cell, Choice, Choices, Column, Confirm, Input, Link, PageTitle, Pick, Section,
        Size, Table, TextField, Time,
    },
    web::{Error, FieldErrors, Form, Page, Path, Result, SignedIn, Staff, StaffRole, see_other},
};

const PATH: &str = "/admin/staff";

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Draft {
    name: String,
    email: String,
    role: String,
}

/// Somebody to be appointed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Appointment {
    name: Name,
    email: EmailAddress,
    role: StaffRole,
}

impl Draft {
    /// `own` is the address of whoever fills in the form: nobody changes their own role, so that an administrator remains.
    fn parse(&self, own: &str) -> Result<Appointment, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = errors.check("name", Name::parse(&self.name));
        let email = errors.check("email", EmailAddress::parse(&self.email));
        let role = errors.check("role", self.role.parse().map_err(|_| "Choose a role."));
        if email.as_ref().is_some_and(|email| email.as_str().eq_ignore_ascii_case(own)) {
            errors.add("email", "This is your own address. Ask another administrator to change your role.");
        }
        match (name, email, role) {
            (Some(name), Some(email), Some(role)) if errors.is_empty() => Ok(Appointment { name, email, role }),
            _ => Err(errors),
        }
    }
}

pub(super) async fn index(portal: Portal, staff: Staff, page: Page) -> Result<Response> {
    show(&portal, &staff, page, Draft::default(), FieldErrors::default()).await
}

pub(super) async fn create(
    portal: Portal,
    staff: Staff,
    own: SignedIn,
    actor: Actor,
    page: Page,
    Form(draft): Form<Draft>,
) -> Result<Response> {
    let Appointment { name, email, role } = match draft.parse(&own.email) {
        Ok(appointment) => appointment,
        Err(errors) => {
            return show(&portal, &staff, page.status(StatusCode::UNPROCESSABLE_ENTITY), draft, errors).await;
        }
    };
    accounts::appoint(&portal, &actor, &email, &name, role).await?;
    let sentence =
        format!("{} now has the role {}. A message tells them how to sign in.", email.as_str(), role.as_str());
    Ok(see_other(&portal, PATH, &sentence))
}

pub(super) async fn dismiss(portal: Portal, staff: Staff, actor: Actor, Path(id): Path<AccountId>) -> Result<Response> {
    if id == staff.account {
        return Err(Error::forbidden("You cannot take yourself off the staff. Ask another administrator."));
    }
    let mut tx = portal.db.begin().await?;
    let (email, role) = store::dismiss(&mut *tx, id).await?.ok_or_else(Error::not_found)?;
    let entry = Entry::new("staff.dismissed", Subject::own("account", id, &email))
        .before(json!({ "role": role }))
        .after(json!({ "role": null }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("{email} no longer belongs to the staff.")))
}

async fn show(portal: &Portal, staff: &Staff, page: Page, draft: Draft, errors: FieldErrors) -> Result<Response> {
    let members = store::staff(&portal.db).await?;
    let (own, now) = (staff.account, OffsetDateTime::now_utc());
    let body = move || {
        view! {
            <PageTitle
                title="Staff"
                trail=vec![Link::new("/admin", "Administration")]
                lead="The people of your company who may enter the administration."
            />
            <Members members own now/>
            <Section title="Add somebody"><div class="split"><Appoint draft errors/></div></Section>
        }
    };
    Ok(page.side(|| ui::staff_menu(PATH)).render("Staff", body).await)
}

#[component]
fn Members(members: Vec<StaffMember>, own: AccountId, now: OffsetDateTime) -> impl IntoView {
    let columns = ["Name", "Role", "Last seen", "Change"].map(Column::text).into();
    let rows = members.into_iter().map(move |member| {
        let last_seen = match member.last_seen_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "not signed in".into_any(),
        };
        let change = match member.id == own {
            true => "This is you".into_any(),
            false => view! { <Dismissal member=member.clone()/> }.into_any(),
        };
        view! {
            <tr>
                <Cell label="Name">{member.name}<small>{member.email}</small></Cell>
                <Cell label="Role"><Badge>{member.role}</Badge></Cell>
                <Cell label="Last seen">{last_seen}</Cell>
                <Cell label="Change">{change}</Cell>
            </tr>
        }
    });
    view! { <Table label="Staff" columns>{rows.collect_view()}</Table> }
}

#[component]
fn Dismissal(member: StaffMember) -> impl IntoView {
    view! {
        <Confirm
            id=format!("dismiss-{}", member.id)
            action=format!("{PATH}/{}/dismissal", member.id)
            opens_with="Remove from staff…"
            title=format!("Remove {} from the staff?", member.name)
            yes="Remove from staff"
            no="Keep on staff"
            size=Size::Small
        >
            <p class="soft">
                {member.email}" loses the administration at once. The account itself and its organizations stay."
            </p>
        </Confirm>
    }
}

#[component]
fn Appoint(draft: Draft, errors: FieldErrors) -> impl IntoView {
    let roles = vec![
        Choice::new("support", "Support").hint("Reads partners, mail and the audit trail."),
        Choice::new("editor", "Editor").hint("Also imports and publishes APIs."),
        Choice::new("admin", "Admin").hint("Also changes settings, staff and partners."),
    ];
    let chosen = if draft.role.is_empty() { "support".to_owned() } else { draft.role };
    view! {
        <form class="form" method="post" action=PATH>
            <TextField name="name" label="Name" value=draft.name error=errors.get("name") autocomplete="off"/>
            <TextField
                name="email"
                label="Address"
                kind=Input::Email
                value=draft.email
                error=errors.get("email")
                hint="Somebody without an account gets a link by mail to set a password."
                autocomplete="off"
            />
            <Choices
                name="role"
                label="Role"
                options=roles
                chosen=vec![chosen]
                pick=Pick::One
                error=errors.get("role")
            />
            <div class="actions"><Button kind=ButtonKind::Primary>"Add to staff"</Button></div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_an_appointment_is_checked() {
        let errors = Draft::default().parse("root@larkfield.example").unwrap_err();
        for field in ["name", "email", "role"] {
            assert!(errors.get(field).is_some(), "{field}");
        }
        let draft = Draft { name: "Ada".into(), email: "ada@larkfield.example".into(), role: "editor".into() };
        assert_eq!(draft.parse("root@larkfield.example").unwrap().role, StaffRole::Editor);
    }

    #[test]
    fn nobody_changes_their_own_role() {
        let draft = Draft { name: "Ada".into(), email: "Ada@Larkfield.example".into(), role: "support".into() };
        assert!(draft.parse("ada@larkfield.example").unwrap_err().get("email").is_some());
    }
}
