//! Passwords: what counts as one, and how they are kept.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::web::{Error, Result};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Each hashing holds 19 MiB: a flood of sign-ins waits in line, it does not fill the memory.
const AT_ONCE: usize = 4;
/// Those beyond wait would time out in the browser anyway.
const IN_LINE: usize = 100;

const SHORTEST: usize = 10;
/// Long enough for every passphrase; a bound, so that nobody makes us hash megabytes.
const LONGEST: usize = 200;

/// A password that may be set.
pub struct Password(SecretString);

impl Password {
    /// Reads a new password; `about` is what others know of the person, and no good password contains.
    pub fn parse(text: &str, about: &[&str]) -> Result<Self, String> {
        if text.chars().count() < SHORTEST {
            return Err(format!("Use at least {SHORTEST} characters: three or four words do well."));
        }
        if text.len() > LONGEST {
            return Err(format!("Use at most {LONGEST} characters."));
        }
        match zxcvbn::zxcvbn(text, about).score() < zxcvbn::Score::Three {
            true => {
                Err("This password is easy to guess. Three or four words that do not belong together do well.".into())
            }
            false => Ok(Self(text.to_owned().into())),
        }
    }

    /// A password that the portal made itself.
    pub fn generated() -> Self {
        Self(crate::vault::random_token().into())
    }

    /// The password.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Hashes and verifies passwords off the async threads, few at a time.
#[derive(Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    in_line: Arc<Semaphore>,
    /// Verified where there is no account, so that both cases take the same time.
    nobody: Arc<str>,
}

impl Passwords {
    /// Starts with nobody in line.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            in_line: Arc::new(Semaphore::new(IN_LINE)),
            nobody: hash("no account has this password")?.into(),
        })
    }

    /// The hash to store, as a PHC string.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let text = password.0.clone();
        self.run(move || hash(text.expose_secret())).await
    }

    /// Whether `password` is the one behind `stored`; `None` takes as long and is never right.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let password = SecretString::from(password.chars().take(LONGEST).collect::<String>());
        let known = stored.is_some();
        let stored = stored.map_or_else(|| self.nobody.to_string(), str::to_owned);
        let matches = self
            .run(move || {
                let stored = PasswordHash::new(&stored).map_err(|error| anyhow::anyhow!("a stored hash: {error}"))?;
                Ok(argon2()?.verify_password(password.expose_secret().as_bytes(), &stored).is_ok())
            })
            .await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T> {
        let busy = || Error::too_many(std::time::Duration::from_secs(5));
        let _in_line = self.in_line.clone().try_acquire_owned().map_err(|_| busy())?;
        let turn = self.at_once.clone().acquire_owned().await.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        Ok(done.await.map_err(anyhow::Error::from)??)
    }
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> anyhow::Result<String> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("hashing: {error}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_passwords_are_refused() {
        for easy in ["short", "password1234", "quillmere2026", "aaaaaaaaaaaa", &"x".repeat(201)] {
            assert!(Password::parse(easy, &["quillmere"]).is_err(), "{easy}");
        }
        assert!(Password::parse("tannery lane morning ferry", &[]).is_ok());
    }

    #[tokio::test]
    async fn only_the_right_password_verifies() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash(&Password::parse("tannery lane morning ferry", &[]).unwrap()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("tannery lane morning ferry", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("tannery lane morning ferrY", Some(&hash)).await.unwrap());
        assert!(!passwords.verify("no account has this password", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_is_refused_rather_than_queued_without_end() {
        let passwords = Passwords::new().unwrap();
        let attempts: Vec<_> = (0..IN_LINE + 20)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify("x", None).await.is_err() })
            })
            .collect();
        let mut refused = 0;
        for attempt in attempts {
            refused += usize::from(attempt.await.unwrap());
        }
        assert!((1..=20).contains(&refused), "{refused} refused");
    }
}
