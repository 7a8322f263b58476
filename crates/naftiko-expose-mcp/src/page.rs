//! Pages of lists: a cursor says where the next page starts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Entries of a page.
pub(crate) const SIZE: usize = 250;

/// One page of a list, and the cursor of the next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// The page of `all` that `cursor` names; the first without one. Nothing for a cursor that this server never gave.
pub(crate) fn page<T: Clone>(all: &[T], cursor: Option<&str>) -> Option<Page<T>> {
    let from = match cursor {
        Some(cursor) => start(cursor).filter(|from| *from <= all.len())?,
        None => 0,
    };
    let items: Vec<T> = all.iter().skip(from).take(SIZE).cloned().collect();
    let end = from + items.len();
    let next = (end < all.len()).then(|| URL_SAFE_NO_PAD.encode(format!("from:{end}")));
    Some(Page { items, next })
}

fn start(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("from:")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_pages_make_the_list() {
        let all: Vec<usize> = (0..SIZE * 2 + 3).collect();
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = page(&all, cursor.as_deref()).unwrap();
            seen.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
        let whole = Page {
            items: vec![1, 2],
            next: None,
        };
        assert_eq!(page(&[1, 2], None), Some(whole));
        for bad in ["", "x", "ZnJvbTp4", "ZnJvbTo5OTk5", "!"] {
            assert_eq!(page(&[1], Some(bad)), None, "{bad}");
        }
    }
}
