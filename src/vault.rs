//! Secrets at rest: sealing what must be readable again, and fingerprints of what must not.
//!
//! Everything is derived from the master keys. The newest seals and fingerprints; older ones still open and
//! recognize, so that a master key can be replaced without a moment in which something stops working.

use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc};

use anyhow::{Context, ensure};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use data_encoding::BASE64;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::{Rng, RngExt};
use sha2::{Digest, Sha256};

use crate::config::{Config, MasterKey};

/// XChaCha20's nonce is long enough to be drawn at random for every message.
const NONCE_LENGTH: usize = 24;
/// Tells which master key sealed a value; it identifies the key and says nothing about it.
const KEY_ID_LENGTH: usize = 4;

/// Seals, opens and fingerprints under the portal's master keys. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Vec<Derived>>);

struct Derived {
    id: [u8; KEY_ID_LENGTH],
    cipher: XChaCha20Poly1305,
    pepper: [u8; 32],
}

/// HMAC-SHA-256 of a secret under the pepper: enough to recognize the secret, useless to anybody else.
pub type Fingerprint = [u8; 32];

/// A sealed value that cannot be opened: another row's, damaged, or sealed under a key that is gone.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened: it was changed, or its master key is missing")]
pub struct Unsealable;

impl Vault {
    /// The vault of the configured master keys, or of the data directory's key file, made at first start.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.master_keys {
            Some(keys) => Ok(Self::new(keys)),
            None => Ok(Self::new(&[key_file(&config.data_dir.join("master.key"))?])),
        }
    }

    /// A vault for these master keys, newest first.
    pub fn new(keys: &[MasterKey]) -> Self {
        Self(Arc::new(keys.iter().map(Derived::of).collect()))
    }

    /// Encrypts `plaintext` for one place, e.g. `"webhook_secret whs_…"`: it opens nowhere else.
    pub fn seal(&self, place: &str, plaintext: &[u8]) -> Vec<u8> {
        let newest = self.newest();
        let nonce: [u8; NONCE_LENGTH] = rand::rng().random();
        let payload = Payload { msg: plaintext, aad: place.as_bytes() };
        let sealed = newest
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .expect("XChaCha20-Poly1305 encrypts any message that fits in memory");
        [&newest.id[..], &nonce, &sealed].concat()
    }

    /// Decrypts what [`Vault::seal`] made for the same place.
    pub fn unseal(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (id, rest) = sealed.split_at_checked(KEY_ID_LENGTH).ok_or(Unsealable)?;
        let (nonce, message) = rest.split_at_checked(NONCE_LENGTH).ok_or(Unsealable)?;
        let nonce: [u8; NONCE_LENGTH] = nonce.try_into().map_err(|_| Unsealable)?;
        let derived = self.0.iter().find(|derived| derived.id == id).ok_or(Unsealable)?;
        let payload = Payload { msg: message, aad: place.as_bytes() };
        derived.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| Unsealable)
    }

    /// The fingerprint to store for a new secret.
    pub fn fingerprint(&self, secret: &str) -> Fingerprint {
        self.newest().fingerprint(secret)
    }

    /// The fingerprints that a presented secret may have been stored under, one for each master key.
    pub fn fingerprints(&self, secret: &str) -> Vec<Fingerprint> {
        self.0.iter().map(|derived| derived.fingerprint(secret)).collect()
    }

    fn newest(&self) -> &Derived {
        self.0.first().expect("a vault has at least one master key")
    }
}

impl Derived {
    fn of(master: &MasterKey) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, &master.0);
        let expand = |purpose: &str| {
            let mut key = [0u8; 32];
            hkdf.expand(purpose.as_bytes(), &mut key).expect("32 bytes are within HKDF's limit");
            key
        };
        let mut id = [0u8; KEY_ID_LENGTH];
        id.copy_from_slice(&Sha256::digest(expand("vestibule key id 1"))[..KEY_ID_LENGTH]);
        Self {
            id,
            cipher: XChaCha20Poly1305::new(&Key::from(expand("vestibule sealing 1"))),
            pepper: expand("vestibule pepper 1"),
        }
    }

    fn fingerprint(&self, secret: &str) -> Fingerprint {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.pepper).expect("HMAC takes keys of any length");
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// SHA-256, for values that are random enough to need no pepper: session and link tokens.
pub fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A token of 256 random bits for links and cookies, in base64url.
pub fn random_token() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    data_encoding::BASE64URL_NOPAD.encode(&bytes)
}

fn key_file(path: &Path) -> anyhow::Result<MasterKey> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let bytes = BASE64.decode(text.trim().as_bytes()).context("the master key file is not base64")?;
            let key = bytes.try_into().ok().context("the master key file does not hold 32 bytes")?;
            Ok(MasterKey(key))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => new_key_file(path),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn new_key_file(path: &Path) -> anyhow::Result<MasterKey> {
    let mut key = [0u8; 32];
    rand::rng().fill_bytes(&mut key);
    ensure!(key != [0u8; 32], "the system gives no random numbers");
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    writeln!(file, "{}", BASE64.encode(&key))?;
    file.sync_all()?;
    Ok(MasterKey(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: MasterKey = MasterKey([1; 32]);
    const NEW: MasterKey = MasterKey([2; 32]);

    #[test]
    fn what_was_sealed_opens_only_in_its_place() {
        let vault = Vault::new(&[NEW]);
        let sealed = vault.seal("endpoint 1", b"whsec_secret");
        assert_eq!(vault.unseal("endpoint 1", &sealed).unwrap(), b"whsec_secret");
        assert!(vault.unseal("endpoint 2", &sealed).is_err());
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let vault = Vault::new(&[NEW]);
        let sealed = vault.seal("x", b"secret");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.unseal("x", &changed).is_err(), "byte {at}");
        }
        assert!(vault.unseal("x", &sealed[..10]).is_err());
    }

    #[test]
    fn an_older_master_key_still_opens_and_recognizes() {
        let before = Vault::new(&[OLD]);
        let after = Vault::new(&[NEW, OLD]);
        let sealed = before.seal("x", b"secret");
        assert_eq!(after.unseal("x", &sealed).unwrap(), b"secret");
        assert!(after.fingerprints("token").contains(&before.fingerprint("token")));
        assert_ne!(after.fingerprint("token"), before.fingerprint("token"));
        assert!(Vault::new(&[NEW]).unseal("x", &sealed).is_err());
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = std::env::temp_dir().join(format!("vestibule-vault-{}", random_token()));
        let path = directory.join("master.key");
        let first = key_file(&path).unwrap();
        assert_eq!(key_file(&path).unwrap().0, first.0);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_dir_all(directory).unwrap();
    }
}
