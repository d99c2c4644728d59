//! Who uses which secret, and what that says about retiring the older of two.

use std::collections::HashMap;

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use super::{Key, Secret};
use crate::{db::SecretId, ui::relative};

/// Silence that is more than a pause: most programs run at least once a day.
const SILENCE: Duration = Duration::hours(24);

/// The calls of a secret that were counted in one hour.
#[derive(Clone, Debug)]
pub struct HourOfUse {
    /// The secret.
    pub secret: SecretId,
    /// How many there were.
    pub calls: i64,
    /// The first of them.
    pub first_at: OffsetDateTime,
    /// The last of them.
    pub last_at: OffsetDateTime,
}

/// An address that calls with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The secret.
    pub secret: SecretId,
    /// The address; `None` for all that are not kept one by one.
    pub address: Option<String>,
    /// Calls from it in the last thirty days.
    pub calls: i64,
    /// The last of them.
    pub last_at: OffsetDateTime,
}

/// What is known of a secret's callers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Calls in the last hour.
    pub last_hour: i64,
    /// Calls in the last day.
    pub last_day: i64,
    /// Where they came from, the latest first.
    pub origins: Vec<Origin>,
}

/// What is known of the callers of a key's secrets.
#[derive(Clone, Debug, Default)]
pub struct Evidence(HashMap<SecretId, Usage>);

/// Whether the older of two secrets can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Somebody used it a short while ago.
    StillUsed,
    /// Nobody has used the new one yet, so nobody may have it.
    NewUnused,
    /// Somebody used it after the rotation, but not for a day.
    Silent,
    /// Nobody has used it since the rotation, and the new one is in use.
    Unused,
}

impl Evidence {
    /// Puts together what was counted.
    pub fn of(hours: &[HourOfUse], origins: Vec<Origin>, now: OffsetDateTime) -> Self {
        let mut all: HashMap<SecretId, Usage> = HashMap::new();
        for hour in hours {
            let usage = all.entry(hour.secret).or_default();
            usage.last_hour += hour.calls_since(now - Duration::hours(1));
            usage.last_day += hour.calls_since(now - Duration::hours(24));
        }
        for origin in origins {
            all.entry(origin.secret).or_default().origins.push(origin);
        }
        Self(all)
    }

    /// What is known of one secret's callers.
    pub fn usage(&self, secret: SecretId) -> Usage {
        self.0.get(&secret).cloned().unwrap_or_default()
    }
}

impl HourOfUse {
    /// How many of the calls came after a moment. Where it lies among them they are taken as evenly spread, so that
    /// none is said to be none, all to be all, and a few never to be none.
    fn calls_since(&self, moment: OffsetDateTime) -> i64 {
        if self.last_at <= moment {
            return 0;
        }
        if self.first_at > moment {
            return self.calls;
        }
        let share = (self.last_at - moment) / (self.last_at - self.first_at);
        ((self.calls as f64 * share).round() as i64).clamp(1, self.calls)
    }
}

impl Advice {
    /// What the last uses say. `None`: there is only one secret.
    pub fn on(key: &Key, now: OffsetDateTime) -> Option<Self> {
        let (old, new) = (key.retiring(now)?, key.current()?);
        let since_rotation = old.last_used_at.filter(|used| *used > new.created_at);
        Some(match (since_rotation, new.last_used_at) {
            (Some(used), _) if used > now - SILENCE => Self::StillUsed,
            (_, None) => Self::NewUnused,
            (Some(_), Some(_)) => Self::Silent,
            (None, Some(_)) => Self::Unused,
        })
    }

    /// The judgement.
    pub fn title(self) -> &'static str {
        match self {
            Self::StillUsed => "Not yet safe to retire the old secret",
            Self::NewUnused => "Not yet safe: nobody uses the new secret",
            Self::Silent => "Probably safe to retire the old secret",
            Self::Unused => "Safe to retire the old secret",
        }
    }

    /// The reason, with the secrets by their last four characters.
    pub fn reason(self, old: &Secret, new: &Secret, now: OffsetDateTime) -> String {
        let (old_name, new_name) = (format!("…{}", old.last_four), format!("…{}", new.last_four));
        let last_use = last_use(old, now);
        match self {
            Self::StillUsed => format!("{old_name} was {last_use}: not yet. Move that caller to {new_name} first."),
            Self::NewUnused if old.last_used_at.is_some_and(|used| used > new.created_at) => format!(
                "{old_name} was {last_use}, and {new_name} is not used: nobody may have taken the new one over yet."
            ),
            Self::NewUnused => {
                "Neither is used since the rotation: nobody may have taken the new one over yet.".to_owned()
            }
            Self::Silent => format!(
                "{old_name} was {last_use}, and {new_name} is in use: safe, unless something calls less than once a day."
            ),
            Self::Unused => {
                format!("{old_name} was not used since the rotation, and {new_name} is in use: safe.")
            }
        }
    }
}

/// `last used 3 minutes ago by 203.0.113.7`.
fn last_use(secret: &Secret, now: OffsetDateTime) -> String {
    match (secret.last_used_at, &secret.last_used_from) {
        (Some(at), Some(from)) => format!("last used {} by {from}", relative(at, now)),
        (Some(at), None) => format!("last used {}", relative(at, now)),
        (None, _) => "never used".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::model::tests::{NOW, key, secret},
        *,
    };

    const ROTATED: OffsetDateTime = NOW.saturating_sub(Duration::days(3));

    /// The advice on a rotation three days ago, and its reason.
    fn advice(old_used: Option<OffsetDateTime>, new_used: Option<OffsetDateTime>) -> (Advice, String) {
        let new = Secret { created_at: ROTATED, last_used_at: new_used, ..secret("Lq17", None) };
        let old = Secret {
            last_used_at: old_used,
            last_used_from: old_used.map(|_| "203.0.113.7".into()),
            ..secret("QzQM", Some(NOW + Duration::days(4)))
        };
        let advice = Advice::on(&key(vec![new.clone(), old.clone()]), NOW).unwrap();
        (advice, advice.reason(&old, &new, NOW))
    }

    #[test]
    fn an_old_secret_can_go_once_only_the_new_one_is_used() {
        let minutes = |count| Some(NOW - Duration::minutes(count));
        let before = Some(ROTATED - Duration::hours(1));
        let (still, why) = advice(minutes(3), minutes(1));
        assert_eq!(still, Advice::StillUsed);
        assert_eq!(why, "…QzQM was last used 3 minutes ago by 203.0.113.7: not yet. Move that caller to …Lq17 first.");
        let (safe, why) = advice(before, minutes(1));
        assert_eq!(safe, Advice::Unused);
        assert_eq!(why, "…QzQM was not used since the rotation, and …Lq17 is in use: safe.");
        let (neither, why) = advice(before, None);
        assert_eq!(neither, Advice::NewUnused);
        assert_eq!(why, "Neither is used since the rotation: nobody may have taken the new one over yet.");
        assert_eq!(advice(None, None).0, Advice::NewUnused);
        assert_eq!(advice(None, minutes(1)).0, Advice::Unused);
    }

    #[test]
    fn a_use_after_the_rotation_counts_for_a_day() {
        let two_days_ago = Some(NOW - Duration::hours(49));
        let (silent, why) = advice(two_days_ago, Some(NOW));
        assert_eq!(silent, Advice::Silent);
        assert!(why.starts_with("…QzQM was last used 2 days ago by 203.0.113.7, and …Lq17 is in use"), "{why}");
        assert_eq!(advice(Some(NOW - SILENCE + Duration::seconds(1)), Some(NOW)).0, Advice::StillUsed);
        let (unused, why) = advice(two_days_ago, None);
        assert_eq!(unused, Advice::NewUnused);
        assert!(why.contains("…Lq17 is not used"), "{why}");
    }

    #[test]
    fn one_secret_needs_no_advice() {
        assert_eq!(Advice::on(&key(vec![secret("Lq17", None)]), NOW), None);
        let ended = secret("QzQM", Some(NOW));
        assert_eq!(Advice::on(&key(vec![secret("Lq17", None), ended]), NOW), None);
    }

    #[test]
    fn what_was_counted_is_added_up_by_secret() {
        let (old, new) = (SecretId::new(), SecretId::new());
        let hour = |secret, calls, from, to| HourOfUse {
            secret,
            calls,
            first_at: NOW - Duration::minutes(from),
            last_at: NOW - Duration::minutes(to),
        };
        let hours = [hour(old, 7, 1500, 1450), hour(old, 20, 180, 130), hour(old, 5, 40, 3), hour(new, 2, 2, 1)];
        let origin = Origin { secret: old, address: Some("203.0.113.7".into()), calls: 32, last_at: NOW };
        let evidence = Evidence::of(&hours, vec![origin.clone()], NOW);
        let usage = evidence.usage(old);
        assert_eq!((usage.last_hour, usage.last_day, usage.origins), (5, 25, vec![origin]));
        assert_eq!(evidence.usage(new).last_day, 2);
        assert_eq!(evidence.usage(SecretId::new()), Usage::default());
    }

    proptest! {
        #[test]
        fn none_is_none_and_some_is_never_none(calls in 1i64..1_000_000, lasted in 0i64..3600, at in -10i64..3610) {
            let hour = HourOfUse {
                secret: SecretId::new(),
                calls,
                first_at: NOW,
                last_at: NOW + Duration::seconds(lasted),
            };
            let since = hour.calls_since(NOW + Duration::seconds(at));
            prop_assert_eq!(since == 0, at >= lasted);
            prop_assert!((0..=calls).contains(&since));
            prop_assert!(at >= 0 || since == calls);
        }
    }
}
