//! Keeps the index as the published documents and the guides are.
//!
//! A source is written when it is not there, was made of something else, or by an older program; whole, in one
//! transaction, by one instance at a time. So it does not matter how often, or by how many, it is asked for.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::sync::watch;

use super::{
    entries::{self, Entry},
    model::{self, source_of},
    store::{self, Source},
};
use crate::{
    db,
    guides::Guides,
    portal::Portal,
    reference::{Api, Published, Version},
};

/// To be raised whenever entries are made otherwise: the next start makes them anew.
const FORMAT: i32 = 1;
/// Shorter words are not corrected, so nothing is compared with them.
const SHORTEST_WORD: usize = 3;

/// Follows what any instance publishes, until `stop` turns true.
pub async fn follow(portal: Portal, stop: watch::Receiver<bool>) {
    db::follow(portal.db.clone(), "catalogue", stop, || async {
        portal.catalogue.refresh(&portal.db).await?;
        refresh(&portal).await
    })
    .await;
}

/// Writes what is missing or old. A source that cannot be written is logged, and does not keep the others from it.
pub async fn refresh(portal: &Portal) -> sqlx::Result<()> {
    write_missing(&portal.db, &portal.catalogue.current(), &portal.guides).await
}

pub(super) async fn write_missing(db: &PgPool, published: &Published, guides: &Guides) -> sqlx::Result<()> {
    for (source, material) in materials(published, guides) {
        if is_current(db, &source).await? {
            continue;
        }
        let name = source.name.clone();
        if let Err(error) = write(db, source, material).await {
            tracing::error!(source = name, %error, "a source of the search cannot be indexed");
        }
    }
    Ok(())
}

/// What entries are made of.
enum Material {
    Version(Arc<Api>, Arc<Version>),
    Guides(Guides),
}

fn materials(published: &Published, guides: &Guides) -> Vec<(Source, Material)> {
    let versions = published.apis.iter().flat_map(|api| api.versions.iter().map(move |version| (api, version)));
    let versions = versions.map(|(api, version)| {
        let mut hash = Sha256::new();
        for part in [version.sha256(), api.name.as_bytes(), b"\n", api.summary.as_bytes()] {
            hash.update(part);
        }
        let source = Source { name: source_of(version), version: version.id(), made_of: hash.finalize().to_vec() };
        (source, Material::Version(Arc::clone(api), Arc::clone(version)))
    });
    let mut hash = Sha256::new();
    for guide in guides.all() {
        for part in [&guide.slug, &guide.title, &guide.summary, &guide.html] {
            hash.update(part);
            hash.update(b"\n");
        }
    }
    let source = Source { name: model::GUIDES.to_owned(), version: None, made_of: hash.finalize().to_vec() };
    std::iter::once((source, Material::Guides(guides.clone()))).chain(versions).collect()
}

/// A newer program's entries are current too: it runs beside this one while the portal is updated.
async fn is_current(db: impl sqlx::PgExecutor<'_>, source: &Source) -> sqlx::Result<bool> {
    let state = store::state(db, &source.name).await?;
    Ok(state.is_some_and(|(format, made_of)| format > FORMAT || (format == FORMAT && made_of == source.made_of)))
}

async fn write(db: &PgPool, source: Source, material: Material) -> sqlx::Result<()> {
    let started = std::time::Instant::now();
    let mut tx = db.begin().await?;
    store::lock(&mut *tx, &source.name).await?;
    if is_current(&mut *tx, &source).await? {
        return Ok(());
    }
    // Beside the async threads: the largest documents take a second.
    let made = tokio::task::spawn_blocking(move || {
        let entries = match material {
            Material::Version(api, version) => entries::of_version(&api, &version),
            Material::Guides(guides) => guides.all().iter().map(entries::of_guide).collect(),
        };
        let words = words_of(&entries);
        (entries, words)
    });
    let (entries, words) = made.await.map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))?;
    store::replace(&mut tx, &source, FORMAT, &entries, &words).await?;
    tx.commit().await?;
    let ms = started.elapsed().as_millis() as u64;
    tracing::info!(source = source.name, entries = entries.len(), words = words.len(), ms, "indexed for the search");
    Ok(())
}

/// Every word that somebody may have meant, once.
fn words_of(entries: &[Entry]) -> Vec<String> {
    let words = entries.iter().flat_map(|entry| entry.words.iter());
    let may_be_meant = |word: &&str| word.chars().count() >= SHORTEST_WORD && word.chars().any(char::is_alphabetic);
    let mut words: Vec<&str> = words.filter(may_be_meant).collect();
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(str::to_owned).collect()
}
