//! A question: its words as Postgres is asked for them, and what a mistyped word may have meant.

use super::words;

/// More words narrow nothing down.
const MOST_WORDS: usize = 12;
/// Left out of a question that has other words: nobody searches for them.
const FILLING: [&str; 24] = [
    "a", "an", "and", "are", "can", "do", "does", "for", "from", "how", "i", "in", "is", "my", "of", "on", "or", "our",
    "the", "to", "what", "where", "with", "you",
];

/// A question in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Question {
    /// As it was asked, in lower case, with single spaces.
    pub whole: String,
    /// Each has to be there.
    pub terms: Vec<Term>,
}

/// A word that was asked for: any of its readings will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// As it was typed, in lower case.
    pub typed: String,
    readings: Vec<Vec<String>>,
}

impl Question {
    /// Reads what was typed, whatever it is.
    pub fn parse(typed: &str) -> Self {
        let whole = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        let whole = whole.collect::<Vec<_>>().join(" ").to_lowercase();
        let mut terms: Vec<Term> = Vec::new();
        for run in words::runs(typed) {
            let term = Term::of(&typed[run]);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        let says_something = |term: &Term| !FILLING.contains(&term.typed.as_str());
        if terms.iter().any(says_something) {
            terms.retain(says_something);
        }
        terms.truncate(MOST_WORDS);
        Self { whole, terms }
    }

    /// The entries that have every word.
    pub fn all(&self) -> String {
        self.joined(" & ", "")
    }

    /// The entries that have every word in their names.
    pub fn in_names(&self) -> String {
        self.joined(" & ", "A")
    }

    /// The same question about the entries that have any of its words.
    pub fn any(&self) -> String {
        self.joined(" | ", "")
    }

    /// Every word whose beginning counts as found.
    pub fn stems(&self) -> Vec<&str> {
        self.terms.iter().flat_map(Term::stems).collect()
    }

    /// The question about those of its words only that `is_left` picks.
    pub fn about(&self, is_left: impl Fn(&Term) -> bool) -> Self {
        let terms = self.terms.iter().filter(|term| is_left(term)).cloned().collect();
        Self { terms, ..self.clone() }
    }

    fn joined(&self, between: &str, weight: &str) -> String {
        let terms = self.terms.iter().map(|term| term.to_tsquery(weight));
        terms.collect::<Vec<_>>().join(between)
    }
}

impl Term {
    fn of(run: &str) -> Self {
        let typed = words::lower(run);
        let mut readings = vec![vec![singular(&typed).unwrap_or_else(|| typed.clone())]];
        if typed.ends_with("ies") {
            readings.push(vec![typed.clone()]);
        }
        let parts = words::parts(run);
        if parts.len() > 1 {
            readings.push(parts.into_iter().map(|part| words::lower(&run[part])).collect());
        }
        Self { typed, readings }
    }

    /// Every word whose beginning counts as this one.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.readings.iter().flatten().map(String::as_str)
    }

    /// The word with others in its place.
    pub fn meaning(&self, words: &[String]) -> Self {
        Self { typed: self.typed.clone(), readings: words.iter().map(|word| vec![word.clone()]).collect() }
    }

    /// A word is letters and digits, so nothing in it has to be escaped.
    fn to_tsquery(&self, weight: &str) -> String {
        let word = |word: &String| match word.chars().count() {
            // The beginning of everything.
            1 => format!("'{word}':{}", if weight.is_empty() { "ABCD" } else { weight }),
            _ => format!("'{word}':*{weight}"),
        };
        let reading = |words: &Vec<String>| words.iter().map(word).collect::<Vec<_>>().join(" & ");
        format!("({})", self.readings.iter().map(reading).collect::<Vec<_>>().join(" | "))
    }
}

/// One of several, as far as English spelling tells; the beginning of both where that will do.
fn singular(word: &str) -> Option<String> {
    const ENDINGS: [(&str, &str); 6] =
        [("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")];
    if word.chars().count() < 4 || word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        return None;
    }
    ENDINGS.into_iter().find_map(|(ending, instead)| Some(format!("{}{instead}", word.strip_suffix(ending)?)))
}

/// The words nearest to one that is in no entry, of those that share trigrams with it; the best only, at most three.
pub(super) fn nearest(typed: &str, candidates: &[String]) -> Vec<String> {
    let length = typed.chars().count();
    let allowed = match length {
        0..=4 => 2,
        5..=7 => 4,
        _ => 6,
    };
    let mut near: Vec<(usize, &String)> =
        candidates.iter().map(|word| (cost(typed, word), word)).filter(|(cost, _)| *cost <= allowed).collect();
    near.sort_by_key(|(cost, word)| (*cost, word.len()));
    let best = near.first().map(|(cost, _)| *cost);
    near.into_iter().take_while(|(cost, _)| Some(*cost) == best).take(3).map(|(_, word)| word.clone()).collect()
}

/// Twice the number of wrong, missing, doubled or exchanged letters; one more where `typed` is only the beginning.
fn cost(typed: &str, word: &str) -> usize {
    let (typed, word): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=word.len()).collect()];
    for (i, a) in typed.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in word.iter().enumerate() {
            let mut least = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == word[j - 1] && typed[i - 1] == *b {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    let last = &rows[typed.len()];
    let beginning = last.iter().min().copied().unwrap_or(0);
    (2 * last[word.len()]).min(2 * beginning + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(typed: &str) -> String {
        Question::parse(typed).all()
    }

    #[test]
    fn every_word_may_be_the_beginning_of_one() {
        assert_eq!(all("Ship lab"), "('ship':*) & ('lab':*)");
        assert_eq!(all("shipmentId"), "('shipmentid':* | 'shipment':* & 'id':*)");
        assert_eq!(all("/v1/shipments/{id}"), "('v1':*) & ('shipment':*) & ('id':*)");
        assert_eq!(Question::parse("list x").in_names(), "('list':*A) & ('x':A)");
    }

    #[test]
    fn one_and_several_are_the_same() {
        assert_eq!(all("addresses"), "('address':*)");
        assert_eq!(all("deliveries"), "('delivery':* | 'deliveries':*)");
        assert_eq!(all("status address"), "('status':*) & ('address':*)");
    }

    #[test]
    fn words_that_say_nothing_are_left_out_unless_there_are_no_others() {
        assert_eq!(all("How do I create a shipment?"), "('create':*) & ('shipment':*)");
        assert_eq!(all("how to"), "('how':*) & ('to':*)");
    }

    #[test]
    fn typos_find_what_was_meant() {
        let words = ["shipment", "shipments", "ship", "address", "addressed", "webhook", "book", "label", "table"];
        let words = words.map(str::to_owned);
        for (typed, meant) in [
            ("shipmnt", "shipment"),
            ("shpiment", "shipment"),
            ("shipmn", "shipment"),
            ("adress", "address"),
            ("wehbook", "webhook"),
            ("lable", "label"),
        ] {
            assert_eq!(nearest(typed, &words).first().map(String::as_str), Some(meant), "{typed}");
        }
        assert!(nearest("zebra", &words).is_empty());
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_words_and_operators(typed in "\\PC{0,120}|[\\x00-\\x7f]{0,120}") {
            let question = Question::parse(&typed);
            prop_assert!(question.terms.len() <= MOST_WORDS);
            for term in question.terms {
                prop_assert!(term.readings.iter().flatten().all(|word| word.chars().all(char::is_alphanumeric)));
            }
        }
    }
}
