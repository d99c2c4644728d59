//! From what was typed to what is found: as it was typed, else with typos forgiven, else with any of the words.

use sqlx::PgPool;

use super::{
    model::{Filter, Hit, Slice, Within},
    query::{self, Question, Term},
    store::{self, Demand},
};

/// Shorter words are too much alike to be corrected.
const SHORTEST_CORRECTED: usize = 4;
/// Words that are offered where nothing is found.
const MOST_OFFERED: usize = 4;

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// One part of it, best first.
    pub hits: Vec<Hit>,
    /// How much there is in all.
    pub total: i64,
    /// The question that it is the answer to.
    pub question: Question,
    /// How that question came from what was typed.
    pub how: How,
    /// Words that may have been meant, where nothing was found.
    pub near: Vec<String>,
}

/// How a question was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// As it was typed.
    AsTyped,
    /// With other words in the place of some.
    Corrected(Vec<Correction>),
    /// Nothing has all of the words.
    AnyWord,
}

/// A word that nobody wrote, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Correction {
    pub typed: String,
    pub meant: Vec<String>,
}

impl Found {
    /// Whether it is the answer to all words of the question, or to any.
    pub fn demand(&self) -> Demand {
        if self.how == How::AnyWord { Demand::Any } else { Demand::All }
    }
}

/// Finds a part of what answers a question.
pub(super) async fn find(
    db: &PgPool,
    within: &Within,
    typed: &str,
    filter: &Filter,
    slice: Slice,
) -> sqlx::Result<Found> {
    let search = Search { db, within, filter, slice };
    let asked = Question::parse(typed);
    let nothing = Found { hits: Vec::new(), total: 0, question: asked.clone(), how: How::AsTyped, near: Vec::new() };
    if asked.terms.is_empty() {
        return Ok(nothing);
    }
    if let Some(found) = search.answer(&asked, How::AsTyped).await? {
        return Ok(found);
    }
    let (meant, corrections) = search.corrected(&asked).await?;
    if !corrections.is_empty()
        && let Some(found) = search.answer(&meant, How::Corrected(corrections.clone())).await?
    {
        return Ok(found);
    }
    if meant.terms.len() > 1
        && let Some(found) = search.answer(&meant, How::AnyWord).await?
    {
        return Ok(found);
    }
    let near = corrections.into_iter().flat_map(|correction| correction.meant).take(MOST_OFFERED).collect();
    Ok(Found { near, ..nothing })
}

struct Search<'a> {
    db: &'a PgPool,
    within: &'a Within,
    filter: &'a Filter,
    slice: Slice,
}

impl Search<'_> {
    /// What is found, if anything is: where all of it is outside of the filter, an empty part of it.
    async fn answer(&self, question: &Question, how: How) -> sqlx::Result<Option<Found>> {
        let found = Found { hits: Vec::new(), total: 0, question: question.clone(), how, near: Vec::new() };
        let demand = found.demand();
        let (hits, total) = store::find(self.db, self.within, question, demand, self.filter, self.slice).await?;
        let is_beyond = total == 0
            && (*self.filter != Filter::default() || self.slice.offset > 0)
            && !store::counts(self.db, self.within, question, demand).await?.is_empty();
        Ok((total > 0 || is_beyond).then_some(Found { hits, total, ..found }))
    }

    /// The question with what each unknown word may have meant.
    async fn corrected(&self, asked: &Question) -> sqlx::Result<(Question, Vec<Correction>)> {
        let mut corrections = Vec::new();
        if !store::forgives_typos(self.db).await? {
            return Ok((asked.clone(), corrections));
        }
        let mut terms = Vec::new();
        for term in &asked.terms {
            let meant = self.meant(term).await?;
            if meant.is_empty() {
                terms.push(term.clone());
            } else {
                terms.push(term.meaning(&meant));
                corrections.push(Correction { typed: term.typed.clone(), meant });
            }
        }
        let whole = terms.iter().filter_map(|term| term.stems().next()).collect::<Vec<_>>().join(" ");
        Ok((Question { whole, terms }, corrections))
    }

    async fn meant(&self, term: &Term) -> sqlx::Result<Vec<String>> {
        if term.typed.chars().count() < SHORTEST_CORRECTED || store::is_known(self.db, self.within, &term.typed).await?
        {
            return Ok(Vec::new());
        }
        Ok(query::nearest(&term.typed, &store::alike(self.db, self.within, &term.typed).await?))
    }
}
