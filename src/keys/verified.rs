//! A key that has proved itself, as callers of the sandbox carry it.

use std::{net::IpAddr, sync::Arc};

use time::OffsetDateTime;

use super::{AllowedNetworks, Environment, store::Facts};
use crate::{
    db::{AppId, KeyId, OrganizationId, SecretId},
    web::{Code, Ending, Error, Result},
};

/// A key and the secret that was presented for it.
#[derive(Clone, Debug)]
pub struct VerifiedKey {
    /// The key.
    pub id: KeyId,
    /// The secret.
    pub secret: SecretId,
    /// What its owner calls the key.
    pub name: String,
    /// Where it is used.
    pub environment: Environment,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Calls in a minute, where it or its organization has a number of its own.
    pub rate_limit: Option<u32>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// Set where a newer secret has taken over.
    pub retirement: Option<Retirement>,
    /// The app that calls.
    pub app: AppId,
    /// Its name.
    pub app_name: String,
    /// Whose app it is.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    allowed_networks: AllowedNetworks,
}

/// A secret on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retirement {
    /// Since when a newer one exists.
    pub since: OffsetDateTime,
    /// When it stops working.
    pub ends_at: OffsetDateTime,
}

impl VerifiedKey {
    /// What a caller with a retiring secret has to know.
    pub fn ending(&self) -> Ending {
        self.retirement.map(Retirement::ending).unwrap_or_default()
    }

    /// Refuses calls from where the key's owner does not want any.
    pub(super) fn admit(&self, address: IpAddr) -> Result<()> {
        match self.allowed_networks.admit(address) {
            true => Ok(()),
            false => {
                let address = address.to_canonical();
                let detail =
                    format!("Calls with this key are not taken from {address}: its list of networks lacks it.");
                Err(Error::new(Code::AddressNotAllowed, detail))
            }
        }
    }

    fn of(facts: &Facts, secret: SecretId) -> Self {
        let since = |ends_at| facts.retiring_since.unwrap_or(ends_at);
        Self {
            id: facts.key,
            secret,
            name: facts.name.clone(),
            environment: facts.environment,
            scopes: facts.scopes.clone(),
            rate_limit: facts.rate_limit.and_then(|limit| limit.try_into().ok()),
            allowed_networks: AllowedNetworks::stored(&facts.allowed_networks),
            expires_at: facts.expires_at,
            retirement: facts.ends_at.map(|ends_at| Retirement { since: since(ends_at), ends_at }),
            app: facts.app,
            app_name: facts.app_name.clone(),
            organization: facts.organization,
            organization_name: facts.organization_name.clone(),
        }
    }
}

impl Retirement {
    /// What callers are told.
    pub fn ending(self) -> Ending {
        Ending { since: Some(self.since), at: Some(self.ends_at) }
    }
}

/// A key with all its live secrets, as an instance remembers it.
pub(super) struct Standing {
    refusal: Option<Code>,
    secrets: Vec<Arc<VerifiedKey>>,
}

impl Standing {
    /// What the database says of a key.
    pub(super) fn of(facts: &[Facts]) -> Self {
        let refusal = match facts.first() {
            None => Some(Code::KeyNotFound),
            Some(key) if key.is_revoked => Some(Code::KeyRevoked),
            Some(key) if key.is_disabled => Some(Code::KeyDisabled),
            Some(_) => None,
        };
        let secrets = facts.iter().filter_map(|row| Some(VerifiedKey::of(row, row.secret?).into())).collect();
        Self { refusal, secrets }
    }

    /// The key by one of its secrets, if both are good at this moment.
    pub(super) fn verify(&self, secret: SecretId, now: OffsetDateTime) -> Result<Arc<VerifiedKey>> {
        if let Some(code) = self.refusal {
            return Err(refusal(code));
        }
        let key = self.secrets.iter().find(|key| key.secret == secret).ok_or_else(|| refusal(Code::KeyExpired))?;
        let end = key.retirement.map(|retirement| retirement.ends_at);
        match [key.expires_at, end].into_iter().flatten().any(|end| end <= now) {
            true => Err(refusal(Code::KeyExpired)),
            false => Ok(key.clone()),
        }
    }
}

/// Why a key is refused, in a sentence that does not depend on the key.
pub(super) fn refusal(code: Code) -> Error {
    let detail = match code {
        Code::KeyMalformed => "What was sent is not a whole key of this portal: its form or its checksum is wrong.",
        Code::KeyRevoked => "The key was revoked, or its app was deleted.",
        Code::KeyDisabled => "The key, or the organization it belongs to, is switched off.",
        Code::KeyExpired => "The key has expired, or this secret of it has ended after a rotation.",
        _ => "No key of this portal has this secret.",
    };
    Error::new(code, detail)
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-18 09:05 UTC);

    fn facts(secret: SecretId, ends_at: Option<OffsetDateTime>) -> Facts {
        Facts {
            key: KeyId::new(),
            name: "Checkout staging".into(),
            environment: Environment::Sandbox,
            scopes: vec!["shipments:write".into()],
            allowed_networks: Vec::new(),
            rate_limit: None,
            expires_at: None,
            is_revoked: false,
            is_disabled: false,
            app: AppId::new(),
            app_name: "Checkout".into(),
            organization: OrganizationId::new(),
            organization_name: "Quillmere Books".into(),
            secret: Some(secret),
            ends_at,
            retiring_since: ends_at.map(|_| NOW),
        }
    }

    #[test]
    fn ends_are_checked_at_every_use() {
        let (retiring, current) = (SecretId::new(), SecretId::new());
        let end = NOW + Duration::hours(24);
        let standing = Standing::of(&[facts(retiring, Some(end)), facts(current, None)]);
        assert!(standing.verify(retiring, end - Duration::seconds(1)).is_ok());
        assert_eq!(standing.verify(retiring, end).unwrap_err().code(), Code::KeyExpired);
        assert!(standing.verify(current, end).unwrap().retirement.is_none());
        assert_eq!(standing.verify(SecretId::new(), NOW).unwrap_err().code(), Code::KeyExpired);

        let expiring = Standing::of(&[Facts { expires_at: Some(end), ..facts(current, None) }]);
        assert!(expiring.verify(current, NOW).is_ok());
        assert_eq!(expiring.verify(current, end).unwrap_err().code(), Code::KeyExpired);
    }

    #[test]
    fn calls_from_elsewhere_are_refused_with_their_address() {
        let secret = SecretId::new();
        let allowed_networks = vec!["203.0.113.0/24".to_owned()];
        let key = Standing::of(&[Facts { allowed_networks, ..facts(secret, None) }]).verify(secret, NOW).unwrap();
        assert!(key.admit([203, 0, 113, 9].into()).is_ok());
        let refused = key.admit("::ffff:192.0.2.1".parse().unwrap()).unwrap_err();
        assert_eq!((refused.code(), refused.code().status().as_u16()), (Code::AddressNotAllowed, 403));
        assert!(refused.detail().contains("from 192.0.2.1:"), "{}", refused.detail());
    }

    #[test]
    fn a_key_without_rows_is_not_known() {
        assert_eq!(Standing::of(&[]).verify(SecretId::new(), NOW).unwrap_err().code(), Code::KeyNotFound);
    }

    #[test]
    fn a_retiring_secret_is_announced_with_both_dates() {
        let secret = SecretId::new();
        let end = datetime!(2026-11-19 09:05 UTC);
        let ending = |standing: Standing| standing.verify(secret, NOW).unwrap().ending();
        let retiring = ending(Standing::of(&[facts(secret, Some(end))]));
        assert_eq!(retiring, Ending { since: Some(NOW), at: Some(end) });
        assert_eq!(ending(Standing::of(&[facts(secret, None)])), Ending::default());
    }
}
