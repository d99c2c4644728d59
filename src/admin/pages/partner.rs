//! One partner: its people, its apps, its keys, and shutting it out.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::limit::{KeyLimit, LimitForm};
use crate::{
    admin::{
        model::{Partner, PartnerApp, PartnerKey, PartnerMember},
        store,
    },
    audit::{self, EntryTable, Filter, Reader, Recorded},
    db::OrganizationId,
    portal::Portal,
    ui::{
        Badge, Button, Cell, Clock, Column, Condition, Confirm, Empty, Fact, Facts, Glyph, Link, PageTitle, Section,
        StateLabel, Table, Time,
    },
    web::{Result, StaffRole},
};

const NEWEST: i64 = 8;

/// Everything that staff see of a partner.
pub(super) struct Detail {
    pub(super) partner: Partner,
    members: Vec<PartnerMember>,
    apps: Vec<PartnerApp>,
    keys: Vec<PartnerKey>,
    entries: Vec<Recorded>,
}

impl Detail {
    pub(super) async fn read(portal: &Portal, id: OrganizationId) -> Result<Option<Self>> {
        let Some(partner) = store::partner(&portal.db, id).await? else { return Ok(None) };
        let filter = Filter { organization: Some(id), ..Filter::default() };
        Ok(Some(Self {
            partner,
            members: store::members_of(&portal.db, id).await?,
            apps: store::apps_of(&portal.db, id).await?,
            keys: store::keys_of(&portal.db, id).await?,
            entries: audit::list(&portal.db, filter, NEWEST).await?,
        }))
    }

    pub(super) fn view(self, role: StaffRole, most: u32, limit: LimitForm, now: OffsetDateTime) -> impl IntoView {
        let Self { partner, members, apps, keys, entries } = self;
        let id = partner.id;
        let own = partner.key_rate_limit;
        let calls = own.map_or_else(|| format!("{most}, as for everybody"), |own| own.to_string());
        let limit = (role == StaffRole::Admin).then(|| view! { <KeyLimit id own most form=limit/> });
        let standing = (role == StaffRole::Admin).then(|| view! { <Standing partner=partner.clone()/> });
        let all = view! { <a href=format!("/admin/audit?organization={id}")>"All of its entries"</a> }.into_any();
        view! {
            <PageTitle
                title=partner.name
                trail=vec![Link::new("/admin", "Administration"), Link::new("/admin/partners", "Partners")]
                badges=view! { <PartnerState suspended_at=partner.suspended_at/> }.into_any()
                actions=standing.into_any()
            />
            <Facts>
                <Fact term="Address"><a href=format!("mailto:{}", partner.email)>{partner.email.clone()}</a></Fact>
                <Fact term="Id"><code>{id.to_string()}</code></Fact>
                <Fact term="Partner since"><Time at=partner.created_at now/></Fact>
                {partner.suspended_at.map(|at| view! { <Fact term="Suspended"><Time at now/></Fact> })}
                <Fact term="Calls a minute, each key">{calls}</Fact>
            </Facts>
            <Section title="People"><Members members now/></Section>
            <Section title="Apps and keys"><Apps apps keys now/></Section>
            {limit}
            <Section title="What happened last" aside=all><Entries entries now/></Section>
        }
    }
}

/// Suspending, or the way back.
#[component]
fn Standing(partner: Partner) -> impl IntoView {
    let Partner { id, name, suspended_at, .. } = partner;
    if suspended_at.is_some() {
        return view! {
            <form method="post" action=format!("/admin/partners/{id}/reinstatement")>
                <Button>"Reinstate partner"</Button>
            </form>
        }
        .into_any();
    }
    view! {
        <Confirm
            id="suspend"
            action=format!("/admin/partners/{id}/suspension")
            opens_with="Suspend partner…"
            title=format!("Suspend {name}?")
            yes="Suspend partner"
            no="Keep it active"
        >
            <p class="soft">
                "Its keys and management tokens are refused within a second, and its people no longer reach its dashboard. Nothing is deleted: you can reinstate it at any time."
            </p>
        </Confirm>
    }
    .into_any()
}

#[component]
fn Members(members: Vec<PartnerMember>, now: OffsetDateTime) -> impl IntoView {
    if members.is_empty() {
        return view! {
            <Empty
                icon=Glyph::People
                title="Nobody belongs to it"
                text="Somebody gets in by an invitation, which an owner sends; automation makes organizations without people."
            />
        }
        .into_any();
    }
    let columns = ["Name", "Address", "Role", "Since"].map(Column::text).into();
    let rows = members.into_iter().map(move |member| {
        view! {
            <tr>
                <Cell label="Name">{member.name.clone()}</Cell>
                <Cell label="Address">{member.email.clone()}</Cell>
                <Cell label="Role"><Badge>{member.role.clone()}</Badge></Cell>
                <Cell label="Since"><Time at=member.created_at now clock=Clock::Rough/></Cell>
            </tr>
        }
    });
    view! { <Table label="People" columns>{rows.collect_view()}</Table> }.into_any()
}

#[component]
fn Apps(apps: Vec<PartnerApp>, keys: Vec<PartnerKey>, now: OffsetDateTime) -> impl IntoView {
    if apps.is_empty() {
        return view! {
            <Empty
                icon=Glyph::Key
                title="No apps yet"
                text="Its people make an app first, then keys for it, on their dashboard."
            />
        }
        .into_any();
    }
    let apps = apps.into_iter().map(move |app| {
        let own: Vec<_> = keys.iter().filter(|key| key.app == app.id).cloned().collect();
        view! { <App app keys=own now/> }
    });
    view! { <div class="flow">{apps.collect_view()}</div> }.into_any()
}

#[component]
fn App(app: PartnerApp, keys: Vec<PartnerKey>, now: OffsetDateTime) -> impl IntoView {
    let label = format!("Keys of {}", app.name);
    view! {
        <div>
            <div class="section-head">
                <h3>{app.name}</h3>
                <span class="note">"made "<Time at=app.created_at now clock=Clock::Rough/></span>
            </div>
            {match keys.is_empty() {
                true => view! { <p class="soft">"No keys yet."</p> }.into_any(),
                false => view! { <Keys label keys now/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Keys(label: String, keys: Vec<PartnerKey>, now: OffsetDateTime) -> impl IntoView {
    let columns = ["Key", "State", "Scopes", "Last used"].map(Column::text).into();
    let rows = keys.into_iter().map(move |key| {
        let (condition, word) = key.state(now);
        let ends_in = key.last_four.map(|four| format!(", secret ends in {four}")).unwrap_or_default();
        let scopes = if key.scopes.is_empty() { "none".to_owned() } else { key.scopes.join(", ") };
        let last_used = match key.last_used_at {
            Some(at) => view! { <Time at now/> }.into_any(),
            None => "never".into_any(),
        };
        view! {
            <tr>
                <Cell label="Key">
                    {key.name}
                    <small>{key.environment}{ends_in}</small>
                    <small class="mono">{key.id.to_string()}</small>
                </Cell>
                <Cell label="State"><StateLabel is=condition>{word}</StateLabel></Cell>
                <Cell label="Scopes">{scopes}</Cell>
                <Cell label="Last used">{last_used}</Cell>
            </tr>
        }
    });
    view! { <Table label columns>{rows.collect_view()}</Table> }
}

#[component]
fn Entries(entries: Vec<Recorded>, now: OffsetDateTime) -> impl IntoView {
    if entries.is_empty() {
        let text = "What its people, its tokens and staff change is recorded here.";
        return view! { <Empty icon=Glyph::Eye title="Nothing was recorded yet" text/> }.into_any();
    }
    view! { <EntryTable entries now reader=Reader::Staff/> }.into_any()
}

#[component]
pub(super) fn PartnerState(suspended_at: Option<OffsetDateTime>) -> impl IntoView {
    match suspended_at {
        Some(_) => view! { <StateLabel is=Condition::Bad>"Suspended"</StateLabel> }.into_any(),
        None => view! { <StateLabel is=Condition::Ok>"Active"</StateLabel> }.into_any(),
    }
}
