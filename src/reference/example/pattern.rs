//! Texts that match a regular expression, for the common part of ECMA-262: literals, classes, groups, choices and
//! repetitions. Look-around is passed over, and a back reference gives up, so a match is likely but not certain.

/// Deeper groups and longer texts are not meant for examples.
const DEEPEST: usize = 30;
const LONGEST: usize = 2_000;

/// Repeated groups of nothing add no text, so steps have an end too.
const STEPS: usize = 20_000;

/// A text that should match the pattern and has a length in these bounds; none where that fails.
pub(super) fn matching(pattern: &str, min: usize, max: usize, ordinal: usize) -> Option<String> {
    let mut parser = Parser { rest: pattern.chars().collect(), at: 0 };
    let choices = parser.choices(0)?;
    if parser.at < parser.rest.len() {
        return None;
    }
    let middle = min.midpoint(max.min(min + 16));
    [6, 0, 1, 3, 10, 16, middle, min, max].into_iter().find_map(|repeats| {
        let mut writer = Writer { text: String::new(), repeats, turn: ordinal, steps: 0 };
        writer.choices(&choices)?;
        let length = writer.text.chars().count();
        (length >= min && length <= max).then_some(writer.text)
    })
}

type Choices = Vec<Vec<Part>>;

enum Part {
    One(char),
    AnyOf(Vec<(char, char)>),
    NoneOf(Vec<(char, char)>),
    Group(Choices),
    Repeated { part: Box<Part>, min: usize, max: Option<usize> },
    Nothing,
}

struct Parser {
    rest: Vec<char>,
    at: usize,
}

impl Parser {
    fn choices(&mut self, depth: usize) -> Option<Choices> {
        if depth > DEEPEST {
            return None;
        }
        let mut choices = vec![Vec::new()];
        while let Some(character) = self.peek() {
            match character {
                ')' => break,
                '|' => {
                    self.at += 1;
                    choices.push(Vec::new());
                }
                _ => {
                    let part = self.part(depth)?;
                    let part = self.repeated(part)?;
                    choices.last_mut()?.push(part);
                }
            }
        }
        Some(choices)
    }

    fn part(&mut self, depth: usize) -> Option<Part> {
        let character = self.next()?;
        Some(match character {
            '^' | '$' => Part::Nothing,
            '.' => Part::AnyOf(vec![('a', 'z')]),
            '[' => self.class()?,
            '(' => {
                let passed_over = self.group_opening()?;
                let choices = self.choices(depth + 1)?;
                if self.next()? != ')' {
                    return None;
                }
                if passed_over { Part::Nothing } else { Part::Group(choices) }
            }
            '\\' => self.escape()?,
            '*' | '+' | '?' => return None,
            other => Part::One(other),
        })
    }

    /// After `(`: whether the group only looks around.
    fn group_opening(&mut self) -> Option<bool> {
        if self.peek() != Some('?') {
            return Some(false);
        }
        self.at += 1;
        match self.next()? {
            ':' => Some(false),
            '=' | '!' => Some(true),
            '<' if matches!(self.peek(), Some('=' | '!')) => {
                self.at += 1;
                Some(true)
            }
            '<' | 'P' => {
                while self.next()? != '>' {}
                Some(false)
            }
            _ => None,
        }
    }

    fn repeated(&mut self, part: Part) -> Option<Part> {
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some(counts) => counts,
                None => return Some(part),
            },
            _ => return Some(part),
        };
        self.skip_quantifier();
        Some(Part::Repeated { part: Box::new(part), min, max })
    }

    fn counts(&self) -> Option<(usize, Option<usize>)> {
        let end = self.at + self.rest[self.at..].iter().position(|character| *character == '}')?;
        let inside: String = self.rest[self.at + 1..end].iter().collect();
        match inside.split_once(',') {
            None => inside.parse().ok().map(|count| (count, Some(count))),
            Some((min, "")) => Some((min.parse().ok()?, None)),
            Some((min, max)) => Some((min.parse().ok()?, Some(max.parse().ok()?))),
        }
    }

    fn skip_quantifier(&mut self) {
        if self.next() == Some('{') {
            while self.next().is_some_and(|character| character != '}') {}
        }
        if matches!(self.peek(), Some('?' | '+')) {
            self.at += 1; // lazy and possessive match the same texts
        }
    }

    fn class(&mut self) -> Option<Part> {
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut ranges = Vec::new();
        loop {
            let first = match self.next()? {
                ']' => break,
                '\\' => match self.escape()? {
                    Part::One(character) => character,
                    Part::AnyOf(more) => {
                        ranges.extend(more);
                        continue;
                    }
                    _ => continue,
                },
                other => other,
            };
            let is_range = self.peek() == Some('-') && self.rest.get(self.at + 1).is_some_and(|next| *next != ']');
            if !is_range {
                ranges.push((first, first));
                continue;
            }
            self.at += 1;
            let last = match self.next()? {
                '\\' => match self.escape()? {
                    Part::One(character) => character,
                    _ => return None,
                },
                other => other,
            };
            ranges.push((first, last));
        }
        Some(if negated { Part::NoneOf(ranges) } else { Part::AnyOf(ranges) })
    }

    fn escape(&mut self) -> Option<Part> {
        let word = || vec![('a', 'z'), ('0', '9'), ('A', 'Z'), ('_', '_')];
        Some(match self.next()? {
            'd' => Part::AnyOf(vec![('0', '9')]),
            'w' => Part::AnyOf(word()),
            's' => Part::One(' '),
            'D' => Part::NoneOf(vec![('0', '9')]),
            'W' => Part::NoneOf(word()),
            'S' => Part::NoneOf(vec![(' ', ' ')]),
            'b' | 'B' | 'A' | 'z' | 'Z' => Part::Nothing,
            'n' => Part::One('\n'),
            'r' => Part::One('\r'),
            't' => Part::One('\t'),
            'x' => self.code_point(2)?,
            'u' => self.code_point(4)?,
            'p' => {
                while self.next()? != '}' {}
                Part::AnyOf(vec![('a', 'z')])
            }
            'P' | 'k' | '1'..='9' => return None,
            other => Part::One(other),
        })
    }

    fn code_point(&mut self, digits: usize) -> Option<Part> {
        let written: String = self.rest.get(self.at..self.at + digits)?.iter().collect();
        self.at += digits;
        char::from_u32(u32::from_str_radix(&written, 16).ok()?).map(Part::One)
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }
}

struct Writer {
    text: String,
    repeats: usize,
    turn: usize,
    steps: usize,
}

impl Writer {
    fn choices(&mut self, choices: &Choices) -> Option<()> {
        let chosen = choices.iter().find(|parts| !parts.is_empty()).or(choices.first())?;
        chosen.iter().try_for_each(|part| self.part(part))
    }

    fn part(&mut self, part: &Part) -> Option<()> {
        self.steps += 1;
        if self.text.len() > LONGEST || self.steps > STEPS {
            return None;
        }
        match part {
            Part::Nothing => {}
            Part::One(character) => self.text.push(*character),
            Part::AnyOf(ranges) => {
                let character = self.pick(ranges)?;
                self.text.push(character);
            }
            Part::NoneOf(ranges) => {
                let free = |it: &char| !ranges.iter().any(|(first, last)| (*first..=*last).contains(it));
                let candidates: Vec<_> = ('a'..='z').chain('0'..='9').chain(" -_.A".chars()).filter(free).collect();
                let character = *candidates.get(self.turn % candidates.len().max(1))?;
                self.turn += 7;
                self.text.push(character);
            }
            Part::Group(choices) => self.choices(choices)?,
            Part::Repeated { part, min, max } => {
                let most = max.unwrap_or(LONGEST);
                for _ in 0..self.repeats.clamp(*min, most.max(*min)) {
                    self.part(part)?;
                }
            }
        }
        Some(())
    }

    /// One of the characters, another each time; letters and digits where there are any.
    fn pick(&mut self, ranges: &[(char, char)]) -> Option<char> {
        let plain: Vec<_> = ranges.iter().filter(|(first, _)| first.is_alphanumeric()).collect();
        let ranges: Vec<_> = if plain.is_empty() { ranges.iter().collect() } else { plain };
        let (first, last) = ranges.get((self.turn / 3) % ranges.len().max(1))?;
        let width = (*last as u32).saturating_sub(*first as u32) + 1;
        let offset = (self.turn as u32).wrapping_mul(7) % width;
        self.turn += 1;
        char::from_u32(*first as u32 + offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pattern: &str) -> Option<String> {
        matching(pattern, 0, LONGEST, 0)
    }

    #[test]
    fn literals_classes_and_counts_are_kept() {
        assert_eq!(text("^abc$").as_deref(), Some("abc"));
        assert_eq!(text("^(GB|FR)-[0-9]{2}$").as_deref().map(str::len), Some(5));
        assert!(text("^[A-Z]{3}$").unwrap().chars().all(|it| it.is_ascii_uppercase()));
        assert!(text(r"^\d{4}-\d{2}$").unwrap().chars().all(|it| it.is_ascii_digit() || it == '-'));
        assert!(!text("^[^/]+$").unwrap().contains('/'));
        assert_eq!(text(r"^a{2,}?\.b$").as_deref(), Some("aaaaaa.b"));
    }

    #[test]
    fn lengths_are_kept_where_the_pattern_leaves_room() {
        assert_eq!(matching("^[a-z]+$", 20, 20, 0).map(|text| text.len()), Some(20));
        assert_eq!(matching("^[a-z]*$", 0, 2, 0).map(|text| text.len()), Some(0));
        assert_eq!(matching("^a{5}$", 0, 2, 0), None);
    }

    #[test]
    fn what_is_not_understood_gives_nothing_and_what_is_too_long_ends() {
        for pattern in ["(", "[", "a)", r"(a)\1", "*", r"\", "(?", "[a-"] {
            assert_eq!(text(pattern), None, "{pattern}");
        }
        assert_eq!(text("(((a{1000}){1000}){1000}){1000}"), None);
        assert_eq!(text("((){1000000}){1000000}"), None);
        assert_eq!(text(&"(".repeat(5_000)), None);
        assert_eq!(text("a{99999999999999999999}"), Some("a{99999999999999999999}".to_owned()));
    }
}
