//! The text of keys and tokens: `{prefix}_{kind}_{30 base62}{6 base62 CRC-32}`.
//!
//! The checksum lets anybody (a caller, a scanner of leaked secrets, the portal) refuse a mistyped secret without
//! asking the database. The prefix names the portal that issued the secret; it is not checked here, because an
//! operator may change it while older secrets go on working.

use std::fmt;

use rand::distr::{Alphanumeric, SampleString};
use secrecy::SecretString;

/// 30 characters of base62 hold 178 random bits.
const RANDOM_LENGTH: usize = 30;
/// Six characters of base62 hold any CRC-32.
const CHECKSUM_LENGTH: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A text that is a key or token by its form and checksum; whether anybody knows it is another question.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Credential<'a> {
    text: &'a str,
    kind: &'a str,
}

/// A text that cannot be a key or token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It has another form.
    #[error("does not have the form of a secret of this kind")]
    Form,
    /// It has the form, and a character is wrong or missing.
    #[error("has a wrong checksum")]
    Checksum,
}

impl<'a> Credential<'a> {
    /// Reads a presented secret.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        let mut parts = text.splitn(3, '_');
        let (Some(prefix), Some(kind), Some(secret)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Malformed::Form);
        };
        let is_kind = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_lowercase());
        let is_base62 =
            secret.len() == RANDOM_LENGTH + CHECKSUM_LENGTH && secret.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_prefix(prefix) || !is_kind || !is_base62 {
            return Err(Malformed::Form);
        }
        let (random, stated) = secret.split_at(RANDOM_LENGTH);
        match checksum(random) == stated {
            true => Ok(Self { text, kind }),
            false => Err(Malformed::Checksum),
        }
    }

    /// The whole text, a secret.
    pub fn expose(self) -> &'a str {
        self.text
    }

    /// What kind of secret it says it is, e.g. `sandbox` or `staff`.
    pub fn kind(self) -> &'a str {
        self.kind
    }
}

impl fmt::Debug for Credential<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// A new secret, drawn from the system's random generator; each character is equally likely.
pub fn generate(prefix: &str, kind: &str) -> SecretString {
    let random = Alphanumeric.sample_string(&mut rand::rng(), RANDOM_LENGTH);
    format!("{prefix}_{kind}_{random}{}", checksum(&random)).into()
}

/// The four characters by which people recognize a secret.
pub fn last_four(text: &str) -> &str {
    text.len().checked_sub(4).and_then(|start| text.get(start..)).unwrap_or(text)
}

/// A secret as it is shown after its first showing, e.g. `vst_sandbox_…Lq17`.
pub fn redacted(prefix: &str, kind: &str, last_four: &str) -> String {
    format!("{prefix}_{kind}_…{last_four}")
}

fn is_prefix(text: &str) -> bool {
    (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

/// CRC-32 (IEEE) in base62, padded on the left with `0`.
fn checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes()) as usize;
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[rest % BASE62.len()];
        rest /= BASE62.len();
    }
    digits.map(char::from).iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        let vectors = [
            ("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"),
            ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "0uCPlr"),
            ("adE7dp8rHP6gUTuPwxLTZjZdtya3sV", "0UQzQM"),
            ("H3xbiBdlzffNx7Y56iNsPw3joObj7U", "2nO29h"),
        ];
        for (random, sum) in vectors {
            assert_eq!(checksum(random), sum, "{random}");
            assert!(Credential::parse(&format!("vst_sandbox_{random}{sum}")).is_ok());
        }
    }

    #[test]
    fn other_texts_are_not_credentials() {
        let random = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        let forms = [
            String::new(),
            "vst_sandbox".into(),
            format!("vst_sandbox_{random}"),
            format!("vst_sandbox_{random}0mLq17x"),
            format!("VST_sandbox_{random}0mLq17"),
            format!("vst__{random}0mLq17"),
            format!("_sandbox_{random}0mLq17"),
            format!(" vst_sandbox_{random}0mLq17"),
            format!("vst_sandbox_{random}0mLq1é"),
            format!("vst_sandbox_{random}0mLq1-"),
        ];
        for text in forms {
            assert_eq!(Credential::parse(&text), Err(Malformed::Form), "{text}");
        }
        assert_eq!(Credential::parse(&format!("vst_sandbox_{random}0mLq18")), Err(Malformed::Checksum));
    }

    #[test]
    fn a_secret_is_recognized_by_its_last_four_characters() {
        let text = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        assert_eq!(redacted("vst", "sandbox", last_four(text)), "vst_sandbox_…Lq17");
        assert!(!format!("{:?}", Credential::parse(text).unwrap()).contains("Lq17"));
    }

    #[test]
    fn new_secrets_differ_and_name_their_kind() {
        let secrets: std::collections::HashSet<String> =
            (0..500).map(|_| generate("acme", "mgmt").expose_secret().to_owned()).collect();
        assert_eq!(secrets.len(), 500);
        for secret in secrets {
            assert!(secret.starts_with("acme_mgmt_"));
            assert_eq!(Credential::parse(&secret).unwrap().kind(), "mgmt");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_read_or_refused(text in "\\PC{0,80}") {
            prop_assert!(Credential::parse(&text).is_ok_and(|read| read.expose() == text) || Credential::parse(&text).is_err());
        }

        #[test]
        fn a_secret_reads_back_and_one_wrong_character_is_noticed(
            random in "[0-9A-Za-z]{30}",
            place in 0usize..36,
            wrong in "[0-9A-Za-z]",
        ) {
            let secret = format!("{random}{}", checksum(&random));
            let right = format!("vst_sandbox_{secret}");
            prop_assert!(Credential::parse(&right).is_ok());
            let mut changed = secret.clone();
            changed.replace_range(place..=place, &wrong);
            prop_assume!(changed != secret);
            let changed = format!("vst_sandbox_{changed}");
            prop_assert_eq!(Credential::parse(&changed), Err(Malformed::Checksum));
        }
    }
}
