//! Random shapes over random documents: the projection writes what the tree would.

use serde_json::{Map, Value, json};

use super::{output, shape};
use crate::shape::Place;
use crate::{Output, Projection, tree};

/// A small generator of our own, so that a failure is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn document(&mut self, depth: usize) -> String {
        let space = self.pick(&["", "", " ", "\n"]);
        match self.below(if depth == 0 { 6 } else { 10 }) {
            0 => "null".into(),
            1 => self.pick(&["true", "false"]).into(),
            2 => self
                .pick(&["0", "7", "-3", "2.5", "18446744073709551615"])
                .into(),
            3..6 => self
                .pick(&[
                    r#""""#,
                    r#""7""#,
                    r#""true""#,
                    r#""x y""#,
                    r#""\"[{\\""#,
                    r#""\u00e9""#,
                ])
                .into(),
            6..8 => {
                let parts: Vec<_> = (0..self.below(4))
                    .map(|_| self.document(depth - 1))
                    .collect();
                format!("[{space}{}{space}]", parts.join(&format!(",{space}")))
            }
            // Names repeat on purpose.
            _ => {
                let mut member = |_| {
                    let name = self.pick(&["a", "b", "c", "\\u0061"]);
                    format!("\"{name}\":{space}{}", self.document(depth - 1))
                };
                let parts: Vec<_> = (0..4).map(&mut member).collect();
                format!("{{{}}}", parts.join(&format!("{space},")))
            }
        }
    }

    fn shape(&mut self, depth: usize) -> Value {
        let mut shape = Map::new();
        let kinds = [
            "any", "string", "number", "integer", "boolean", "object", "object", "array",
        ];
        let kind = self.pick(&kinds);
        shape.insert("type".into(), kind.into());
        if self.below(4) > 0 {
            let paths = [
                "$",
                "$.a",
                "$.b",
                "$.c",
                "$.a.b",
                "$.b.a.c",
                "$[0]",
                "$[-1]",
                "$.a[0]",
                "$.a[1].b",
                "$.a[-2]",
                "$[*]",
                "$.a[*].b",
                "$..c",
                "$.a[?(@.b)]",
                "$.a.length()",
                "$['a','b']",
                "$.b[?(@.a == $.c)]",
            ];
            shape.insert("mapping".into(), self.pick(&paths).into());
        }
        if self.below(12) == 0 {
            shape.insert("const".into(), self.pick(&["7", "true", "x"]).into());
        }
        if depth > 0 && kind == "object" && self.below(4) > 0 {
            let names = ["p", "q", "r"];
            let count = self.below(4);
            let members = names[..count]
                .iter()
                .map(|n| (n.to_string(), self.shape(depth - 1)));
            shape.insert("properties".into(), members.collect::<Map<_, _>>().into());
        }
        if depth > 0 && kind == "array" && self.below(4) > 0 {
            shape.insert("items".into(), self.shape(depth - 1));
        }
        shape.into()
    }
}

fn by_tree(output: &Output, document: &Value) -> (Vec<u8>, usize) {
    let write = |shape| {
        let (mut json, mut mismatches) = (Vec::new(), 0);
        tree::write(shape, Place::Output, document, &mut json, &mut mismatches);
        (json, mismatches)
    };
    match output {
        Output::Identity => (document.to_string().into_bytes(), 0),
        Output::One(shape) => write(shape),
        Output::FirstPresent(shapes) => {
            let mut each = shapes.iter().map(write);
            each.find(|(json, _)| json != b"null")
                .unwrap_or((b"null".to_vec(), 0))
        }
        Output::Named(shapes) => {
            let mut all = Map::new();
            let mut mismatches = 0;
            for (name, shape) in shapes {
                let (json, more) = write(shape);
                all.insert(name.clone(), serde_json::from_slice(&json).unwrap());
                mismatches += more;
            }
            (Value::from(all).to_string().into_bytes(), mismatches)
        }
    }
}

#[test]
fn fast_way_and_tree_agree() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut fitting = 0;
    for round in 0..60_000 {
        let shapes: Vec<_> = (0..=random.below(3)).map(|_| random.shape(3)).collect();
        let outputs = match random.below(3) {
            0 => json!({"x": shapes[0], "y": shapes[shapes.len() - 1], "z": shapes[0]}),
            1 => json!(shapes),
            _ => json!([shapes[0]]),
        };
        let body = random.document(5);
        let document: Value = serde_json::from_str(&body).unwrap();
        let output = output(&outputs);
        let projected = Projection::compile(&output).apply(body.as_bytes()).unwrap();
        let (json, mismatches) = by_tree(&output, &document);
        let value = |json: &[u8]| serde_json::from_slice::<Value>(json).unwrap();
        let place = || format!("round {round}\noutputs {outputs}\nbody {body}");
        assert_eq!(value(&projected.bytes), value(&json), "{}", place());
        assert_eq!(projected.mismatches, mismatches, "{}", place());
        fitting += usize::from(projected.bytes != b"null" && mismatches == 0);
    }
    // The generator must not drift into documents where nothing is found.
    assert!(fitting > 10_000, "{fitting}");
}

#[test]
fn the_schema_holds_for_what_fits() {
    let shape = shape(&json!({"type": "object", "properties": {"a": {"type": "string"}}}));
    let output = Output::unnamed(vec![shape]);
    let null = output.all_null();
    assert_eq!(
        by_tree(&output, &json!({})).0,
        null.to_string().into_bytes()
    );
}
