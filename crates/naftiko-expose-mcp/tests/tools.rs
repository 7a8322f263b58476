//! Tools: what is listed, what arguments become, and what comes back.

use serde_json::json;

use crate::support::{TOOLS, serve};

#[tokio::test]
async fn tools_are_listed_with_everything_they_say() {
    let served = serve(TOOLS);
    let list = served.ask("tools/list", json!({})).await;
    let get = &list.json["result"]["tools"][0];
    assert_eq!(
        (&get["name"], &get["title"], &get["description"]),
        (&json!("get"), &json!("Get"), &json!("Gets"))
    );
    assert_eq!(get["annotations"], json!({"readOnlyHint": true}));
    assert_eq!(
        get["inputSchema"],
        json!({"type": "object", "properties": {"id": {"type": "string"}, "filter_status": {"type": "string"}}, "required": ["id"], "additionalProperties": false})
    );
    let plain = &list.json["result"]["tools"][1];
    assert_eq!(
        plain["inputSchema"],
        json!({"type": "object", "properties": {}, "additionalProperties": false})
    );
    assert!(
        plain.get("outputSchema").is_none(),
        "what passes through has no schema"
    );
}

#[tokio::test]
async fn arguments_are_checked_and_sent() {
    let served = serve(TOOLS);
    let answer = served
        .call("get", json!({"id": "a/b c", "filter_status": "x&y"}))
        .await;
    assert_eq!(
        answer.json["result"]["structuredContent"]["query"], "filter%5Bstatus%5D=x%26y",
        "{}",
        answer.text
    );
    assert_eq!(
        served.upstream.asked.lock().unwrap().as_slice(),
        ["GET http://shop.test/any/a%2Fb%20c?filter%5Bstatus%5D=x%26y"]
    );
    let written = served
        .call("get", json!({"id": 5, "filter[status]": "z"}))
        .await;
    assert_eq!(
        written.json["result"]["isError"], false,
        "both names are accepted: {}",
        written.text
    );

    let error = |answer: crate::support::Answer| answer.tool_error().to_owned();
    assert_eq!(
        error(served.call("get", json!({})).await),
        "the input `id` is required: a string"
    );
    assert_eq!(
        error(served.call("get", json!({"id": null})).await),
        "the input `id` is required: a string"
    );
    assert_eq!(
        error(served.call("get", json!({"id": []})).await),
        "the input `id` must be a string, but `[]` came"
    );
    assert_eq!(
        error(served.call("get", json!({"id": "1", "idd": 2})).await),
        "there is no argument `idd`; did you mean `id`?"
    );
    assert_eq!(
        error(served.call("plain", json!({"x": 2})).await),
        "there is no argument `x`; use none, for there is none"
    );
    let twice = error(
        served
            .call(
                "get",
                json!({"id": "1", "filter_status": "a", "filter[status]": "b"}),
            )
            .await,
    );
    assert!(twice.contains("given twice"), "{twice}");
    assert!(error(served.call("get", json!({"id": ".."})).await).contains("id"));
    for absent in [
        json!({"name": "plain"}),
        json!({"name": "plain", "arguments": null}),
        json!({"name": "plain", "arguments": {}}),
    ] {
        assert_eq!(
            served.ask("tools/call", absent).await.json["result"]["isError"],
            false
        );
    }
    let unknown = served.call("got", json!({})).await;
    assert_eq!(
        (unknown.code(), unknown.json["error"]["message"].as_str()),
        (-32_602, Some("there is no tool `got`; did you mean `get`?"))
    );
    let escaped = served.call("\u{1b}[31m", json!({})).await;
    assert!(
        !escaped.json["error"]["message"]
            .as_str()
            .unwrap()
            .contains('\u{1b}')
    );
}

#[tokio::test]
async fn failures_of_the_upstream_are_results() {
    let served = serve(TOOLS);
    let call = |id: &'static str| served.call("get", json!({"id": id}));
    assert_eq!(
        call("404").await.tool_error(),
        r#"{"status":404,"body":{"message":"no such thing"}}"#
    );
    assert_eq!(
        call("302").await.tool_error(),
        r#"{"status":302,"body":null}"#
    );
    assert_eq!(
        call("refused").await.tool_error(),
        "the upstream API could not be reached"
    );
    assert_eq!(
        call("late").await.tool_error(),
        "the upstream API did not answer in time"
    );
    let long = call("500").await;
    let said: serde_json::Value = serde_json::from_str(long.tool_error()).unwrap();
    assert_eq!(
        (said["body"].as_str().unwrap().len(), &said["truncated"]),
        (64 * 1024, &json!(true))
    );
    for id in ["refused", "late"] {
        assert!(
            !call(id).await.text.contains("10.0.0.1"),
            "no internal text"
        );
    }
    let empty = call("204").await;
    assert_eq!(empty.json["result"]["content"], json!([]));
    assert_eq!(empty.json["result"]["isError"], false);
}

const SHAPED: &str = r"
  exposes:
    - type: mcp
      port: 9091
      namespace: shop-mcp
      tools:
        - name: one
          description: An object
          call: shop.get
          outputParameters:
            - type: object
              mapping: $
              properties: {path: {type: string, mapping: $.path}, n: {type: integer, mapping: $.n}, none: {type: string, mapping: $.none}}
        - name: many
          description: A list
          call: shop.get
          outputParameters:
            - {type: array, mapping: $, items: {type: object, properties: {a: {type: integer, mapping: $.a}}}}
";

#[tokio::test]
async fn shapes_promise_what_they_give() {
    let served = serve(SHAPED);
    let legacy = served.ask("tools/list", json!({})).await;
    let tools = &legacy.json["result"]["tools"];
    assert_eq!(
        tools[0]["outputSchema"]["properties"]["n"],
        json!({"type": ["integer", "null"]})
    );
    assert_eq!(
        tools[1]["outputSchema"]["type"], "object",
        "older clients want an object"
    );
    let modern = served.ask_modern("tools/list", json!({}), &[]).await;
    assert_eq!(
        modern.json["result"]["tools"][1]["outputSchema"]["type"],
        json!(["array", "null"])
    );

    let one = served.call("one", json!({"id": "7"})).await;
    let expected = json!({"path": "7", "n": 7, "none": null});
    assert_eq!(one.json["result"]["structuredContent"], expected);
    assert!(
        one.text
            .contains(r#""structuredContent":{"path":"7","n":7,"none":null}"#),
        "members stand as in the text: {}",
        one.text
    );
    assert_eq!(
        one.json["result"]["content"][0]["text"],
        expected.to_string()
    );
    let list = served.call("many", json!({"id": "list"})).await;
    assert_eq!(
        list.json["result"]["content"][0]["text"], r#"[{"a":1},{"a":"x"}]"#,
        "the text is what came"
    );
    assert_eq!(
        list.json["result"]["structuredContent"],
        json!({"result": [{"a": 1}, {"a": null}]}),
        "the value keeps the promise"
    );
    let arguments = json!({"name": "many", "arguments": {"id": "list"}});
    let bare = served.ask_modern("tools/call", arguments, &[]).await;
    assert_eq!(
        bare.json["result"]["structuredContent"],
        json!([{"a": 1}, {"a": null}])
    );

    let empty = served.call("one", json!({"id": "204"})).await;
    assert_eq!(empty.json["result"]["content"], json!([]));
    assert_eq!(
        empty.json["result"]["structuredContent"],
        json!({"path": null, "n": null, "none": null})
    );
    let html = served.call("one", json!({"id": "html"})).await;
    assert_eq!(
        html.tool_error(),
        "the upstream API answered something that cannot be used"
    );
    assert!(
        served
            .call("one", json!({"id": "404"}))
            .await
            .tool_error()
            .contains("404")
    );
}
