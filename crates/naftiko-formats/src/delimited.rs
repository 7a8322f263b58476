//! Rows with separators: CSV and its kin.

use serde_json::{Map, Value};

use crate::error::{FormatError, error};

/// A list of objects: the first row holds the names. A row with more cells than there are names is an error; missing
/// cells are left out.
pub(crate) fn decode(bytes: &[u8], separator: u8) -> Result<Value, FormatError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(bytes);
    let names = reader.headers().map_err(error)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(error)?;
        if record.len() > names.len() {
            return Err(FormatError(format!(
                "row {} has {} cells for {} columns",
                rows.len() + 2,
                record.len(),
                names.len()
            )));
        }
        let cells = names.iter().zip(&record);
        let row: Map<String, Value> = cells
            .map(|(name, cell)| (name.to_owned(), Value::from(cell)))
            .collect();
        rows.push(Value::Object(row));
    }
    Ok(Value::Array(rows))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_become_objects_of_text() {
        let rows = decode(b"id,name\n1,\"a, b\"\n2,\"x\"\"y\"\n3\n", b',').unwrap();
        let expected =
            json!([{"id": "1", "name": "a, b"}, {"id": "2", "name": "x\"y"}, {"id": "3"}]);
        assert_eq!(rows, expected);
        assert_eq!(
            decode(b"a\tb\n1\t2\n", b'\t').unwrap(),
            json!([{"a": "1", "b": "2"}])
        );
        assert_eq!(decode(b"", b',').unwrap(), json!([]));
    }

    #[test]
    fn a_row_that_is_too_long_is_refused() {
        assert!(
            decode(b"a\n1,2\n", b',')
                .unwrap_err()
                .to_string()
                .contains("row 2")
        );
    }
}
