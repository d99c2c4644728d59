//! What an owner may change about a key, read from what was asked.

use time::{OffsetDateTime, macros::datetime};

use super::{AllowedNetworks, Key, NotNetworks, choose_scopes};
use crate::{name::Name, web::FieldError};

/// Later moments cannot be written in every time zone.
const LATEST: OffsetDateTime = datetime!(9000-01-01 00:00 UTC);

/// Changes of a key that can be accepted; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// Another name.
    pub name: Option<Name>,
    /// Other scopes.
    pub scopes: Option<Vec<String>>,
    /// Other networks from which it may be used.
    pub allowed_networks: Option<AllowedNetworks>,
    /// Another end, or none.
    pub expires_at: Option<Option<OffsetDateTime>>,
    /// Another number of calls in a minute, or as many as the organization's keys may make.
    pub rate_limit: Option<Option<u32>>,
}

/// The same as it was asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) name: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) allowed_networks: Option<Vec<String>>,
    pub(super) expires_at: Option<Option<OffsetDateTime>>,
    pub(super) rate_limit: Option<Option<i64>>,
}

impl Asked {
    /// Reads what was asked for, or says of every value why it cannot be accepted. `offered` are the scopes that the
    /// organization may choose from; those that the key has already it may keep. `most` is the highest rate limit.
    pub(super) fn read(
        self,
        key: &Key,
        offered: &[String],
        most: u32,
        now: OffsetDateTime,
    ) -> Result<Edit, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut refuse = |pointer: &str, code, message: String| {
            errors.push(FieldError { pointer: pointer.to_owned(), code, message });
        };
        let name = self
            .name
            .and_then(|name| Name::parse(&name).map_err(|why| refuse("/name", "invalid", why.to_owned())).ok());
        let scopes = self.scopes.and_then(|chosen| {
            let kept = key.scopes.iter().filter(|scope| !offered.contains(scope));
            let offered: Vec<String> = offered.iter().chain(kept).cloned().collect();
            choose_scopes(&offered, &chosen).map_err(|why| refuse("/scopes", "unknown", why.to_string())).ok()
        });
        let allowed_networks = self.allowed_networks.and_then(|texts| {
            let read = AllowedNetworks::parse(texts.iter().map(String::as_str));
            read.map_err(|why| match why {
                NotNetworks::Unreadable { at, .. } => {
                    refuse(&format!("/allowed_networks/{at}"), "invalid", why.to_string());
                }
                NotNetworks::TooMany => refuse("/allowed_networks", "too_many", why.to_string()),
            })
            .ok()
        });
        // What has not changed is no change, though the moment may have passed since the form was opened.
        let expires_at = self.expires_at.filter(|end| *end != key.expires_at);
        match expires_at.flatten() {
            Some(end) if end <= now => {
                refuse(
                    "/expires_at",
                    "in_the_past",
                    "must lie in the future; to end the key now, revoke it".to_owned(),
                );
            }
            Some(end) if end >= LATEST => {
                refuse("/expires_at", "out_of_range", "must lie before the year 9000".to_owned());
            }
            _ => {}
        }
        let rate_limit = self.rate_limit.and_then(|asked| match asked {
            None => Some(None),
            Some(calls) => match u32::try_from(calls) {
                Ok(calls) if (1..=most).contains(&calls) => Some(Some(calls)),
                _ if key.rate_limit.map(i64::from) == Some(calls) => None,
                _ => {
                    refuse("/rate_limit", "out_of_range", format!("must be a number of calls from 1 to {most}"));
                    None
                }
            },
        });
        match errors.is_empty() {
            true => Ok(Edit { name, scopes, allowed_networks, expires_at, rate_limit }),
            false => Err(errors),
        }
    }
}

impl Edit {
    /// The key as it is to be.
    pub(super) fn applied_to(self, key: Key) -> Key {
        Key {
            name: self.name.map_or(key.name, |name| name.as_str().to_owned()),
            scopes: self.scopes.unwrap_or(key.scopes),
            allowed_networks: self.allowed_networks.unwrap_or(key.allowed_networks),
            expires_at: self.expires_at.unwrap_or(key.expires_at),
            rate_limit: self.rate_limit.unwrap_or(key.rate_limit),
            ..key
        }
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::{
        super::model::tests::{NOW, key},
        *,
    };

    fn read(asked: Asked) -> Result<Edit, Vec<(String, &'static str)>> {
        let key = Key { scopes: vec!["labels:read".into()], rate_limit: Some(90), ..key(Vec::new()) };
        let offered = ["shipments:read".to_owned()];
        asked
            .read(&key, &offered, 60, NOW)
            .map_err(|errors| errors.into_iter().map(|error| (error.pointer, error.code)).collect())
    }

    fn refused(asked: Asked) -> (String, &'static str) {
        read(asked).unwrap_err().remove(0)
    }

    #[test]
    fn what_is_not_asked_for_stays() {
        assert_eq!(read(Asked::default()).unwrap(), Edit::default());
        let before = key(Vec::new());
        let after = Edit { rate_limit: Some(Some(5)), ..Edit::default() }.applied_to(before.clone());
        assert_eq!((after.name, after.rate_limit), (before.name, Some(5)));
    }

    #[test]
    fn an_end_is_never_in_the_past() {
        let ends = |end: Option<OffsetDateTime>| Asked { expires_at: Some(end), ..Asked::default() };
        let later = NOW + Duration::seconds(1);
        assert_eq!(read(ends(Some(later))).unwrap().expires_at, Some(Some(later)));
        assert_eq!(read(ends(None)).unwrap().expires_at, None, "it had none before");
        for past in [NOW, NOW - Duration::days(400)] {
            assert_eq!(refused(ends(Some(past))), ("/expires_at".into(), "in_the_past"));
        }
        let far = datetime!(9999-12-31 23:59:59 -23:59);
        assert_eq!(refused(ends(Some(far))), ("/expires_at".into(), "out_of_range"));
    }

    #[test]
    fn a_rate_limit_is_at_most_the_organizations() {
        let limit = |calls: Option<i64>| Asked { rate_limit: Some(calls), ..Asked::default() };
        assert_eq!(read(limit(Some(60))).unwrap().rate_limit, Some(Some(60)));
        assert_eq!(read(limit(None)).unwrap().rate_limit, Some(None));
        for odd in [61, 0, -1, i64::MAX] {
            assert_eq!(refused(limit(Some(odd))), ("/rate_limit".into(), "out_of_range"), "{odd}");
        }
        assert_eq!(read(limit(Some(90))).unwrap().rate_limit, None, "staff have lowered the limit since: it stays");
    }

    #[test]
    fn a_key_may_keep_scopes_that_nobody_offers_any_more() {
        let scopes = |names: &[&str]| Asked {
            scopes: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            ..Asked::default()
        };
        let both = read(scopes(&["labels:read", "shipments:read"])).unwrap().scopes.unwrap();
        assert_eq!(both, ["shipments:read", "labels:read"]);
        assert_eq!(refused(scopes(&["admin"])), ("/scopes".into(), "unknown"));
    }

    #[test]
    fn every_value_that_cannot_be_accepted_is_named() {
        let asked = Asked {
            name: Some(" ".into()),
            allowed_networks: Some(vec!["192.0.2.1".into(), "nowhere".into()]),
            expires_at: Some(Some(NOW)),
            ..Asked::default()
        };
        let pointers: Vec<String> = read(asked).unwrap_err().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/name", "/allowed_networks/1", "/expires_at"]);
    }
}
