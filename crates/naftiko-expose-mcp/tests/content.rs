//! Media types of answers.

use serde_json::json;

use crate::support::{TOOLS, serve};

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
