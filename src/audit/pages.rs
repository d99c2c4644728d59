//! The trail as staff read it, and each organization's own part of it.

use axum::response::Response;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{
    entries::{EntryTable, Reader},
    store::{self, Broken, Filter, Recorded},
};
use crate::{
    portal::Portal,
    ui::{
        self, Button, ButtonKind, Callout, Empty, Glyph, Input, Link, LinkButton, Need, PageTitle, Pager, TextField,
        Tone,
    },
    web::{Access, Member, Page, Query, Result, Role, Routes, StaffRole},
};

const STAFF_PATH: &str = "/admin/audit";
const OWNER_PATH: &str = "/dashboard/audit";
const A_PAGE: usize = 50;

/// The routes of the trail.
pub fn routes() -> Routes {
    Routes::new().get(STAFF_PATH, Access::Staff(StaffRole::Support), index).get(
        OWNER_PATH,
        Access::Member(Role::Owner),
        of_organization,
    )
}

/// What the address of the page asks for; a field that is left empty does not narrow anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Asked {
    organization: String,
    actor: String,
    action: String,
    before: String,
    verify: String,
}

async fn index(portal: Portal, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let filter = asked.filter();
    let organization_name = match filter.organization {
        Some(id) => store::organization_name(&portal.db, id).await?,
        None => None,
    };
    let chain = match asked.verify.as_str() {
        "1" => Some(Chain::walk(&portal).await?),
        _ => None,
    };
    let listing = Listing::read(&portal, &asked, filter, STAFF_PATH).await?;
    let now = OffsetDateTime::now_utc();
    let body = move || {
        view! {
            <PageTitle
                title="Audit trail"
                trail=vec![Link::new("/admin", "Administration")]
                lead="Who did what, when and from where. Entries are only ever added; each carries the hash of the one before."
                actions=view! { <Verification/> }.into_any()
            />
            {chain.map(|chain| view! { <ChainState chain/> })}
            <Filters asked=asked.clone() organization_name/>
            <Entries listing asked reader=Reader::Staff now/>
        }
    };
    Ok(page.side(|| ui::staff_menu(STAFF_PATH)).render("Audit trail", body).await)
}

async fn of_organization(portal: Portal, member: Member, page: Page, Query(asked): Query<Asked>) -> Result<Response> {
    let asked = Asked { before: asked.before, ..Asked::default() };
    let filter = Filter { organization: Some(member.organization), ..asked.filter() };
    let listing = Listing::read(&portal, &asked, filter, OWNER_PATH).await?;
    let now = OffsetDateTime::now_utc();
    let body = move || {
        view! {
            <PageTitle
                title="Audit trail"
                trail=vec![Link::new("/dashboard", "Dashboard")]
                lead=format!("What was done in {}, by whom and from where. Entries cannot be changed or removed.", member.organization_name)
            />
            <Entries listing asked reader=Reader::Owner now/>
        }
    };
    Ok(page.side(|| ui::partner_menu(OWNER_PATH)).render("Audit trail", body).await)
}

impl Asked {
    fn filter(&self) -> Filter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            organization: self.organization.trim().parse().ok(),
            actor: given(&self.actor),
            action: given(&self.action),
            before: self.before.parse().ok(),
        }
    }

    fn is_narrowed(&self) -> bool {
        let filter = self.filter();
        filter.organization.is_some() || filter.actor.is_some() || filter.action.is_some()
    }

    /// The same question from another place in the chain on.
    fn address(&self, path: &str, before: Option<i64>) -> String {
        let before = before.map(|seq| seq.to_string()).unwrap_or_default();
        let fields = [
            ("organization", &self.organization),
            ("actor", &self.actor),
            ("action", &self.action),
            ("before", &before),
        ];
        let query: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value.trim(), NON_ALPHANUMERIC)))
            .collect();
        match query.is_empty() {
            true => path.to_owned(),
            false => format!("{path}?{}", query.join("&")),
        }
    }
}

/// One page of entries and its neighbours.
struct Listing {
    entries: Vec<Recorded>,
    newest: Option<Link>,
    older: Option<Link>,
}

impl Listing {
    async fn read(portal: &Portal, asked: &Asked, filter: Filter, path: &str) -> Result<Self> {
        let is_first = filter.before.is_none();
        let limit = i64::try_from(A_PAGE + 1).expect("a page is a small number");
        let mut entries = store::list(&portal.db, filter, limit).await?;
        let has_more = entries.len() > A_PAGE;
        entries.truncate(A_PAGE);
        let last = entries.last().filter(|_| has_more).map(|entry| entry.seq);
        Ok(Self {
            entries,
            newest: (!is_first).then(|| Link::new(asked.address(path, None), "Newest entries")),
            older: last.map(|seq| Link::new(asked.address(path, Some(seq)), "Older entries")),
        })
    }
}

/// What a walk through the whole chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chain {
    Empty,
    HoldsUpTo(i64),
    BrokenAt(i64),
}

impl Chain {
    async fn walk(portal: &Portal) -> Result<Self> {
        // Read first: what is added during the walk is not promised to have been walked.
        let newest = store::newest_seq(&portal.db).await?;
        Ok(match (store::verify(&portal.db).await?, newest) {
            (Some(Broken { seq }), _) => Self::BrokenAt(seq),
            (None, Some(seq)) => Self::HoldsUpTo(seq),
            (None, None) => Self::Empty,
        })
    }
}

#[component]
fn Verification() -> impl IntoView {
    view! {
        <form method="get" action=STAFF_PATH>
            <Button name="verify" value="1">"Verify the chain"</Button>
        </form>
    }
}

#[component]
fn ChainState(chain: Chain) -> impl IntoView {
    match chain {
        Chain::Empty => view! { <Callout title="The chain is empty" role="status"/> }.into_any(),
        Chain::HoldsUpTo(seq) => view! {
            <Callout tone=Tone::Ok title=format!("The chain holds up to entry {seq}") role="status">
                <p>"Every entry is as it was written, and none is missing between two others."</p>
            </Callout>
        }
        .into_any(),
        Chain::BrokenAt(seq) => view! {
            <Callout tone=Tone::Bad title=format!("The chain is broken at entry {seq}") role="alert">
                <p>
                    "Somebody changed or removed entries in the database itself. Keep a copy of it as it is now, and compare it with a backup."
                </p>
            </Callout>
        }
        .into_any(),
    }
}

#[component]
fn Filters(asked: Asked, organization_name: Option<String>) -> impl IntoView {
    let clear = asked
        .is_narrowed()
        .then(|| view! { <LinkButton href=STAFF_PATH kind=ButtonKind::Quiet>"Show all entries"</LinkButton> });
    view! {
        <form class="form" data-layout="line" method="get" action=STAFF_PATH>
            <TextField
                name="actor"
                label="Who"
                value=asked.actor
                need=Need::Optional
                placeholder="Name or id"
                autocomplete="off"
            />
            <TextField
                name="action"
                label="What"
                kind=Input::Code
                value=asked.action
                need=Need::Optional
                placeholder="key or key.revoked"
                autocomplete="off"
            />
            <TextField
                name="organization"
                label="Organization"
                kind=Input::Code
                value=asked.organization
                need=Need::Optional
                placeholder="org_…"
                autocomplete="off"
            />
            <div class="actions"><Button>"Filter entries"</Button>{clear}</div>
        </form>
        {organization_name.map(|name| view! { <p class="soft">"Only entries of "<strong>{name}</strong>"."</p> })}
    }
}

#[component]
fn Entries(listing: Listing, asked: Asked, reader: Reader, now: OffsetDateTime) -> impl IntoView {
    if !listing.entries.is_empty() {
        return view! {
            <EntryTable entries=listing.entries now reader/>
            <Pager before=listing.newest after=listing.older label="Pages of the trail"/>
        }
        .into_any();
    }
    let (title, text) = match asked.is_narrowed() || listing.newest.is_some() {
        true => ("No entry fits", "Nothing was recorded that fits what you asked for."),
        false => (
            "Nothing was recorded yet",
            "Whatever somebody changes is recorded here with its time, its author and what it was before.",
        ),
    };
    view! { <Empty icon=Glyph::Eye title text/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::OrganizationId;

    #[test]
    fn fields_that_are_left_empty_do_not_narrow() {
        let asked =
            Asked { actor: " ".into(), organization: "nonsense".into(), before: "x".into(), ..Asked::default() };
        assert_eq!(asked.filter(), Filter::default());
        assert!(!asked.is_narrowed());
    }

    #[test]
    fn the_next_page_keeps_the_question() {
        let organization = OrganizationId::new().to_string();
        let asked = Asked { organization: organization.clone(), actor: "Ada & co".into(), ..Asked::default() };
        let encoded = organization.replace('_', "%5F");
        assert_eq!(
            asked.address("/admin/audit", Some(7)),
            format!("/admin/audit?organization={encoded}&actor=Ada%20%26%20co&before=7")
        );
        assert_eq!(Asked::default().address("/admin/audit", None), "/admin/audit");
    }
}
