//! The APIs that an operator keeps in `content/apis`: a folder each, with `api.toml` and the documents that it names. A
//! document may be in several files of its folder.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use sqlx::PgPool;
use time::{Date, format_description::well_known::Iso8601};

use super::{
    bundle,
    import::{ImportRequest, import, subject_of_version},
    store,
    version::{ApiSlug, State},
    viewer::Visibility,
};
use crate::audit::{self, Actor, Entry};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    slug: String,
    name: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    visibility: Visibility,
    version: Vec<VersionDescription>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionDescription {
    name: String,
    file: String,
    #[serde(default = "stable")]
    state: String,
    sunset: Option<String>,
}

fn stable() -> String {
    State::Stable.as_str().to_owned()
}

/// Imports and publishes what is in `content/apis`. What is there already stays as it is.
pub async fn load_demo(db: &PgPool, content: &Path) -> anyhow::Result<()> {
    let folder = content.join("apis");
    let mut entries =
        tokio::fs::read_dir(&folder).await.with_context(|| format!("{} cannot be read", folder.display()))?;
    while let Some(entry) = entries.next_entry().await? {
        let description = entry.path().join("api.toml");
        if tokio::fs::try_exists(&description).await? {
            load(db, &description).await.with_context(|| format!("{} cannot be loaded", description.display()))?;
        }
    }
    Ok(())
}

async fn load(db: &PgPool, path: &Path) -> anyhow::Result<()> {
    let Description { slug, name, summary, visibility, version } =
        toml::from_str(&tokio::fs::read_to_string(path).await?)?;
    let folder = path.parent().context("a file is in a folder")?;
    let parsed = ApiSlug::parse(&slug).with_context(|| format!("slug {slug:?}"))?;
    for described in version {
        if store::version(db, &slug, &described.name).await?.is_none() {
            load_version(db, folder, (&slug, visibility), &described).await.with_context(|| described.file.clone())?;
            store::describe_api(db, &parsed, &name, &summary).await?;
        }
    }
    Ok(())
}

async fn load_version(
    db: &PgPool,
    folder: &Path,
    (slug, visibility): (&str, Visibility),
    described: &VersionDescription,
) -> anyhow::Result<()> {
    let actor = Actor::system("demo content");
    let state: State = described.state.parse().with_context(|| format!("state {:?}", described.state))?;
    let sunset =
        described.sunset.as_deref().map(|day| Date::parse(day, &Iso8601::DATE)).transpose().context("sunset")?;
    let document = bundle::read(&folder.join(&described.file), Some(folder)).await?;
    let request = ImportRequest {
        slug: slug.to_owned(),
        version: Some(described.name.clone()),
        file_name: document.file_name,
        bytes: document.bytes,
        doubts: document.doubts,
        publish: true,
        visibility,
        ..ImportRequest::default()
    };
    import(db, &actor, request).await?;
    if (state, sunset) == (State::Stable, None) {
        return Ok(());
    }
    let row = store::version(db, slug, &described.name).await?.context("the version was just imported")?;
    let mut tx = db.begin().await?;
    store::set_state(&mut *tx, row.id, state, sunset).await?;
    let after = serde_json::json!({ "state": state.as_str(), "sunset_on": described.sunset });
    let entry = Entry::new("api_version.state_changed", subject_of_version(row.id, slug, &row.name)).after(after);
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::Catalogue, *};
    use crate::config::BaseUrl;

    #[sqlx::test]
    async fn the_demo_is_loaded_once(db: PgPool) {
        let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
        load_demo(&db, &content).await.unwrap();
        let entries =
            || async { sqlx::query_scalar!("select count(*) from audit_entry").fetch_one(&db).await.unwrap() };
        let once = entries().await;
        load_demo(&db, &content).await.unwrap();
        assert_eq!(entries().await, once);

        let published = Catalogue::load(&db, &BaseUrl::parse("http://localhost").unwrap()).await.unwrap().current();
        let api = published.find_api("parcels").unwrap();
        assert_eq!(api.name, "Parcels API");
        assert_eq!(api.newest_stable().name, "2026-09");
        assert_eq!(api.versions.last().unwrap().state, State::Deprecated);
        assert!(api.versions.iter().all(|version| version.document.warnings().is_empty()));
        assert!(published.scopes().iter().any(|scope| scope.name == "shipments:write"));
    }
}
