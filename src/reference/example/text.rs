//! Plausible texts, by format and by name. Addresses and numbers are those reserved for documentation (RFC 2606,
//! RFC 5737, RFC 3849, Ofcom's numbers for drama), so that no example ever reaches anybody.

use serde_json::Value;

use super::{
    super::{fit::Fit, model::Constraint},
    name::{hash, singular, words},
    parts::Parts,
    pattern,
};

/// What is longer is no example any more.
const LONGEST: usize = 2_000;

/// Texts that many a pattern is for.
const KNOWN: [&str; 20] = [
    "2026-03-14",
    "2026-03",
    "2026",
    "2026-03-14T09:26:53Z",
    "09:30",
    "09:30:00",
    "09:00-17:30",
    "GB",
    "GBR",
    "EUR",
    "en",
    "en-GB",
    "+442079460958",
    "19.90",
    "1.4.2",
    "#2f6f5e",
    "192.0.2.17",
    "example.com",
    "https://example.com/resource",
    "ines.halloran@example.com",
];

/// Texts that are made for a pattern until one really matches.
const TRIES: usize = 6;

const BY_FORMAT: [(&str, &str); 31] = [
    ("date", "2026-03-14"),
    ("date-time", "2026-03-14T09:26:53Z"),
    ("datetime", "2026-03-14T09:26:53Z"),
    ("time", "09:26:53Z"),
    ("duration", "P3DT4H"),
    ("email", "ines.halloran@example.com"),
    ("idn-email", "ines.halloran@example.com"),
    ("hostname", "api.example.com"),
    ("idn-hostname", "api.example.com"),
    ("ipv4", "192.0.2.17"),
    ("ip", "192.0.2.17"),
    ("ipv6", "2001:db8::17"),
    ("cidr", "192.0.2.0/24"),
    ("mac", "00:00:5e:00:53:17"),
    ("uri", "https://example.com/resource"),
    ("url", "https://example.com/resource"),
    ("iri", "https://example.com/resource"),
    ("uri-reference", "/resource"),
    ("iri-reference", "/resource"),
    ("uri-template", "https://example.com/{id}"),
    ("json-pointer", "/data/0"),
    ("relative-json-pointer", "1/data"),
    ("regex", "^[a-z]+$"),
    ("byte", "RXhhbXBsZQ=="),
    ("base64", "RXhhbXBsZQ=="),
    ("binary", "(file content)"),
    ("password", "correct-horse-battery"),
    ("decimal", "19.90"),
    ("int64", "1042"),
    ("currency", "EUR"),
    ("phone", "+442079460958"),
];

/// By the last words of a name; the first that fits counts.
const BY_NAME: [(&str, &str); 102] = [
    ("email", "ines.halloran@example.com"),
    ("email address", "ines.halloran@example.com"),
    ("first name", "Ines"),
    ("given name", "Ines"),
    ("last name", "Halloran"),
    ("family name", "Halloran"),
    ("surname", "Halloran"),
    ("full name", "Ines Halloran"),
    ("display name", "Ines Halloran"),
    ("user name", "ines.halloran"),
    ("username", "ines.halloran"),
    ("login", "ines.halloran"),
    ("company name", "Larkfield Parcels"),
    ("company", "Larkfield Parcels"),
    ("organization", "Larkfield Parcels"),
    ("file name", "label.pdf"),
    ("filename", "label.pdf"),
    ("host name", "api.example.com"),
    ("name", "Ines Halloran"),
    ("phone", "+442079460958"),
    ("phone number", "+442079460958"),
    ("mobile", "+447700900958"),
    ("telephone", "+442079460958"),
    ("street", "14 Tannery Lane"),
    ("street address", "14 Tannery Lane"),
    ("line 1", "14 Tannery Lane"),
    ("line1", "14 Tannery Lane"),
    ("address", "14 Tannery Lane"),
    ("line 2", "Flat 3"),
    ("line2", "Flat 3"),
    ("city", "Brackwell"),
    ("town", "Brackwell"),
    ("postal code", "BW2 4LT"),
    ("postcode", "BW2 4LT"),
    ("zip", "BW2 4LT"),
    ("zip code", "BW2 4LT"),
    ("state", "active"),
    ("region", "eu-west"),
    ("country", "GB"),
    ("country code", "GB"),
    ("currency", "EUR"),
    ("currency code", "EUR"),
    ("language", "en"),
    ("locale", "en-GB"),
    ("time zone", "Europe/London"),
    ("timezone", "Europe/London"),
    ("url", "https://example.com/resource"),
    ("uri", "https://example.com/resource"),
    ("href", "https://example.com/resource"),
    ("link", "https://example.com/resource"),
    ("website", "https://example.com"),
    ("domain", "example.com"),
    ("host", "api.example.com"),
    ("ip", "192.0.2.17"),
    ("ip address", "192.0.2.17"),
    ("user agent", "Mozilla/5.0"),
    ("amount", "19.90"),
    ("price", "19.90"),
    ("total", "19.90"),
    ("status", "active"),
    ("type", "standard"),
    ("kind", "standard"),
    ("category", "standard"),
    ("description", "Two boxes of books, handle with care"),
    ("summary", "Two boxes of books"),
    ("title", "Two boxes of books"),
    ("subject", "Two boxes of books"),
    ("message", "Delivered to the front door"),
    ("detail", "Delivered to the front door"),
    ("comment", "Please ring twice"),
    ("note", "Please ring twice"),
    ("notes", "Please ring twice"),
    ("reason", "Requested by the customer"),
    ("text", "Please ring twice"),
    ("content", "Please ring twice"),
    ("body", "Please ring twice"),
    ("label", "priority"),
    ("tag", "priority"),
    ("colour", "#2f6f5e"),
    ("color", "#2f6f5e"),
    ("slug", "two-boxes-of-books"),
    ("version", "2026-09"),
    ("mime type", "application/pdf"),
    ("content type", "application/pdf"),
    ("media type", "application/pdf"),
    ("sha", "6dcb09b5b57875f334f61aebed695e2e4193db5e"),
    ("hash", "6dcb09b5b57875f334f61aebed695e2e4193db5e"),
    ("branch", "main"),
    ("path", "reports/march.csv"),
    ("query", "books"),
    ("q", "books"),
    ("code", "LF-2041"),
    ("number", "20417"),
    ("reference", "order-20417"),
    ("contents", "Two boxes of books"),
    ("parameter", "page"),
    ("field", "name"),
    ("channel", "web-shop"),
    ("carrier", "Larkfield"),
    ("depot", "Brackwell North"),
    ("locality", "Brackwell"),
    ("iso country", "GB"),
];

/// Names of moments, for texts without a format and with `date-time`.
const MOMENTS: [(&str, &str); 12] = [
    ("updated", "2026-03-15T10:02:11Z"),
    ("modified", "2026-03-15T10:02:11Z"),
    ("expires", "2026-06-30T23:59:59Z"),
    ("expiry", "2026-06-30T23:59:59Z"),
    ("expiration", "2026-06-30T23:59:59Z"),
    ("until", "2026-06-30T23:59:59Z"),
    ("end", "2026-03-31T23:59:59Z"),
    ("ends", "2026-03-31T23:59:59Z"),
    ("due", "2026-03-31T23:59:59Z"),
    ("delivered", "2026-03-16T14:30:00Z"),
    ("deleted", "2026-03-20T08:00:00Z"),
    ("completed", "2026-03-16T14:30:00Z"),
];

/// A text for a value, in the limits that are stated as far as they can be kept.
pub(super) fn of_parts(parts: &Parts, name: &str, owner: &str, ordinal: usize, fit: &mut Fit) -> String {
    let limits = Limits::of(&parts.constraints());
    let encoding = || parts.schemas().find_map(|schema| schema.content().1);
    let format = parts.format().or_else(encoding);
    let plain = format.and_then(|format| by_format(format, name)).unwrap_or_else(|| by_name(name, owner));
    let plain = varied(plain, name, ordinal, format);
    let patterns: Vec<_> = limits.patterns.iter().filter_map(|pattern| fit.pattern(pattern)).collect();
    if patterns.is_empty() {
        return limits.fitted(plain);
    }
    let matches = |text: &String| {
        let length = text.chars().count();
        let value = Value::String(text.clone());
        (limits.min..=limits.max).contains(&length) && patterns.iter().all(|pattern| pattern.matches(&value))
    };
    let made = |turn: usize| {
        let mut made = limits.patterns.iter();
        made.find_map(|source| pattern::matching(source, limits.min, limits.max, ordinal + turn))
    };
    let fitted = limits.fitted(plain.clone());
    let known = KNOWN.iter().map(|text| (*text).to_owned());
    let spelled = std::iter::once(fitted.clone()).chain(spellings(&plain).map(|text| limits.fitted(text)));
    spelled.chain(known).chain((0..TRIES).filter_map(made)).find(matches).or_else(|| made(0)).unwrap_or(fitted)
}

/// The same words as programs spell them.
fn spellings(text: &str) -> impl Iterator<Item = String> + use<> {
    let joined = |separator: &str| {
        let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(separator)
    };
    let (dashed, lined, close) = (joined("-"), joined("_"), joined(""));
    let all = [
        text.to_lowercase(),
        text.to_uppercase(),
        dashed.to_lowercase(),
        lined.to_lowercase(),
        lined.to_uppercase(),
        close.to_lowercase(),
        close.clone(),
        dashed,
        lined,
        close.to_uppercase(),
    ];
    all.into_iter()
}

/// A text for a name that nothing more is known about.
pub(super) fn of_name(name: &str) -> String {
    by_name(name, "")
}

struct Limits {
    min: usize,
    max: usize,
    patterns: Vec<String>,
}

impl Limits {
    fn of(constraints: &[Constraint]) -> Self {
        let mut limits = Limits { min: 0, max: LONGEST, patterns: Vec::new() };
        let bounded = |count: u64| usize::try_from(count).unwrap_or(LONGEST).min(LONGEST);
        for constraint in constraints {
            match constraint {
                Constraint::MinLength(count) => limits.min = limits.min.max(bounded(*count)),
                Constraint::MaxLength(count) => limits.max = limits.max.min(bounded(*count)),
                Constraint::Pattern(pattern) => limits.patterns.push(pattern.clone()),
                _ => {}
            }
        }
        limits
    }

    fn fitted(&self, text: String) -> String {
        let length = text.chars().count();
        if length > self.max {
            let cut: String = text.chars().take(self.max).collect();
            let trimmed = cut.trim_end_matches([' ', '-', '_', ',']);
            return if trimmed.chars().count() >= self.min { trimmed.to_owned() } else { cut };
        }
        let filler = "abcdefghijklmnopqrstuvwxyz".chars().cycle();
        let missing = self.min.saturating_sub(length);
        text.chars().chain(filler.take(missing)).collect()
    }
}

fn by_format(format: &str, name: &str) -> Option<String> {
    match format {
        "uuid" | "guid" => Some(uuid(name)),
        "uri" | "url" => Some(address(&words(name))),
        "date-time" => Some(moment(name).to_owned()),
        "date" => Some(moment(name)[..10].to_owned()),
        _ => BY_FORMAT.iter().find(|(known, _)| known.eq_ignore_ascii_case(format)).map(|(_, text)| (*text).to_owned()),
    }
}

fn by_name(name: &str, owner: &str) -> String {
    let words = words(name);
    let Some(last) = words.last() else {
        return "example".to_owned();
    };
    let spaced = format!(" {}", words.join(" "));
    match last.as_str() {
        "id" | "key" if words.len() > 1 && words[words.len() - 2] == "idempotency" => {
            return "order-20417-1".to_owned();
        }
        "id" | "uid" | "identifier" => return identifier(&words, owner),
        "uuid" | "guid" => return uuid(name),
        "at" | "timestamp" | "datetime" => return moment(name).to_owned(),
        "sid" => return format!("{}_{}", &words[0], base36(hash(name), 8)),
        "date" => return moment(name)[..10].to_owned(),
        _ if words.len() > 1 && words[0] == "date" => return moment(name).to_owned(),
        "url" | "uri" | "href" | "link" if words.len() > 1 => return address(&words),
        "token" | "secret" | "password" => return format!("{last}_{}", base36(hash(name), 12)),
        "cursor" | "after" | "before" => return base36(hash(name), 16),
        _ => {}
    }
    let known = BY_NAME.iter().find(|(known, _)| spaced.ends_with(&format!(" {known}")));
    match known {
        Some((_, text)) => (*text).to_owned(),
        None => sentence(&words),
    }
}

/// The words as people write them: "Carrier service".
fn sentence(words: &[String]) -> String {
    let sentence = words.join(" ");
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// `label_url` is `https://example.com/label`.
fn address(words: &[String]) -> String {
    let is_kind = |word: &&String| !matches!(word.as_str(), "url" | "uri" | "href" | "link" | "api" | "html");
    let path: Vec<&str> = words.iter().filter(is_kind).map(String::as_str).collect();
    let path = if path.is_empty() { "resource".to_owned() } else { path.join("-") };
    format!("https://example.com/{path}")
}

/// `shipment_id` is like `shipment_1k9x3f7q`; a plain `id` takes the name of what it identifies.
fn identifier(words: &[String], owner: &str) -> String {
    let own = &words[..words.len() - 1];
    let of_owner = || super::name::words(&singular(owner)).last().cloned();
    let prefix = own.last().cloned().or_else(of_owner).unwrap_or_else(|| "id".to_owned());
    let prefix: String = prefix.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("{prefix}_{}", base36(hash(&format!("{owner}.{}", words.join("."))), 8))
}

fn moment(name: &str) -> &'static str {
    let words = words(name);
    let known = MOMENTS.iter().find(|(known, _)| words.iter().any(|word| word == known));
    known.map_or("2026-03-14T09:26:53Z", |(_, moment)| moment)
}

/// A version 4 UUID that is the same for the same name.
fn uuid(name: &str) -> String {
    let (high, low) = (hash(name), hash(&format!("{name}'")));
    let high = (high & 0xffff_ffff_ffff_0fff) | 0x4000;
    let low = (low & 0x3fff_ffff_ffff_ffff) | 0x8000_0000_0000_0000;
    let (high, low) = (format!("{high:016x}"), format!("{low:016x}"));
    format!("{}-{}-{}-{}-{}", &high[..8], &high[8..12], &high[12..], &low[..4], &low[4..])
}

fn base36(mut number: u64, length: usize) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digits = (0..length).map(|_| {
        let digit = DIGITS[(number % 36) as usize];
        number = (number / 36) ^ number.rotate_left(17);
        char::from(digit)
    });
    digits.collect()
}

/// Later items of a list differ from the first, where that does not spoil a format.
fn varied(text: String, name: &str, ordinal: usize, format: Option<&str>) -> String {
    match format {
        _ if ordinal == 0 => text,
        Some("uuid" | "guid") => uuid(&format!("{name}{ordinal}")),
        None => format!("{text} {}", ordinal + 1),
        Some(_) => text,
    }
}
