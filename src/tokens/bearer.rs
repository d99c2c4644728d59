//! From the `Authorization` header to the caller.

use axum::http::{HeaderMap, header};

use super::{Holder, store};
use crate::{
    credential::Credential,
    portal::Portal,
    web::{Caller, Code, Error, Result},
};

/// The program that sent the request; `None` where it sent no bearer token.
pub async fn caller(portal: &Portal, headers: &HeaderMap) -> Result<Option<Caller>> {
    let Some(text) = bearer(headers) else { return Ok(None) };
    check_form(text)?;
    let fingerprints = portal.vault.fingerprints(text);
    let Some(found) = store::by_fingerprints(&portal.db, &fingerprints).await? else {
        return Err(invalid("The token is not known, or was revoked."));
    };
    if found.is_suspended {
        return Err(Error::forbidden("The organization of this token is suspended."));
    }
    store::note_use(&portal.db, found.caller.token).await?;
    Ok(Some(found.caller))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// What cannot be a token is refused without asking the database.
fn check_form(text: &str) -> Result<()> {
    match Credential::parse(text) {
        Ok(credential) if Holder::KINDS.contains(&credential.kind()) => Ok(()),
        Ok(_) => Err(invalid("This is a key of an app. The management API takes a management token.")),
        Err(_) => Err(invalid("This is not a token, or not all of it was copied.")),
    }
}

fn invalid(detail: &'static str) -> Error {
    Error::new(Code::TokenInvalid, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn only_bearer_tokens_are_read() {
        assert_eq!(sent("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(sent("bearer  abc ").as_deref(), Some("abc"));
        for other in ["", "abc", "Basic abc", "Bearerabc"] {
            assert_eq!(sent(other), None, "{other}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_sandbox_key_is_told_from_a_broken_token() {
        let secret = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";
        assert!(check_form(&format!("vst_staff_{secret}")).is_ok());
        assert!(check_form(&format!("vst_mgmt_{secret}")).is_ok());
        let refused = |text: &str| check_form(text).unwrap_err();
        assert!(refused(&format!("vst_sandbox_{secret}")).detail().contains("key of an app"));
        assert_eq!(refused(&format!("vst_staff_{}", secret.replace('z', "y"))).code(), Code::TokenInvalid);
        assert_eq!(refused("").code(), Code::TokenInvalid);
    }
}
