//! Names of properties and parameters, taken apart: `shippingAddressLine1` has four words.

/// The words of a name, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = '_';
    for character in name.chars() {
        if !character.is_alphanumeric() {
            previous = '_';
            continue;
        }
        let starts = previous == '_' || (character.is_uppercase() && !previous.is_uppercase());
        match words.last_mut() {
            Some(word) if !starts => word.extend(character.to_lowercase()),
            _ => words.push(character.to_lowercase().collect()),
        }
        previous = character;
    }
    words
}

/// The name of one of many: `addresses` has `address`es, `parcels` has `parcel`s.
pub(super) fn singular(name: &str) -> String {
    let ending = |from: &str, to: &str| name.strip_suffix(from).map(|stem| format!("{stem}{to}"));
    let plural = ending("ies", "y").or_else(|| ending("sses", "ss")).or_else(|| ending("ses", "se"));
    let plain = || name.strip_suffix('s').filter(|stem| !stem.ends_with(['s', 'u'])).map(str::to_owned);
    plural.or_else(plain).unwrap_or_else(|| name.to_owned())
}

/// A number that is the same for the same name at every reading (FNV-1a).
pub(super) fn hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_apart_into_words() {
        assert_eq!(words("shippingAddress_line-1"), ["shipping", "address", "line", "1"]);
        assert_eq!(words("X-Request-ID"), ["x", "request", "id"]);
        assert_eq!(words("filter[created][gte]"), ["filter", "created", "gte"]);
        assert!(words("").is_empty());
    }

    #[test]
    fn one_of_many_has_a_name_in_the_singular() {
        for (many, one) in
            [("parcels", "parcel"), ("categories", "category"), ("addresses", "address"), ("status", "status")]
        {
            assert_eq!(singular(many), one);
        }
    }
}
