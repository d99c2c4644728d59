//! Lists by the page: `?limit=` and `?cursor=`, answered with `next_cursor`.
//!
//! A cursor says after which item a page starts, so that nothing is lost or doubled while others add items. Clients
//! take it as it is: what is in it may change.

use std::{fmt::Display, str::FromStr};

use axum::{extract::FromRequestParts, http::request::Parts};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Code, Error, Query, Result};
use crate::portal::Portal;

const DEFAULT_LIMIT: usize = 25;
const LARGEST_LIMIT: usize = 100;

/// Which page of a list is asked for.
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items the page has at most.
    #[param(required = false, minimum = 1, maximum = 100, default = 25)]
    limit: usize,
    /// The `next_cursor` of the page before; without it the first page is answered.
    #[param(nullable = false)]
    cursor: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    limit: Option<String>,
    cursor: Option<String>,
}

impl FromRequestParts<Portal> for PageQuery {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let Query(asked) = Query::<Asked>::from_request_parts(parts, portal).await?;
        Self::of(asked)
    }
}

impl PageQuery {
    /// How many rows to ask the database for: one more than the page has, to know whether another page follows.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.limit + 1).expect("a limit is at most 100")
    }

    /// After which item the page starts; `None` on the first page.
    pub fn after<K: FromStr>(&self) -> Result<Option<K>> {
        self.cursor.as_deref().map(read_cursor).transpose()
    }

    fn of(asked: Asked) -> Result<Self> {
        let limit = match asked.limit.as_deref().map(str::parse) {
            None => DEFAULT_LIMIT,
            Some(Ok(limit)) if (1..=LARGEST_LIMIT).contains(&limit) => limit,
            Some(_) => {
                let detail = format!("The parameter limit must be a number from 1 to {LARGEST_LIMIT}.");
                return Err(Error::new(Code::InvalidRequest, detail));
            }
        };
        Ok(Self { limit, cursor: asked.cursor })
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The items of this page.
    pub data: Vec<T>,
    /// Send it as `cursor` to get the next page; null on the last one.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// The page of up to [`PageQuery::rows`] rows; `key` is what [`PageQuery::after`] reads back.
    pub fn of<K: Display>(mut rows: Vec<T>, page: &PageQuery, key: impl Fn(&T) -> K) -> Self {
        let goes_on = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next_cursor = rows.last().filter(|_| goes_on).map(|last| write_cursor(&key(last)));
        Self { data: rows, next_cursor }
    }

    /// The same page of other items.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Paged<U> {
        Paged { data: self.data.into_iter().map(to).collect(), next_cursor: self.next_cursor }
    }
}

fn write_cursor(key: &impl Display) -> String {
    BASE64URL_NOPAD.encode(key.to_string().as_bytes())
}

fn read_cursor<K: FromStr>(cursor: &str) -> Result<K> {
    BASE64URL_NOPAD
        .decode(cursor.as_bytes())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Error::new(Code::InvalidRequest, "The parameter cursor is not one that this list gave out."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(limit: Option<&str>, cursor: Option<String>) -> Result<PageQuery> {
        PageQuery::of(Asked { limit: limit.map(str::to_owned), cursor })
    }

    /// What a store does: newest first, after the key.
    fn rows(stored: &[u32], page: &PageQuery) -> Vec<u32> {
        let after: Option<u32> = page.after().unwrap();
        let mut rows: Vec<u32> = stored.iter().copied().filter(|key| after.is_none_or(|after| *key < after)).collect();
        rows.sort_by(|a, b| b.cmp(a));
        rows.truncate(usize::try_from(page.rows()).unwrap());
        rows
    }

    #[test]
    fn a_limit_out_of_range_is_refused() {
        assert_eq!(page(None, None).unwrap().rows(), 26);
        assert_eq!(page(Some("100"), None).unwrap().rows(), 101);
        for odd in ["0", "101", "-1", "", "ten", "1e2", "99999999999999999999"] {
            assert_eq!(page(Some(odd), None).unwrap_err().code(), Code::InvalidRequest, "{odd}");
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        for odd in ["", "x", "!!!", &write_cursor(&"app_1"), "AAAA=="] {
            let asked = page(None, Some(odd.to_owned())).unwrap();
            assert_eq!(asked.after::<u32>().unwrap_err().code(), Code::InvalidRequest, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn walking_loses_and_doubles_nothing_while_items_are_added(
            at_first in 0u32..60, limit in 1usize..20, added in prop::collection::vec(0u32..5, 0..60),
        ) {
            let mut stored: Vec<u32> = (0..at_first).collect();
            let mut added = added.into_iter();
            let mut seen = Vec::new();
            let mut cursor = None;
            loop {
                let asked = page(Some(&limit.to_string()), cursor).unwrap();
                let paged = Paged::of(rows(&stored, &asked), &asked, |key| *key);
                prop_assert!(paged.data.len() <= limit);
                seen.extend(paged.data);
                let newest = u32::try_from(stored.len()).unwrap();
                stored.extend(newest..newest + added.next().unwrap_or(0));
                cursor = paged.next_cursor;
                if cursor.is_none() { break }
            }
            let expected: Vec<u32> = (0..at_first).rev().collect();
            prop_assert_eq!(seen, expected);
        }
    }
}
