//! How far a partner has come.

use crate::{apps::Summary, db::AppId};

/// What a partner does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Make a first app.
    App,
    /// Issue a first key for this app.
    Key(AppId),
    /// Make a first call with a key of this app.
    Call(AppId),
    /// The road is behind them.
    Nothing,
}

impl Next {
    /// The steps of the road.
    pub const STEPS: u32 = 3;

    /// What follows from an organization's apps and their keys.
    pub fn of(apps: &[Summary]) -> Self {
        let Some(first) = apps.first() else { return Self::App };
        if apps.iter().any(|app| app.last_used_at.is_some()) {
            return Self::Nothing;
        }
        match apps.iter().find(|app| app.keys > 0) {
            Some(app) => Self::Call(app.id),
            None => Self::Key(first.id),
        }
    }

    /// How many steps are done.
    pub fn done(self) -> u32 {
        match self {
            Self::App => 0,
            Self::Key(_) => 1,
            Self::Call(_) => 2,
            Self::Nothing => Self::STEPS,
        }
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    fn app(keys: i64, last_used_at: Option<OffsetDateTime>) -> Summary {
        Summary {
            id: AppId::new(),
            name: "Checkout".into(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            keys,
            last_used_at,
        }
    }

    #[test]
    fn the_road_leads_from_app_to_key_to_call() {
        let (bare, keyed, used) = (app(0, None), app(1, None), app(1, Some(OffsetDateTime::UNIX_EPOCH)));
        assert_eq!(Next::of(&[]), Next::App);
        assert_eq!(Next::of(std::slice::from_ref(&bare)), Next::Key(bare.id));
        assert_eq!(Next::of(&[bare.clone(), keyed.clone()]), Next::Call(keyed.id));
        assert_eq!(Next::of(&[bare, keyed, used]), Next::Nothing);
    }

    #[test]
    fn a_first_call_stays_made_when_its_key_is_revoked() {
        assert_eq!(Next::of(&[app(0, Some(OffsetDateTime::UNIX_EPOCH))]), Next::Nothing);
    }
}
