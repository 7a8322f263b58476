//! Media types of answers.

use serde_json::json;

use crate::support::{ODD, TOOLS, serve};

#[tokio::test]
async fn answers_are_what_their_media_type_says() {
    let served = serve(TOOLS);
    let html = served.call("get", json!({"id": "html"})).await;
    assert_eq!(
        html.json["result"]["content"],
        json!([{"type": "text", "text": "<p>not json</p>"}])
    );
    assert!(html.json["result"].get("structuredContent").is_none());
    let image = served.call("get", json!({"id": "image"})).await;
    assert_eq!(
        image.json["result"]["content"],
        json!([{"type": "image", "data": "AQID", "mimeType": "image/png"}])
    );
    let list = served.call("get", json!({"id": "list"})).await;
    assert!(
        list.json["result"].get("structuredContent").is_none(),
        "only objects are, without a schema"
    );
}

#[tokio::test]
async fn json_is_compact_in_the_text_and_beside_it() {
    let served = serve(TOOLS);
    let compact =
        r#"{"text":"","structuredContent":{},"aA":"\"text\":\"\"\n/","twice":{"n":1.5,"m":2}}"#;
    let value: serde_json::Value = serde_json::from_str(ODD).unwrap();
    assert_eq!(value.to_string(), compact);
    let params = json!({"name": "get", "arguments": {"id": "odd"}});
    for answer in [
        served.ask("tools/call", params.clone()).await,
        served.ask_modern("tools/call", params, &[]).await,
    ] {
        let result = &answer.json["result"];
        assert_eq!(
            result["content"],
            json!([{"type": "text", "text": compact}]),
            "{}",
            answer.text
        );
        let structured = format!("\"structuredContent\":{compact}");
        assert!(answer.text.contains(&structured), "{}", answer.text);
    }
}
