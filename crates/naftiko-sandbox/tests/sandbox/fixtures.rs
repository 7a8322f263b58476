//! Every part of the fixture format, asked for over HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::client::{Api, fixture, operation, read};

async fn library() -> Api {
    let operations = vec![
        operation("list-books", "GET", "/books", Value::Null),
        operation("get-book", "GET", "/books/{id}", Value::Null),
        operation("lend", "POST", "/books/{id}/lend", json!({"due": "text"})),
    ];
    let api = Api::start(operations, Some(fixture("tests/data/library.yaml")), None).await;
    api.with_header("authorization", "Bearer t")
}

async fn isbns(api: &Api, target: &str) -> Vec<String> {
    let answer = api.get(target).await;
    assert_eq!(answer.status, 200, "{target}: {}", answer.body);
    let items = answer.body["payload"]["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| item["isbn"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_list_has_the_envelope_and_the_members_it_shows() {
    let api = library().await;
    let answer = api.get("/books?limit=3").await;
    assert_eq!(answer.headers["x-sandbox-operation"], "list-books");
    let next = answer.body["payload"]["next"].clone();
    assert_eq!(
        answer.body,
        json!({
            "ok": true,
            "note": "fine",
            "id": "r-0001",
            "payload": {
                "items": [
                    {"isbn": "1", "title": "Alpha"},
                    {"isbn": "2", "title": "Beta \"B\""},
                    {"isbn": "3", "title": "Gamma"},
                ],
                "next": next,
                "total": 5,
                "more": true,
            },
            "about": "200 / fine / {literal}",
        })
    );
    let last = api
        .get(&format!("/books?limit=3&cursor={}", next.as_str().unwrap()))
        .await;
    assert_eq!(last.body["id"], "r-0002");
    assert_eq!(last.body["payload"]["next"], Value::Null);
    assert_eq!(last.body["payload"]["more"], false);
    assert_eq!(last.body["payload"]["total"], 5);
    assert_eq!(
        last.body["payload"]["items"][1],
        json!({"isbn": "a/b c", "title": "Epsilon"})
    );
}

#[tokio::test]
async fn filters_compare_texts_numbers_and_booleans() {
    let api = library().await;
    let cases: &[(&str, &[&str])] = &[
        ("room=north", &["1", "3"]),
        ("room=east", &[]),
        ("pages_ge=300", &["3", "4", "a/b c"]),
        ("pages_gt=300", &["4", "a/b c"]),
        ("pages_lt=200", &["1"]),
        ("pages_le=200", &["1", "2"]),
        ("pages_ge=200&pages_lt=400", &["2", "3"]),
        ("pages_ge=-5&pages_le=100", &["1"]),
        ("price=2", &["2"]),
        ("price=4.25", &["4"]),
        ("lent=true", &["2", "4"]),
        ("lent=true&room=south", &["2"]),
        ("room=&pages_lt=200", &["1"]),
        ("unknown=x&pages_lt=200", &["1"]),
    ];
    for (query, expected) in cases {
        assert_eq!(
            &isbns(&api, &format!("/books?limit=3&{query}")).await,
            expected,
            "{query}"
        );
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_tokens_are_only_good_for_their_list() {
    let api = library().await;
    let first = api.get("/books?lent=false").await.body["payload"].clone();
    assert_eq!(
        first["items"].as_array().unwrap().len(),
        2,
        "the default size"
    );
    let token = first["next"].as_str().unwrap().to_owned();
    assert_eq!(
        isbns(&api, &format!("/books?lent=false&cursor={token}&limit=1")).await,
        ["a/b c"]
    );
    for other in [
        "/books?",
        "/books?lent=true&",
        "/books?lent=false&room=north&",
    ] {
        let answer = api.get(&format!("{other}cursor={token}")).await;
        assert_eq!(answer.status, 400, "{other}");
    }
    for bad in ["1", "!!", "%00", "MS4w", &"A".repeat(5000)] {
        let answer = api.get(&format!("/books?cursor={bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
        let expected = "cursor expected the token that this list gave, with the same filters";
        assert_eq!(answer.body["note"], expected);
    }
    assert_eq!(isbns(&api, "/books?cursor=").await, ["1", "2"]);

    // A token of this very list that leads behind its end.
    let told = String::from_utf8(URL_SAFE_NO_PAD.decode(&token).unwrap()).unwrap();
    for offset in ["3", "99", "18446744073709551615"] {
        let forged = URL_SAFE_NO_PAD.encode(told.replacen('2', offset, 1));
        assert_eq!(
            api.get(&format!("/books?lent=false&cursor={forged}"))
                .await
                .status,
            400
        );
    }
}

#[tokio::test]
async fn bad_parameters_are_refused_by_name() {
    let api = library().await;
    let cases = [
        (
            "/books?limit=0",
            "limit expected an integer from 1 to 3, got `0`",
        ),
        (
            "/books?limit=4",
            "limit expected an integer from 1 to 3, got `4`",
        ),
        (
            "/books?limit=-1",
            "limit expected an integer from 1 to 3, got `-1`",
        ),
        (
            "/books?limit=two",
            "limit expected an integer from 1 to 3, got `two`",
        ),
        (
            "/books?limit=1&limit=2",
            "limit expected one value, got several",
        ),
        (
            "/books?room=west",
            "room expected one of north, south, east, got `west`",
        ),
        (
            "/books?pages_ge=1.5",
            "pages_ge expected an integer, got `1.5`",
        ),
        ("/books?price=NaN", "price expected a number, got `NaN`"),
        (
            "/books?lent=yes",
            "lent expected `true` or `false`, got `yes`",
        ),
        ("/search", "lent is required"),
    ];
    for (target, note) in cases {
        let answer = api.get(target).await;
        assert_eq!(
            (answer.status, answer.body["note"].as_str()),
            (400, Some(note)),
            "{target}"
        );
        assert_eq!(answer.body["payload"], Value::Null);
    }
    let long = api
        .get(&format!("/books?limit={}", "9".repeat(20_000)))
        .await;
    assert!(long.body["note"].as_str().unwrap().len() < 200);
}

#[tokio::test]
async fn one_record_is_found_by_its_key() {
    let api = library().await;
    let answer = api.get("/books/2").await;
    assert_eq!(answer.body["payload"]["shelf"]["room"], "south");
    assert_eq!(answer.headers["x-sandbox-operation"], "get-book");
    assert_eq!(
        api.get("/books/a%2Fb%20c").await.body["payload"]["title"],
        "Epsilon"
    );

    let title = api.get("/books/1:title").await.body["payload"].clone();
    assert_eq!(title["book"]["title"], "Alpha");
    assert!(
        title["as text"]
            .as_str()
            .unwrap()
            .starts_with("<{\"isbn\":\"1\"")
    );

    let missing = api.get("/books/%22%0A").await;
    assert_eq!(
        (missing.status, &missing.body["note"]),
        (404, &json!("no \"\n here"))
    );
    assert_eq!(api.get("/authors/7").await.body["payload"]["name"], "Ada");
    let gone = api.get("/authors/8").await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.body["gone"], "8");
    assert!(gone.body["request"][0].as_str().unwrap().starts_with("r-"));
}

#[tokio::test]
async fn a_credential_is_asked_for_and_not_compared() {
    let api = library().await;
    let bare = |value: Option<&str>| {
        let url = format!("{}/books", api.sandbox.base_url("api").unwrap());
        let request = api.client.get(url);
        read(match value {
            Some(value) => request.header("Authorization", value),
            None => request,
        })
    };
    for refused in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer  "),
        Some("Basic x"),
    ] {
        let answer = bare(refused).await;
        assert_eq!(
            (answer.status, &answer.body["note"]),
            (403, &json!("who are you?"))
        );
        assert_eq!(answer.body["ok"], false);
    }
    assert_eq!(bare(Some("Bearer anything")).await.status, 200);
    // An operation without a route is behind the credential too; an unknown path is not.
    let url = |path: &str| format!("{}{path}", api.sandbox.base_url("api").unwrap());
    assert_eq!(
        read(api.client.post(url("/books/1/lend"))).await.status,
        403
    );
    assert_eq!(read(api.client.get(url("/nothing"))).await.status, 404);
}

#[tokio::test]
async fn what_the_fixture_has_no_route_for_comes_from_the_operations() {
    let api = library().await;
    let lent = read(api.request("POST", "/books/1/lend")).await;
    assert_eq!(lent.body, json!({"due": "text"}));
    assert_eq!(lent.headers["x-sandbox-operation"], "lend");

    let fixed = read(api.request("POST", "/renew")).await;
    assert_eq!(
        fixed.body["payload"],
        json!({"renewed": [1, "{not a slot}"]})
    );

    let wrong = read(api.request("DELETE", "/books/1")).await;
    assert_eq!(
        (wrong.status, &wrong.headers["allow"]),
        (405, &"GET, HEAD".parse().unwrap())
    );

    let unknown = api.get("/nothing").await;
    assert_eq!(unknown.status, 404);
    let available = unknown.body["available"].as_array().unwrap();
    assert!(available.contains(&json!("POST /renew")));
    assert!(available.contains(&json!("POST /books/{id}/lend")));
}

#[tokio::test]
async fn a_fixture_without_an_envelope_answers_plainly() {
    let api = Api::start(vec![], Some(fixture("tests/data/plain.yaml")), None).await;
    assert_eq!(api.get("/things").await.body, json!([{"id": 1}, {"id": 2}]));
    assert_eq!(api.get("/things/2").await.body, json!({"id": 2}));
    let missing = api.get("/things/3").await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.body,
        json!({"error": "not_found", "message": "there is no `3`"})
    );
    let bad = api.get("/paged?n=x").await;
    assert_eq!(bad.status, 400);
    assert_eq!(
        bad.body["message"],
        "n: expected an integer from 1 to 1, got `x`"
    );
}
