//! Names of secrets.

/// Words that name a secret, wherever they stand in a name.
const SECRETS: [&str; 16] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "secret",
    "secrets",
    "token",
    "tokens",
    "apikey",
    "credential",
    "credentials",
    "authorization",
    "jwt",
    "cvv",
    "cvc",
];
/// Parts of names that are written in one word: `clientsecret`, `x-authtoken`.
const WITHIN: [&str; 8] =
    ["password", "passwd", "clientsecret", "apikey", "accesskey", "privatekey", "authtoken", "accesstoken"];
/// A key is a secret after these; an idempotency key or a sort key is not.
const KEYS: [&str; 11] = [
    "api",
    "access",
    "private",
    "auth",
    "encryption",
    "signing",
    "subscription",
    "session",
    "sandbox",
    "master",
    "license",
];
/// A token is none together with these: it turns a page, or is counted.
const HARMLESS: [&str; 14] = [
    "page",
    "next",
    "previous",
    "prev",
    "continuation",
    "cursor",
    "sync",
    "type",
    "count",
    "max",
    "total",
    "used",
    "limit",
    "pagination",
];

/// Whether what has this name is a secret. Names are read in any of the usual spellings.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let whole = words.concat();
    if WITHIN.iter().any(|part| whole.contains(part)) {
        return true;
    }
    let is_harmless = words.iter().any(|word| HARMLESS.contains(&word.as_str()));
    let names_a_secret = words.iter().any(|word| SECRETS.contains(&word.as_str()));
    let names_a_key = words.windows(2).any(|pair| pair[1] == "key" && KEYS.contains(&pair[0].as_str()));
    (names_a_secret && !is_harmless) || names_a_key
}

/// `clientSecret`, `client_secret` and `Client-Secret` are `client secret`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_in_every_spelling() {
        let secrets = [
            "password",
            "PASSWORD",
            "user_password",
            "newPassword",
            "Client-Secret",
            "clientSecret",
            "clientsecret",
            "api_key",
            "apiKey",
            "APIKEY",
            "x-api-key",
            "accessKey",
            "token",
            "access_token",
            "refreshToken",
            "X-Auth-Token",
            "id_token",
            "private_key",
            "card.cvv",
            "user[password]",
            "authorization",
            "secrets",
        ];
        for name in secrets {
            assert!(is_secret(name), "{name}");
        }
    }

    #[test]
    fn other_names_are_no_secrets() {
        let others = [
            "name",
            "key",
            "idempotency-key",
            "sortKey",
            "next_page_token",
            "pageToken",
            "token_type",
            "max_tokens",
            "author",
            "passenger",
            "secretary",
            "keyboard",
            "tokenizer",
            "",
        ];
        for name in others {
            assert!(!is_secret(name), "{name}");
        }
    }
}
