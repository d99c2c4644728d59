//! Sources, their entries and their words.

use sqlx::{PgConnection, PgExecutor, query, query_scalar};

use super::{
    entries::Entry,
    model::{Count, Filter, Hit, Kind, Slice, Within},
    query::Question,
};
use crate::db::VersionId;

/// Rows of one statement: large enough to be few, small enough to fit into a message.
const BATCH: usize = 500;
/// How many words that look alike are considered for a mistyped one.
const ALIKE: i64 = 40;

/// A source as it would be if it were indexed now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub name: String,
    pub version: Option<VersionId>,
    pub made_of: Vec<u8>,
}

/// Which way of asking Postgres: for all words of a question, or for any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    All,
    Any,
}

impl Demand {
    fn of(self, question: &Question) -> String {
        match self {
            Self::All => question.all(),
            Self::Any => question.any(),
        }
    }
}

/// Whether mistyped words can be compared with known ones: whether the database has the extension for it.
pub async fn forgives_typos(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    query_scalar!(r#"select exists(select from pg_extension where extname = 'pg_trgm') as "exists!""#)
        .fetch_one(db)
        .await
}

/// Of a source's versions in the index, the format and what it was made of.
pub(super) async fn state(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<Option<(i32, Vec<u8>)>> {
    let row = query!("select format, made_of from search_source where name = $1", name).fetch_optional(db).await?;
    Ok(row.map(|row| (row.format, row.made_of)))
}

/// Lets one instance at a time write a source, until its transaction ends.
pub(super) async fn lock(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<()> {
    query!("select pg_advisory_xact_lock(hashtextextended('search:' || $1, 0))", name).execute(db).await.map(|_| ())
}

/// Puts entries in the place of those that a source had.
pub(super) async fn replace(
    tx: &mut PgConnection,
    source: &Source,
    format: i32,
    entries: &[Entry],
    words: &[String],
) -> sqlx::Result<()> {
    query!("delete from search_source where name = $1", source.name).execute(&mut *tx).await?;
    let id = query_scalar!(
        "insert into search_source (name, version_id, format, made_of) values ($1, $2, $3, $4) returning id",
        source.name,
        source.version.map(|version| version.0),
        format,
        source.made_of,
    )
    .fetch_one(&mut *tx)
    .await?;
    for batch in entries.chunks(BATCH) {
        insert_entries(&mut *tx, id, batch).await?;
    }
    query!("insert into search_word (source_id, word) select $1, unnest($2::text[])", id, words).execute(tx).await?;
    Ok(())
}

async fn insert_entries(db: impl PgExecutor<'_>, source: i32, entries: &[Entry]) -> sqlx::Result<()> {
    let column = |of: fn(&Entry) -> String| entries.iter().map(of).map(storable).collect::<Vec<String>>();
    query!(
        r#"
        insert into search_entry (source_id, kind, key, title, summary, method, path, href, names, exact, words)
        select $1, kind, key, title, summary, nullif(method, ''), path, href, string_to_array(names, e'\n'),
               string_to_array(exact, e'\n'), words::tsvector
        from unnest(
            $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[]
        ) as new (kind, key, title, summary, method, path, href, names, exact, words)
        "#,
        source,
        &column(|entry| entry.kind.as_str().to_owned()),
        &column(|entry| entry.key.clone()),
        &column(|entry| entry.title.clone()),
        &column(|entry| entry.summary.clone()),
        &column(|entry| entry.method.clone().unwrap_or_default()),
        &column(|entry| entry.path.clone()),
        &column(|entry| entry.href.clone()),
        &column(|entry| lines(&entry.names)),
        &column(|entry| lines(&entry.exact)),
        &column(|entry| entry.words.to_tsvector()),
    )
    .execute(db)
    .await
    .map(|_| ())
}

fn lines(names: &[String]) -> String {
    names.iter().map(|name| name.replace('\n', " ")).collect::<Vec<_>>().join("\n")
}

/// Postgres holds every character but one.
fn storable(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// One part of what is found, best first, and how much there is in all.
///
/// First what the question is the name of, then what has every word in its name, then the others; among them, what the
/// words say more about, and shorter names. Of the same thing in several versions only the most preferred is found.
pub(super) async fn find(
    db: impl PgExecutor<'_>,
    within: &Within,
    question: &Question,
    demand: Demand,
    filter: &Filter,
    slice: Slice,
) -> sqlx::Result<(Vec<Hit>, i64)> {
    let rows = query!(
        r#"
        with allowed as (
            select s.id, v.name, v.api, v.standing
            from unnest($1::text[], $2::text[], $3::int[]) as v (name, api, standing)
            join search_source s on s.name = v.name
            where $7::text is null or v.api = $7
        ), matched as (
            select distinct on (a.api, e.kind, e.key)
                   e.id, a.name as source, e.exact @> array[$4] as is_exact, e.words @@ $6::text::tsquery as is_named,
                   ts_rank('{0.03, 0.15, 0.4, 1}', e.words, $11::text::tsquery) * (1 + 10.0 / (10 + length(e.title)))
                       * case e.kind when 'operation' then 1.6 when 'api' then 1.3 when 'guide' then 1.2 else 1 end as rank
            from search_entry e
            join allowed a on a.id = e.source_id
            where (e.words @@ $5::text::tsquery or e.exact @> array[$4]) and ($8::text is null or e.kind = $8)
            order by a.api, e.kind, e.key, a.standing
        ), best as (
            select id, source, is_exact, is_named, rank, count(*) over () as total
            from matched
            order by is_exact desc, is_named desc, rank desc, id
            limit $9 offset $10
        )
        select b.source as "source!", e.kind, e.title, e.summary, e.method, e.path, e.href, e.names, b.total as "total!"
        from best b
        join search_entry e on e.id = b.id
        order by b.is_exact desc, b.is_named desc, b.rank desc, b.id
        "#,
        &within.names,
        &within.apis,
        &within.standings,
        question.whole,
        demand.of(question),
        question.in_names(),
        filter.api,
        filter.kind.map(Kind::as_str),
        slice.limit,
        slice.offset,
        // Ranked by what each word says: how near they stand to each other says nothing in lists of names.
        question.any(),
    )
    .fetch_all(db)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let hits = rows.into_iter().filter_map(|row| {
        Some(Hit {
            kind: Kind::parse(&row.kind)?,
            source: row.source,
            title: row.title,
            summary: row.summary,
            method: row.method,
            path: row.path,
            href: row.href,
            names: row.names,
        })
    });
    Ok((hits.collect(), total))
}

/// How much there is of each kind in each API.
pub(super) async fn counts(
    db: impl PgExecutor<'_>,
    within: &Within,
    question: &Question,
    demand: Demand,
) -> sqlx::Result<Vec<Count>> {
    let rows = query!(
        r#"
        select a.api as "api!", e.kind, count(distinct e.key) as "count!"
        from unnest($1::text[], $2::text[]) as a (name, api)
        join search_source s on s.name = a.name
        join search_entry e on e.source_id = s.id
        where e.words @@ $4::text::tsquery or e.exact @> array[$3]
        group by a.api, e.kind
        "#,
        &within.names,
        &within.apis,
        question.whole,
        demand.of(question),
    )
    .fetch_all(db)
    .await?;
    let counts = rows
        .into_iter()
        .filter_map(|row| Some(Count { api: row.api, kind: Kind::parse(&row.kind)?, count: row.count }));
    Ok(counts.collect())
}

/// Whether a word begins any word that somebody may find.
pub(super) async fn is_known(db: impl PgExecutor<'_>, within: &Within, word: &str) -> sqlx::Result<bool> {
    query_scalar!(
        r#"
        select exists(
            select from search_word w
            join search_source s on s.id = w.source_id
            where s.name = any($1) and w.word ^@ $2
        ) as "exists!"
        "#,
        &within.names,
        word,
    )
    .fetch_one(db)
    .await
}

/// Words that share trigrams with one, the most alike first. The database must have the extension.
pub(super) async fn alike(db: impl PgExecutor<'_>, within: &Within, word: &str) -> sqlx::Result<Vec<String>> {
    query_scalar!(
        r#"
        select w.word as "word!"
        from search_word w
        join search_source s on s.id = w.source_id
        where s.name = any($1) and w.word % $2
        group by w.word
        order by similarity(w.word, $2) desc, w.word
        limit $3
        "#,
        &within.names,
        word,
        ALIKE,
    )
    .fetch_all(db)
    .await
}
