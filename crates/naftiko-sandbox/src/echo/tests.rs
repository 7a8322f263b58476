//! What comes back in a sample, and what never does.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Echo;
use crate::namespace::{Credential, Input, Place, SandboxOperation};
use crate::request::{Incoming, query_pairs};

fn operation(answer: Value, inputs: &[(&str, Place)]) -> SandboxOperation {
    SandboxOperation {
        name: "op".into(),
        method: "POST".into(),
        path: "/a/{id}".into(),
        inputs: inputs
            .iter()
            .map(|(name, place)| Input {
                name: (*name).into(),
                place: *place,
            })
            .collect(),
        answer,
    }
}

fn answer(operation: SandboxOperation, credential: Option<&Credential>) -> Value {
    let request = Incoming {
        method: "POST".into(),
        path: vec!["a".into(), "7".into()],
        query: query_pairs("limit=3&open=true&key=secret&bad=x"),
        media_type: "application/json".into(),
        body: Bytes::from_static(br#"{"title": "T", "size": 2, "nested": {"a": 1}}"#),
    };
    Echo::new(operation, credential).answer(&request, &vec![("id".into(), "7".into())])
}

#[test]
fn inputs_fill_members_of_their_name_in_the_type_of_the_sample() {
    let sample = json!({
        "id": 0,
        "data": [{"id": "text", "limit": 1, "open": false, "title": "text", "size": "text"}],
        "bad": 5,
        "nested": "text",
        "other": "text",
        "limit": null,
    });
    let inputs = [
        ("id", Place::Path),
        ("limit", Place::Query),
        ("open", Place::Query),
        ("bad", Place::Query),
        ("title", Place::Body),
        ("size", Place::Body),
        ("nested", Place::Body),
    ];
    assert_eq!(
        answer(operation(sample, &inputs), None),
        json!({
            "id": 7,
            "data": [{"id": "7", "limit": 3, "open": true, "title": "T", "size": "2"}],
            "bad": 5,
            "nested": "text",
            "other": "text",
            "limit": "3",
        })
    );
}

#[test]
fn a_pass_through_operation_is_echoed_without_its_credential() {
    let credential = Credential::Query("key".into());
    let echo = answer(operation(Value::Null, &[]), Some(&credential));
    assert_eq!(
        echo,
        json!({
            "operation": "op",
            "request": {
                "method": "POST",
                "path": "/a/7",
                "path_parameters": {"id": "7"},
                "query": {"limit": "3", "open": "true", "bad": "x"},
                "body": {"title": "T", "size": 2, "nested": {"a": 1}},
            },
        })
    );
}

#[test]
fn a_credential_declared_as_an_input_does_not_come_back_in_a_sample() {
    let credential = Credential::Query("key".into());
    let sample = operation(json!({"key": "text"}), &[("key", Place::Query)]);
    assert_eq!(answer(sample, Some(&credential)), json!({"key": "text"}));
    let header = operation(json!({"limit": "text"}), &[("limit", Place::Header)]);
    assert_eq!(answer(header, None), json!({"limit": "text"}));
}
