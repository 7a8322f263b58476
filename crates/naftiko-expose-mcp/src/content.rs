//! Content of results: what an answer of an upstream is to a client, by its media type.
//!
//! JSON is compact text, other text is itself, images and audio are themselves, and anything else is an embedded
//! resource. The parts of a `multipart/mixed` answer are one block each. A `Content-Location` with a scheme of its own
//! makes a part an embedded resource under that address.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LOCATION, CONTENT_TYPE};

use crate::json::{self, Json};

/// Parts of a multipart answer that are read.
const MAX_PARTS: usize = 100;

/// One block of content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// Text.
    Text(String),
    /// An image, in base64.
    Image { data: String, mime_type: String },
    /// Audio, in base64.
    Audio { data: String, mime_type: String },
    /// A resource.
    Resource(Resource),
}

/// What a resource holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) uri: String,
    pub(crate) mime_type: Option<String>,
    pub(crate) data: Data,
}

/// The data of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Data {
    /// Text.
    Text(String),
    /// Bytes, in base64.
    Blob(String),
}

/// What media types are to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    Text,
    Image,
    Audio,
    Multipart,
    Binary,
    /// None is said.
    Unknown,
}

/// The essence of a media type: lower case, without parameters.
pub(crate) fn essence(mime_type: &str) -> String {
    let essence = mime_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// What `mime_type` is.
pub(crate) fn media(mime_type: &str) -> Media {
    const TEXTS: [&str; 8] = [
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/javascript",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/toml",
    ];
    let essence = essence(mime_type);
    let whole = essence.as_str();
    if whole.is_empty() {
        Media::Unknown
    } else if whole == "application/json" || whole.ends_with("+json") {
        Media::Json
    } else if whole.starts_with("text/")
        || whole.ends_with("+xml")
        || whole.ends_with("+yaml")
        || TEXTS.contains(&whole)
    {
        Media::Text
    } else if whole.starts_with("image/") {
        Media::Image
    } else if whole.starts_with("audio/") {
        Media::Audio
    } else if whole == "multipart/mixed" {
        Media::Multipart
    } else {
        Media::Binary
    }
}

/// What a body is to clients.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) blocks: Vec<Block>,
    /// The body as a value, where it is JSON.
    pub(crate) value: Option<Json>,
}

/// Reads a body. `fallback` is the address of one that has none.
pub(crate) async fn read(headers: &HeaderMap, body: Bytes, fallback: &str) -> Content {
    if body.is_empty() {
        return Content {
            blocks: Vec::new(),
            value: None,
        };
    }
    let mime_type = text_of(headers, &CONTENT_TYPE);
    if media(mime_type) == Media::Multipart
        && let Some(boundary) = boundary(mime_type)
        && let Some(blocks) = parts(boundary, &body, fallback).await
    {
        return Content {
            blocks,
            value: None,
        };
    }
    one(headers, &body, fallback)
}

fn one(headers: &HeaderMap, body: &Bytes, fallback: &str) -> Content {
    let mime_type = text_of(headers, &CONTENT_TYPE);
    let uri = own_address(text_of(headers, &CONTENT_LOCATION));
    let kind = media(mime_type);
    let value = match kind {
        Media::Json | Media::Unknown => json::compact(body),
        // Some APIs call their JSON text.
        Media::Text if matches!(body.first(), Some(b'{' | b'[')) => json::compact(body),
        _ => None,
    };
    let block = match (kind, uri) {
        (Media::Image, None) => Block::Image {
            data: STANDARD.encode(body),
            mime_type: essence(mime_type),
        },
        (Media::Audio, None) => Block::Audio {
            data: STANDARD.encode(body),
            mime_type: essence(mime_type),
        },
        (Media::Json | Media::Text | Media::Unknown, None)
            if kind != Media::Unknown || value.is_some() || std::str::from_utf8(body).is_ok() =>
        {
            Block::Text(match &value {
                Some(value) => value.text.clone(),
                None => String::from_utf8_lossy(body).into_owned(),
            })
        }
        (_, uri) => {
            let uri = uri.unwrap_or(fallback).to_owned();
            Block::Resource(resource(uri, mime_type, body))
        }
    };
    Content {
        blocks: vec![block],
        value,
    }
}

/// A resource that holds `body`: text where its media type is text.
pub(crate) fn resource(uri: String, mime_type: &str, body: &[u8]) -> Resource {
    let textual = matches!(media(mime_type), Media::Json | Media::Text | Media::Unknown);
    let data = match std::str::from_utf8(body) {
        Ok(text) if textual => Data::Text(text.to_owned()),
        _ => Data::Blob(STANDARD.encode(body)),
    };
    Resource {
        uri,
        mime_type: (!mime_type.is_empty()).then(|| mime_type.to_owned()),
        data,
    }
}

async fn parts(boundary: &str, body: &Bytes, fallback: &str) -> Option<Vec<Block>> {
    let whole =
        futures_util::stream::once(std::future::ready(Ok::<_, std::io::Error>(body.clone())));
    let mut multipart = multer::Multipart::new(whole, boundary);
    let mut blocks = Vec::new();
    while let Some(field) = multipart.next_field().await.ok()? {
        let headers = field.headers().clone();
        let body = field.bytes().await.ok()?;
        blocks.extend(one(&headers, &body, fallback).blocks);
        if blocks.len() >= MAX_PARTS {
            break;
        }
    }
    Some(blocks)
}

fn boundary(mime_type: &str) -> Option<&str> {
    mime_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty()).then_some(value)
    })
}

/// An address that is no web page: those are only where an answer came from.
fn own_address(location: &str) -> Option<&str> {
    let (scheme, rest) = location.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    let is_scheme =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain);
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    (is_scheme && !web && !rest.is_empty()).then_some(location)
}

fn text_of<'h>(headers: &'h HeaderMap, name: &http::HeaderName) -> &'h str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(mime_type: &str, location: &str, body: &[u8]) -> Content {
        let mut headers = HeaderMap::new();
        if !mime_type.is_empty() {
            headers.insert(CONTENT_TYPE, mime_type.parse().unwrap());
        }
        if !location.is_empty() {
            headers.insert(CONTENT_LOCATION, location.parse().unwrap());
        }
        one(&headers, &Bytes::copy_from_slice(body), "x:y")
    }

    #[test]
    fn media_types_decide() {
        let text = |text: &str| vec![Block::Text(text.into())];
        assert_eq!(
            of("application/json; charset=utf-8", "", b"{\"a\": 1}").blocks,
            text("{\"a\":1}")
        );
        assert_eq!(of("application/json", "", b"{oops").blocks, text("{oops"));
        assert!(of("text/html", "", b"[1]").value.is_some());
        assert_eq!(of("text/plain", "", b"12").value, None);
        assert_eq!(of("", "", b"hello").blocks, text("hello"));
        let image = Block::Image {
            data: "AAE=".into(),
            mime_type: "image/png".into(),
        };
        assert_eq!(of("image/PNG", "", &[0, 1]).blocks, [image]);
        assert!(matches!(
            of("audio/wav", "", &[0]).blocks[0],
            Block::Audio { .. }
        ));
        assert_eq!(of("image/svg+xml", "", b"<svg/>").blocks, text("<svg/>"));
        let Block::Resource(blob) = &of("application/pdf", "", b"%").blocks[0] else {
            panic!()
        };
        assert_eq!(
            (blob.uri.as_str(), &blob.data),
            ("x:y", &Data::Blob("JQ==".into()))
        );
        assert!(matches!(of("", "", &[0xff]).blocks[0], Block::Resource(_)));
    }

    #[test]
    fn an_own_address_makes_a_resource() {
        let Block::Resource(one) = &of("text/plain", "test://a", b"t").blocks[0] else {
            panic!()
        };
        assert_eq!(
            (one.uri.as_str(), &one.data),
            ("test://a", &Data::Text("t".into()))
        );
        for web in ["https://a/b", "/orders/1", "", "x"] {
            assert!(
                matches!(of("text/plain", web, b"t").blocks[0], Block::Text(_)),
                "{web}"
            );
        }
    }

    #[tokio::test]
    async fn parts_are_blocks() {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            "multipart/mixed; boundary=\"b\"".parse().unwrap(),
        );
        let body = "--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n\
                    --b\r\nContent-Type: text/plain\r\nContent-Location: t://r\r\n\r\ntwo\r\n--b--\r\n";
        let blocks = read(&headers, Bytes::from(body), "x:y").await.blocks;
        assert_eq!(blocks.len(), 3);
        assert_eq!(blocks[0], Block::Text("one".into()));
        assert!(matches!(&blocks[2], Block::Resource(one) if one.uri == "t://r"));
        let broken = read(&headers, Bytes::from_static(b"no parts"), "x:y")
            .await
            .blocks;
        assert_eq!(
            broken.len(),
            1,
            "what cannot be taken apart is one resource"
        );
    }
}
