//! An API as a whole: its name, whom it is for, its versions.

use axum::{http::StatusCode, response::Response};
use leptos::prelude::*;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{
    super::{
        store::{self, ApiRow, Partner, VersionRow},
        version::newest_first,
        viewer::Visibility,
    },
    PATH, api_path,
    index::{VersionTable, audience_in_words},
};
use crate::{
    audit::{self, Actor, Entry, EntryTable, Reader, Recorded, Subject},
    db::OrganizationId,
    portal::Portal,
    ui::{
        self, Badge, Button, ButtonKind, Choice, Choices, Glyph, Link, LinkButton, Need, PageTitle, Panel, Pick,
        Section, TextField,
    },
    web::{Error, FieldErrors, Form, Page, Path, Query, Result, Staff, StaffRole, see_other},
};

const LONGEST_NAME: usize = 100;
const LONGEST_SUMMARY: usize = 300;
/// More partners are found by their name.
const MOST_PARTNERS: i64 = 30;
const NEWEST: i64 = 10;

/// Which partners are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    partner: String,
}

/// The description as it was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DescriptionForm {
    name: String,
    summary: String,
}

/// Whom the API is for, as it was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct VisibilityForm {
    visibility: String,
    organization: Vec<OrganizationId>,
}

/// What the page shows.
struct Detail {
    api: ApiRow,
    named: Vec<Partner>,
    others: Vec<Partner>,
    versions: Vec<VersionRow>,
    entries: Vec<Recorded>,
    asked: Asked,
    errors: FieldErrors,
}

pub(super) async fn show(
    portal: Portal,
    staff: Staff,
    page: Page,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let api = find(&portal, &slug).await?;
    render(&portal, page, &staff, api, asked, FieldErrors::default()).await
}

pub(super) async fn describe(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path(slug): Path<String>,
    Form(form): Form<DescriptionForm>,
) -> Result<Response> {
    let api = find(&portal, &slug).await?;
    let (name, summary) = (form.name.trim(), form.summary.trim());
    let errors = form.check();
    if !errors.is_empty() {
        let api = ApiRow { name: form.name, summary: form.summary, ..api };
        let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
        return render(&portal, page, &staff, api, Asked::default(), errors).await;
    }
    let told = |name: &str, summary: &str| serde_json::json!({ "name": name, "summary": summary });
    let mut tx = portal.db.begin().await?;
    if (api.name.as_str(), api.summary.as_str()) != (name, summary) {
        store::describe(&mut *tx, api.id, name, summary).await?;
        let entry =
            Entry::new("api.described", subject(&api)).before(told(&api.name, &api.summary)).after(told(name, summary));
        audit::record(&mut tx, &actor, entry).await?;
    }
    tx.commit().await?;
    portal.catalogue.refresh(&portal.db).await?;
    Ok(see_other(&portal, &api_path(&slug), "The description was saved."))
}

pub(super) async fn change_visibility(
    portal: Portal,
    staff: Staff,
    actor: Actor,
    page: Page,
    Path(slug): Path<String>,
    Form(form): Form<VisibilityForm>,
) -> Result<Response> {
    let api = find(&portal, &slug).await?;
    let Ok(visibility) = form.visibility.parse::<Visibility>() else {
        let errors = FieldErrors::one("visibility", "Choose whom the API is for.");
        let page = page.status(StatusCode::UNPROCESSABLE_ENTITY);
        return render(&portal, page, &staff, api, Asked::default(), errors).await;
    };
    let mut tx = portal.db.begin().await?;
    let before = store::named(&mut *tx, api.id).await?;
    store::set_visibility(&mut *tx, api.id, visibility).await?;
    store::set_organizations(&mut tx, api.id, &form.organization).await?;
    let after = store::named(&mut *tx, api.id).await?;
    if (api.visibility(), &before) != (visibility, &after) {
        let entry = Entry::new("api.visibility_changed", subject(&api))
            .before(in_audit(api.visibility(), &before))
            .after(in_audit(visibility, &after));
        audit::record(&mut tx, &actor, entry).await?;
    }
    tx.commit().await?;
    portal.catalogue.refresh(&portal.db).await?;
    Ok(see_other(&portal, &api_path(&slug), &sentence(&api.name, visibility, after.len())))
}

async fn find(portal: &Portal, slug: &str) -> Result<ApiRow> {
    store::api(&portal.db, slug).await?.ok_or_else(Error::not_found)
}

fn subject(api: &ApiRow) -> Subject {
    Subject::own("api", api.id, &api.slug)
}

fn in_audit(visibility: Visibility, named: &[Partner]) -> serde_json::Value {
    let names: Vec<&str> = named.iter().map(|partner| partner.name.as_str()).collect();
    serde_json::json!({ "visibility": visibility.as_str(), "organizations": names })
}

fn sentence(name: &str, visibility: Visibility, named: usize) -> String {
    match (visibility, named) {
        (Visibility::Public, _) => format!("{name} is for everybody."),
        (Visibility::Partners, _) => format!("{name} is for partners who are signed in."),
        (Visibility::Organizations, 0) => format!("{name} is hidden: it names no organization, so only staff see it."),
        (Visibility::Organizations, 1) => format!("{name} is for one organization."),
        (Visibility::Organizations, count) => format!("{name} is for {count} organizations."),
    }
}

impl DescriptionForm {
    fn check(&self) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let has_controls = |text: &str| text.chars().any(char::is_control);
        if !(1..=LONGEST_NAME).contains(&self.name.trim().chars().count()) || has_controls(&self.name) {
            errors.add("name", format!("A name has 1 to {LONGEST_NAME} characters on one line."));
        }
        if self.summary.trim().chars().count() > LONGEST_SUMMARY || has_controls(&self.summary) {
            errors.add("summary", format!("A summary is one line of at most {LONGEST_SUMMARY} characters."));
        }
        errors
    }
}

async fn render(
    portal: &Portal,
    page: Page,
    staff: &Staff,
    api: ApiRow,
    asked: Asked,
    errors: FieldErrors,
) -> Result<Response> {
    let mut versions = store::all(&portal.db).await?;
    versions.retain(|row| row.slug == api.slug);
    versions.sort_by(|a, b| newest_first(&a.name, &b.name));
    let detail = Detail {
        named: store::named(&portal.db, api.id).await?,
        others: store::partners(&portal.db, api.id, asked.partner.trim(), MOST_PARTNERS + 1).await?,
        entries: audit::of_subject(&portal.db, "api", api.id, NEWEST).await?,
        versions,
        api,
        asked,
        errors,
    };
    let is_editor = staff.role >= StaffRole::Editor;
    let now = OffsetDateTime::now_utc();
    let title = detail.api.name.clone();
    Ok(page.side(|| ui::staff_menu(PATH)).render(title, move || detail.view(is_editor, now)).await)
}

impl Detail {
    fn view(self, is_editor: bool, now: OffsetDateTime) -> impl IntoView {
        let Self { api, named, others, versions, entries, asked, errors } = self;
        let slug = api.slug.clone();
        let audience = audience_in_words(api.visibility());
        let is_published = versions.iter().any(|row| row.published_at.is_some());
        let docs = is_published
            .then(|| view! { <LinkButton href=format!("/docs/{slug}")>"Read it as partners do"</LinkButton> });
        let import = is_editor.then(|| {
            let href = format!("/admin/apis/new?api={slug}");
            view! { <LinkButton href icon=Glyph::Plus>"Import a version"</LinkButton> }
        });
        let source = view! { <a class="note" href=format!("{}/source", api_path(&slug))>"Import from an address"</a> };
        let actions = view! { {docs}{import} }.into_any();
        let lead = Some(api.summary.clone()).filter(|summary| !summary.is_empty());
        let forms = is_editor.then(|| {
            view! {
                <WhomItIsFor api=api.clone() named=named.clone() others asked errors=errors.clone()/>
                <Description api=api.clone() errors/>
            }
        });
        let readers = (!is_editor && api.visibility() == Visibility::Organizations).then(|| {
            let names = named.iter().map(|partner| view! { <li>{partner.name.clone()}</li> }).collect_view();
            view! { <Section title="Whom it is for"><ul class="rows">{names}</ul></Section> }
        });
        view! {
            <PageTitle
                title=api.name
                trail=vec![Link::new("/admin", "Administration"), Link::new(PATH, "APIs")]
                badges=view! { <Badge>{audience}</Badge> }.into_any()
                lead
                actions
            />
            <Section title="Versions" aside=source.into_any()><VersionTable versions now/></Section>
            {forms}
            {readers}
            <Section title="What happened to it"><EntryTable entries now reader=Reader::Staff/></Section>
        }
    }
}

#[component]
fn WhomItIsFor(
    api: ApiRow,
    named: Vec<Partner>,
    others: Vec<Partner>,
    asked: Asked,
    errors: FieldErrors,
) -> impl IntoView {
    let path = api_path(&api.slug);
    let options = vec![
        Choice::new("public", "Everybody").hint("It is in the reference, in search and in exports."),
        Choice::new("partners", "Partners").hint("Whoever is signed in and acts for an organization."),
        Choice::new("organizations", "Named organizations").hint("Those chosen below. Without any, only staff."),
    ];
    let words = asked.partner.trim().to_owned();
    let left_out = others.len() > MOST_PARTNERS as usize;
    let chosen: Vec<String> = named.iter().map(|partner| partner.id.to_string()).collect();
    let shown = named.iter().chain(others.iter().take(MOST_PARTNERS as usize));
    let organizations: Vec<Choice> =
        shown.map(|partner| Choice::new(partner.id.to_string(), partner.name.clone())).collect();
    let none = organizations.is_empty().then(|| match words.is_empty() {
        true => view! { <p class="soft">"There is no partner yet."</p> },
        false => view! { <p class="soft">"No partner's name contains that."</p> },
    });
    let is_long = left_out || !words.is_empty();
    let hint = left_out.then(|| "There are more: find them by their name above. What is chosen stays.".to_owned());
    let search = is_long.then(|| {
        let clear = (!words.is_empty())
            .then(|| view! { <LinkButton href=path.clone() kind=ButtonKind::Quiet>"Show all partners"</LinkButton> });
        view! {
            <form class="form" data-layout="line" method="get" action=path.clone()>
                <TextField name="partner" label="Partner's name" value=words need=Need::Optional autocomplete="off"/>
                <div class="actions"><Button icon=Glyph::Search>"Find partners"</Button>{clear}</div>
            </form>
        }
    });
    view! {
        <Panel title="Whom it is for" id="visibility">
            <p class="soft">
                "For everybody else it does not exist: not in the reference, not in search, not in the sandbox, and not at its
                address. Keys from before stop working with it."
            </p>
            {search}
            <form class="form" method="post" action=format!("{path}/visibility")>
                <Choices
                    name="visibility"
                    label="Visible to"
                    options
                    chosen=vec![api.visibility]
                    pick=Pick::One
                    error=errors.get("visibility")
                />
                {(!organizations.is_empty()).then(|| view! {
                    <Choices name="organization" label="Organizations" options=organizations chosen hint/>
                })}
                {none}
                <div class="actions"><Button>"Save whom it is for"</Button></div>
            </form>
        </Panel>
    }
}

#[component]
fn Description(api: ApiRow, errors: FieldErrors) -> impl IntoView {
    view! {
        <Panel title="Description">
            <form class="form" method="post" action=api_path(&api.slug)>
                <TextField name="name" label="Name" value=api.name error=errors.get("name") autocomplete="off"/>
                <TextField
                    name="summary"
                    label="Summary"
                    value=api.summary
                    need=Need::Optional
                    error=errors.get("summary")
                    hint="One line, shown beside the name."
                    autocomplete="off"
                />
                <div class="actions"><Button>"Save description"</Button></div>
            </form>
        </Panel>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_a_name_and_is_short() {
        let form = |name: &str, summary: &str| DescriptionForm { name: name.into(), summary: summary.into() };
        assert!(form("Parcels", "").check().is_empty());
        assert!(form(" ", "").check().get("name").is_some());
        assert!(form("a\nb", "").check().get("name").is_some());
        assert!(form("Parcels", &"a".repeat(301)).check().get("summary").is_some());
    }

    #[test]
    fn an_api_that_names_nobody_is_said_to_be_hidden() {
        assert!(sentence("Parcels", Visibility::Organizations, 0).contains("only staff see it"));
        assert!(sentence("Parcels", Visibility::Organizations, 2).contains("2 organizations"));
    }
}
