//! Resources, prompts and completion.

use naftiko::expose::ExposureLimits;
use serde_json::{Value, json};

use crate::support::{Served, serve_with};

const EXPOSES: &str = r#"
  exposes:
    - type: mcp
      port: 9091
      namespace: m
      resources:
        - {name: guide, label: Guide, description: One file, uri: "docs://guide", location: ./guide.md}
        - {name: folder, label: Folder, description: Many files, uri: "docs://all/", location: "file:///./docs"}
        - {name: thing, label: Thing, description: A call, uri: "shop://things/{id}", call: shop.get, inputParameters: [{name: id, type: string, enum: [list, image, other]}]}
        - {name: open, label: Open, description: A call, uri: "shop://open/{id}", call: shop.get}
        - {name: fixed, label: Fixed, description: A call, uri: "shop://fixed", mimeType: text/csv, call: shop.plain}
      prompts:
        - name: ask
          label: Ask
          description: Asks
          arguments:
            - {name: who, description: Whom, enum: [Ann, Anton, Bob]}
            - {name: what, description: What, required: false}
          template:
            - {role: assistant, content: "Hello {{who}}{{what}} {{other}}"}
            - {role: user, content: {resource: "docs://guide"}}
        - {name: filed, label: Filed, description: From a file, location: ./prompt.txt, arguments: [{name: x, description: X}]}
"#;

fn served() -> Served {
    let files = [
        ("guide.md", "# Guide"),
        ("docs/a.txt", "a"),
        ("docs/deep/b.json", "{}"),
        ("docs2/secret.txt", "no"),
        ("prompt.txt", "Say {{x}}"),
    ];
    serve_with(EXPOSES, &files, ExposureLimits::default())
}

async fn result(served: &Served, method: &str, params: Value) -> Value {
    let answer = served.ask(method, params).await;
    assert!(answer.json.get("result").is_some(), "{}", answer.text);
    answer.json["result"].clone()
}

#[tokio::test]
async fn resources_are_listed_and_read() {
    let served = served();
    let list = result(&served, "resources/list", json!({})).await;
    let uris: Vec<&str> = list["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["uri"].as_str().unwrap())
        .collect();
    assert_eq!(
        uris,
        [
            "docs://guide",
            "docs://all/a.txt",
            "docs://all/deep/b.json",
            "shop://fixed"
        ]
    );
    let templates = result(&served, "resources/templates/list", json!({})).await;
    assert_eq!(
        templates["resourceTemplates"][0]["uriTemplate"],
        "shop://things/{id}"
    );
    let read = |uri: &'static str| result(&served, "resources/read", json!({"uri": uri}));
    assert_eq!(
        read("docs://guide").await["contents"],
        json!([{"uri": "docs://guide", "mimeType": "text/markdown", "text": "# Guide"}])
    );
    assert_eq!(
        read("docs://all/deep/b.json").await["contents"][0]["mimeType"],
        "application/json"
    );
    assert_eq!(
        read("shop://open/a%2Fb").await["contents"][0]["text"],
        r#"{"path":"a%2Fb","query":null,"n":"7"}"#.to_owned()
    );
    assert_eq!(
        read("shop://things/image").await["contents"][0]["blob"],
        "AQID"
    );
    assert_eq!(
        read("shop://fixed").await["contents"][0]["mimeType"],
        "text/csv"
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let served = served();
    for gone in [
        "docs://none",
        "docs://all/none",
        "docs://all/../guide.md",
        "docs://all/../docs2/secret.txt",
        "docs://all//etc/passwd",
        "docs://all2/secret.txt",
        "shop://open/",
        "shop://open/404",
    ] {
        let legacy = served.ask("resources/read", json!({"uri": gone})).await;
        assert_eq!(
            (legacy.code(), &legacy.json["error"]["data"]["uri"]),
            (-32_002, &json!(gone)),
            "{}",
            legacy.text
        );
        let modern = served
            .ask_modern("resources/read", json!({"uri": gone}), &[])
            .await;
        assert_eq!(modern.code(), -32_602, "{}", modern.text);
    }
    let other = served
        .ask("resources/read", json!({"uri": "shop://things/none"}))
        .await;
    assert_eq!(other.code(), -32_602, "{}", other.text);
    for failed in ["shop://open/refused", "shop://open/500"] {
        let answer = served.ask("resources/read", json!({"uri": failed})).await;
        assert_eq!(answer.code(), -32_603, "{}", answer.text);
    }
}

#[tokio::test]
async fn prompts_are_filled_in() {
    let served = served();
    let list = result(&served, "prompts/list", json!({})).await;
    assert_eq!(
        list["prompts"][0]["arguments"],
        json!([{"name": "who", "description": "Whom", "required": true}, {"name": "what", "description": "What", "required": false}])
    );
    let ask = result(
        &served,
        "prompts/get",
        json!({"name": "ask", "arguments": {"who": "Ann"}}),
    )
    .await;
    assert_eq!(
        ask["messages"][0],
        json!({"role": "assistant", "content": {"type": "text", "text": "Hello Ann {{other}}"}})
    );
    assert_eq!(ask["messages"][1]["content"]["resource"]["text"], "# Guide");
    let filed = result(
        &served,
        "prompts/get",
        json!({"name": "filed", "arguments": {"x": "{{x}}"}}),
    )
    .await;
    assert_eq!(
        filed["messages"],
        json!([{"role": "user", "content": {"type": "text", "text": "Say {{x}}"}}])
    );
    for bad in [
        json!({"name": "asks"}),
        json!({"name": "ask"}),
        json!({"name": "ask", "arguments": {"who": "Cleo"}}),
        json!({"name": "ask", "arguments": {"who": "Ann", "wat": "x"}}),
        json!({"name": "ask", "arguments": {"who": {}}}),
        json!({"name": "ask", "arguments": []}),
        json!({}),
    ] {
        assert_eq!(
            served.ask("prompts/get", bad.clone()).await.code(),
            -32_602,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn enumerated_values_are_completed() {
    let served = served();
    let complete = |reference: Value, name: &'static str, value: &'static str| {
        served.ask(
            "completion/complete",
            json!({"ref": reference, "argument": {"name": name, "value": value}}),
        )
    };
    let prompt = json!({"type": "ref/prompt", "name": "ask"});
    let answer = complete(prompt.clone(), "who", "an").await;
    assert_eq!(
        answer.json["result"]["completion"],
        json!({"values": ["Ann", "Anton"], "total": 2, "hasMore": false})
    );
    let free = complete(prompt.clone(), "what", "x").await;
    assert_eq!(free.json["result"]["completion"]["values"], json!([]));
    assert_eq!(complete(prompt, "nobody", "").await.code(), -32_602);
    let template = json!({"type": "ref/resource", "uri": "shop://things/{id}"});
    let things = complete(template, "id", "").await;
    assert_eq!(
        things.json["result"]["completion"]["total"], 3,
        "{}",
        things.text
    );
    assert_eq!(
        complete(json!({"type": "ref/tool"}), "id", "").await.code(),
        -32_602
    );
}

#[tokio::test]
async fn what_older_clients_expect_is_there() {
    let served = served();
    assert_eq!(result(&served, "ping", json!({})).await, json!({}));
    assert_eq!(
        result(&served, "logging/setLevel", json!({"level": "info"})).await,
        json!({})
    );
    assert_eq!(
        result(
            &served,
            "resources/subscribe",
            json!({"uri": "any://thing"})
        )
        .await,
        json!({})
    );
    assert_eq!(
        result(
            &served,
            "resources/unsubscribe",
            json!({"uri": "any://thing"})
        )
        .await,
        json!({})
    );
    assert_eq!(
        served
            .ask("logging/setLevel", json!({"level": "shouting"}))
            .await
            .code(),
        -32_602
    );
}
