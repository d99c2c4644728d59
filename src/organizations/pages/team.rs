//! Who belongs to the organization.

use std::time::Duration;

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use crate::{
    accounts::{self, EmailAddress},
    audit::{self, Actor, Entry, Subject},
    db::{AccountId, InvitationId, OrganizationId},
    mail::{self, Message, Part},
    organizations::store::{self, Invitation, TeamMember},
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Cell, Choice, Column, Confirm, Input, PageTitle, Section, SelectField, Size,
        Table, TextField, Time,
    },
    vault::{random_token, sha256},
    web::{Error, FieldErrors, Form, Member, Page, Path, Result, Role, SignedIn, see_other, throttle},
};

const PATH: &str = "/dashboard/team";
const INVITATION_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);
/// Invitations are mail to strangers: an organization cannot be used to send many of them.
const INVITATIONS: throttle::Limit = throttle::Limit { attempts: 30, window: Duration::from_secs(24 * 3600) };

#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct InviteForm {
    email: String,
    role: String,
}

pub(super) async fn index(portal: Portal, member: Member, me: SignedIn, page: Page) -> Result<Response> {
    render(&portal, member, me, page, InviteForm::default(), FieldErrors::default()).await
}

pub(super) async fn invite(
    portal: Portal,
    member: Member,
    me: SignedIn,
    actor: Actor,
    page: Page,
    Form(form): Form<InviteForm>,
) -> Result<Response> {
    let mut errors = FieldErrors::default();
    let email = errors.check("email", EmailAddress::parse(&form.email));
    let role = errors.check("role", form.role.parse::<Role>().map_err(|_| "Choose a role."));
    let (Some(email), Some(role)) = (email, role) else {
        return render(&portal, member, me, page.status(StatusCode::UNPROCESSABLE_ENTITY), form, errors).await;
    };
    throttle::count(&portal.db, &format!("invite:{}", member.organization), INVITATIONS).await?;
    let token = random_token();
    let mut tx = portal.db.begin().await?;
    let by = (member.organization, member.account);
    let id = store::invite(&mut *tx, by, (email.as_str(), role), &sha256(&token), INVITATION_LIFETIME).await?;
    mail::queue(&mut tx, &portal, invitation_mail(&portal, &member, &me, email.as_str(), &token)).await?;
    let subject = Subject::of(member.organization, "invitation", id, email.as_str());
    let entry = Entry::new("invitation.sent", subject).after(json!({ "email": email.as_str(), "role": role.as_str() }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("An invitation was sent to {}.", email.as_str())))
}

fn invitation_mail(portal: &Portal, member: &Member, me: &SignedIn, email: &str, token: &str) -> Message {
    Message {
        kind: "invitation",
        recipient: email.to_owned(),
        recipient_name: email.split('@').next().unwrap_or(email).to_owned(),
        subject: format!("Join {}", member.organization_name),
        parts: vec![
            Part::Text(format!("{} invites you to work with {} on this portal.", me.name, member.organization_name)),
            Part::Action("See the invitation", portal.config.base_url.join(&format!("/invite/{token}"))),
            Part::Note("The link is good for seven days.".into()),
        ],
    }
}

pub(super) async fn withdraw(
    portal: Portal,
    member: Member,
    actor: Actor,
    Path(id): Path<InvitationId>,
) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let email = store::withdraw(&mut *tx, member.organization, id).await?.ok_or_else(Error::not_found)?;
    let entry = Entry::new("invitation.withdrawn", Subject::of(member.organization, "invitation", id, &email));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("The invitation of {email} was withdrawn.")))
}

#[derive(Deserialize)]
pub(super) struct RoleForm {
    role: String,
}

pub(super) async fn change_role(
    portal: Portal,
    member: Member,
    actor: Actor,
    Path(account): Path<AccountId>,
    Form(form): Form<RoleForm>,
) -> Result<Response> {
    let role: Role = form.role.parse().map_err(|_| Error::not_found())?;
    let mut tx = portal.db.begin().await?;
    let owners = store::owners(&mut tx, member.organization).await?;
    let who = store::member(&mut *tx, member.organization, account).await?.ok_or_else(Error::not_found)?;
    if who.role == Role::Owner.as_str() && role != Role::Owner && owners < 2 {
        return Ok(see_other(
            &portal,
            PATH,
            "Nothing was changed: an organization needs an owner. Make somebody else one first.",
        ));
    }
    store::set_role(&mut *tx, member.organization, account, role).await?;
    let entry = Entry::new("member.role_changed", Subject::of(member.organization, "account", account, &who.email))
        .before(json!({ "role": who.role }))
        .after(json!({ "role": role.as_str() }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("{} is {} now.", who.name, in_words(role.as_str()))))
}

pub(super) async fn remove(
    portal: Portal,
    member: Member,
    actor: Actor,
    Path(account): Path<AccountId>,
) -> Result<Response> {
    let mut tx = portal.db.begin().await?;
    let owners = store::owners(&mut tx, member.organization).await?;
    let who = store::member(&mut *tx, member.organization, account).await?.ok_or_else(Error::not_found)?;
    if who.role == Role::Owner.as_str() && owners < 2 {
        return Ok(see_other(
            &portal,
            PATH,
            "Nobody was removed: an organization needs an owner. Make somebody else one first.",
        ));
    }
    store::remove(&mut *tx, member.organization, account).await?;
    let entry = Entry::new("member.removed", Subject::of(member.organization, "account", account, &who.email))
        .before(json!({ "role": who.role }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(see_other(&portal, PATH, &format!("{} does not belong to the organization any more.", who.name)))
}

#[derive(Deserialize)]
pub(super) struct OrganizationForm {
    organization: OrganizationId,
}

pub(super) async fn act_for(portal: Portal, me: SignedIn, Form(form): Form<OrganizationForm>) -> Result<Response> {
    match accounts::act_for(&portal.db, me.session, form.organization).await? {
        true => Ok(see_other(&portal, "/dashboard", "")),
        false => Err(Error::not_found()),
    }
}

async fn render(
    portal: &Portal,
    member: Member,
    me: SignedIn,
    page: Page,
    form: InviteForm,
    errors: FieldErrors,
) -> Result<Response> {
    let members = store::members(&portal.db, member.organization).await?;
    let invitations = store::invitations(&portal.db, member.organization).await?;
    let organizations = store::of_account(&portal.db, me.account).await?;
    let now = OffsetDateTime::now_utc();
    let page = page.side(|| ui::partner_menu(PATH));
    let body = move || {
        let is_owner = member.role >= Role::Owner;
        view! {
            <PageTitle title="Team" lead=format!("Who works with {} on this portal.", member.organization_name)/>
            <Members members me=me.account rights=Rights::of(is_owner) now/>
            {is_owner.then(|| view! { <Invitations invitations form errors now/> })}
            <Switch organizations current=member.organization/>
        }
    };
    Ok(page.render("Team", body).await)
}

/// What the viewer of the team may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    Look,
    Decide,
}

impl Rights {
    fn of(is_owner: bool) -> Self {
        if is_owner { Self::Decide } else { Self::Look }
    }
}

#[component]
fn Members(members: Vec<TeamMember>, me: AccountId, rights: Rights, now: OffsetDateTime) -> impl IntoView {
    let columns = ["Name", "Address", "Role", "Since", ""].map(Column::text).to_vec();
    let rows = members.into_iter().map(move |member| {
        let is_me = member.account == me;
        let (name, email, joined, of_role) =
            (member.name.clone(), member.email.clone(), member.created_at, member.clone());
        view! {
            <tr>
                <Cell label="Name">{name}{is_me.then(|| view! { " " <Badge>"You"</Badge> })}</Cell>
                <Cell label="Address">{email}</Cell>
                <Cell label="Role"><RoleOf member=of_role rights/></Cell>
                <Cell label="Since"><Time at=joined now/></Cell>
                <Cell label="">{(rights == Rights::Decide && !is_me).then(|| view! { <Remove member/> })}</Cell>
            </tr>
        }
    });
    view! { <Section title="Members"><Table label="Members" columns>{rows.collect_view()}</Table></Section> }
}

#[component]
fn RoleOf(member: TeamMember, rights: Rights) -> impl IntoView {
    if rights == Rights::Look {
        return in_words(&member.role).into_any();
    }
    view! {
        <form class="inline-form" method="post" action=format!("{PATH}/members/{}/role", member.account)>
            <SelectField name="role" id=format!("role-{}", member.account) label=format!("Role of {}", member.name)
                options=roles() selected=member.role/>
            <Button size=Size::Small>"Change role"</Button>
        </form>
    }
    .into_any()
}

#[component]
fn Remove(member: TeamMember) -> impl IntoView {
    view! {
        <Confirm
            id=format!("remove-{}", member.account)
            action=format!("{PATH}/members/{}/removal", member.account)
            opens_with="Remove…"
            title=format!("Remove {}?", member.name)
            yes="Remove member"
            no="Keep member"
            size=Size::Small
        >
            <p>"They lose access to apps, keys and logs at once. Keys that they made go on working."</p>
        </Confirm>
    }
}

#[component]
fn Invitations(
    invitations: Vec<Invitation>,
    form: InviteForm,
    errors: FieldErrors,
    now: OffsetDateTime,
) -> impl IntoView {
    let columns = ["Address", "Role", "Good until", ""].map(Column::text).to_vec();
    let some = !invitations.is_empty();
    let rows = invitations.into_iter().map(move |invitation| {
        view! {
            <tr>
                <Cell label="Address">{invitation.email}</Cell>
                <Cell label="Role">{in_words(&invitation.role)}</Cell>
                <Cell label="Good until"><Time at=invitation.expires_at now/></Cell>
                <Cell label="">
                    <form method="post" action=format!("{PATH}/invitations/{}/withdrawal", invitation.id)>
                        <Button kind=ButtonKind::DangerPlain size=Size::Small>"Withdraw"</Button>
                    </form>
                </Cell>
            </tr>
        }
    });
    let role = if form.role.is_empty() { Role::Developer.as_str().to_owned() } else { form.role };
    view! {
        <Section title="Invite somebody">
            <form class="form" method="post" action=format!("{PATH}/invitations")>
                <TextField name="email" label="Address" kind=Input::Email value=form.email error=errors.get("email")/>
                <SelectField name="role" label="Role" options=roles() selected=role error=errors.get("role")/>
                <div class="actions"><Button kind=ButtonKind::Primary>"Send invitation"</Button></div>
            </form>
            {some.then(|| view! { <Table label="Open invitations" columns>{rows.collect_view()}</Table> })}
        </Section>
    }
}

/// For those who belong to several organizations.
#[component]
fn Switch(organizations: Vec<(OrganizationId, String)>, current: OrganizationId) -> impl IntoView {
    (organizations.len() > 1).then(|| {
        let options = organizations.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
        view! {
            <Section title="Your organizations">
                <form class="form" method="post" action="/dashboard/organization">
                    <SelectField name="organization" label="Act for" options selected=current.to_string()/>
                    <div class="actions"><Button>"Change organization"</Button></div>
                </form>
            </Section>
        }
    })
}

fn roles() -> Vec<Choice> {
    Role::ALL.iter().map(|role| Choice::new(role.as_str(), in_words(role.as_str()))).collect()
}

fn in_words(role: &str) -> &'static str {
    match role.parse() {
        Ok(Role::Owner) => "Owner: also decides who belongs",
        Ok(Role::Developer) => "Developer: makes apps and keys",
        Ok(Role::Viewer) | Err(_) => "Viewer: reads",
    }
}
