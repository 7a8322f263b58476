//! What the upstream answers: one object of 2 KB, lists of 5 and of 500 KB.

use std::fmt::Write as _;

/// An object of 2,048 bytes, as an API gives one thing.
pub fn item() -> String {
    let mut json = String::from(
        "{\"id\":\"7\",\"title\":\"A kettle\",\"price\":{\"amount\":\"49.90\",\"currency\":\"EUR\"},\"stock\":12,\"active\":true,\
         \"tags\":[\"kitchen\",\"steel\"],\"dimensions\":{\"width\":21.5,\"height\":24.0,\"depth\":16.25},\"description\":\"",
    );
    let sentence = "It boils \\\"water\\\" in four minutes and keeps it warm. ";
    let end = "\"}";
    while json.len() + sentence.len() + end.len() <= 2048 {
        json.push_str(sentence);
    }
    while json.len() + end.len() < 2048 {
        json.push('.');
    }
    json.push_str(end);
    json
}

/// A list in an envelope, of at least `bytes`: members that are asked for among more that are not.
pub fn list(bytes: usize) -> String {
    let mut json = String::from("{\"code\":0,\"data\":{\"items\":[");
    let mut n = 0;
    while json.len() < bytes {
        let comma = if n == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(
            json,
            "{comma}{{\"id\":\"i-{n}\",\"name\":\"item {n}\",\"owner\":{{\"login\":\"user{n}\",\"admin\":false}},\
             \"stars\":{},\"lat\":59.9{n},\"tags\":[\"a\",\"bc\"],\"text\":\"some \\\"text\\\" that nobody asked for\"}}",
            n * 7
        );
        n += 1;
    }
    json.push_str("]},\"message\":\"ok\"}");
    json
}

#[cfg(test)]
mod tests {
    #[test]
    fn sizes_are_what_their_names_say() {
        assert_eq!(super::item().len(), 2048);
        assert!((5_000..5_300).contains(&super::list(5_000).len()));
        assert!((500_000..500_300).contains(&super::list(500_000).len()));
    }

    #[test]
    fn everything_is_json() -> Result<(), serde_json::Error> {
        for text in [super::item(), super::list(5_000)] {
            serde_json::from_str::<serde_json::Value>(&text)?;
        }
        Ok(())
    }
}
