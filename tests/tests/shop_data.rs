//! The data that the project ships for its sandbox, `specs/sandbox/tiktok-shop.yaml`, as its users meet it.

use std::collections::BTreeSet;
use std::time::Duration;

use naftiko_sandbox::{Fixture, Namespace, Sandbox};
use serde_json::{Value, json};

const PRODUCTS: &str = "/product/202309/products";
const ORDERS: &str = "/order/202309/orders";
const PAYMENTS: &str = "/finance/202309/payments";
const TOKEN: &str = "x-tts-access-token";

/// The shop's API, as the fixture makes it.
struct Shop {
    sandbox: Sandbox,
    client: reqwest::Client,
}

/// A read answer.
struct Answer {
    status: u16,
    body: Value,
}

impl Shop {
    /// Asks with this token, or without one.
    async fn get(&self, target: &str, token: Option<&str>) -> Answer {
        let url = format!("{}{target}", self.sandbox.base_url("api").unwrap());
        let request = self.client.get(url);
        let request = match token {
            Some(token) => request.header(TOKEN, token),
            None => request,
        };
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        Answer { status, body }
    }
}

async fn shop() -> Shop {
    let path = naftiko_tests::workspace().join("specs/sandbox/tiktok-shop.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let fixture = Fixture::parse("tiktok-shop.yaml", &text).unwrap();
    let namespace = Namespace {
        name: "api".into(),
        operations: vec![],
        fixture: Some(fixture),
        credential: None,
    };
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(20))
        .no_proxy()
        .build()
        .unwrap();
    Shop {
        sandbox: Sandbox::start(vec![namespace]).await.unwrap(),
        client,
    }
}

/// The data of an answer that must be a success.
async fn data(api: &Shop, target: &str) -> Value {
    let answer = api.get(target, Some("made-up")).await;
    assert_eq!(answer.status, 200, "{target}: {}", answer.body);
    let members: Vec<_> = answer.body.as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, ["code", "message", "request_id", "data"]);
    assert_eq!(
        (&answer.body["code"], &answer.body["message"]),
        (&json!(0), &json!("Success"))
    );
    assert_eq!(answer.body["request_id"].as_str().unwrap().len(), 34);
    answer.body["data"].clone()
}

/// Every record of a list, page by page.
async fn all(api: &Shop, list: &str, records: &str, page_size: usize) -> Vec<Value> {
    let mut found = Vec::new();
    let mut token = String::new();
    loop {
        let page = data(
            api,
            &format!("{list}page_size={page_size}&page_token={token}"),
        )
        .await;
        let page_records = page[records].as_array().unwrap();
        assert!(page_records.len() <= page_size);
        found.extend(page_records.iter().cloned());
        assert!(found.len() as u64 <= page["total_count"].as_u64().unwrap());
        page["next_page_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut token);
        if token.is_empty() {
            assert_eq!(page["total_count"], found.len());
            return found;
        }
    }
}

fn cents(amount: &Value) -> i64 {
    let (whole, part) = amount.as_str().unwrap().split_once('.').unwrap();
    assert_eq!(part.len(), 2);
    whole.parse::<i64>().unwrap() * 100 + part.parse::<i64>().unwrap()
}

#[tokio::test]
async fn paging_visits_every_record_once() {
    let api = shop().await;
    for (path, records, count) in [
        (PRODUCTS, "products", 25),
        (ORDERS, "orders", 40),
        (PAYMENTS, "payments", 12),
    ] {
        for page_size in [1, 7, 100] {
            let found = all(&api, &format!("{path}?"), records, page_size).await;
            assert_eq!(found.len(), count, "{records} by {page_size}");
            let ids: BTreeSet<_> = found.iter().map(|r| r["id"].as_str().unwrap()).collect();
            assert_eq!(ids.len(), count, "{records} by {page_size}");
            let times: Vec<_> = found
                .iter()
                .map(|r| r["create_time"].as_i64().unwrap())
                .collect();
            assert!(
                times.is_sorted_by(|a, b| a >= b),
                "{records} are newest first"
            );
        }
    }
    let first = data(&api, PRODUCTS).await;
    assert_eq!(first["products"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn lists_are_filtered_by_status_and_time() {
    let api = shop().await;
    let orders = all(&api, &format!("{ORDERS}?"), "orders", 100).await;
    let mut counted = 0;
    for (status, count) in [
        ("UNPAID", 4),
        ("AWAITING_SHIPMENT", 9),
        ("IN_TRANSIT", 8),
        ("DELIVERED", 6),
        ("COMPLETED", 9),
        ("CANCELLED", 4),
        ("ON_HOLD", 0),
    ] {
        let found = all(
            &api,
            &format!("{ORDERS}?order_status={status}&"),
            "orders",
            5,
        )
        .await;
        assert!(found.iter().all(|order| order["status"] == status));
        assert_eq!(found.len(), count, "{status}");
        counted += found.len();
    }
    assert_eq!(counted, orders.len());
    let drafts = all(&api, &format!("{PRODUCTS}?status=DRAFT&"), "products", 20).await;
    assert_eq!(drafts.len(), 2);

    let middle = orders[20]["create_time"].as_i64().unwrap();
    let since = all(
        &api,
        &format!("{ORDERS}?create_time_ge={middle}&"),
        "orders",
        50,
    )
    .await;
    let before = all(
        &api,
        &format!("{ORDERS}?create_time_lt={middle}&"),
        "orders",
        50,
    )
    .await;
    assert_eq!((since.len(), before.len()), (21, 19));
    let one = format!(
        "{ORDERS}?create_time_ge={middle}&create_time_lt={}&",
        middle + 1
    );
    assert_eq!(all(&api, &one, "orders", 50).await, [orders[20].clone()]);
}

#[tokio::test]
async fn orders_add_up_and_refer_to_products() {
    let api = shop().await;
    for order in all(&api, &format!("{ORDERS}?"), "orders", 100).await {
        let payment = &order["payment"];
        let lines = order["line_items"].as_array().unwrap();
        let sum: i64 = lines.iter().map(|line| cents(&line["sale_price"])).sum();
        assert_eq!(sum, cents(&payment["sub_total"]));
        let extra = cents(&payment["shipping_fee"]) + cents(&payment["tax"]);
        let total = sum - cents(&payment["seller_discount"]) + extra;
        assert_eq!(total, cents(&payment["total_amount"]), "{}", order["id"]);
        for line in lines {
            let id = line["product_id"].as_str().unwrap();
            let product = data(&api, &format!("{PRODUCTS}/{id}")).await;
            assert_eq!(product["title"], line["product_name"]);
            let skus = product["skus"].as_array().unwrap();
            let sku = skus.iter().find(|sku| sku["id"] == line["sku_id"]).unwrap();
            assert_eq!(sku["price"]["sale_price"], line["sale_price"]);
        }
        let id = order["id"].as_str().unwrap();
        assert_eq!(data(&api, &format!("{ORDERS}/{id}")).await, order);
    }
}

#[tokio::test]
async fn failures_have_the_envelope_too() {
    let api = shop().await;
    let cases = [
        (format!("{PRODUCTS}/1"), 404, 12_052_032),
        (format!("{ORDERS}/1"), 404, 11_001_002),
        (format!("{PRODUCTS}?page_size=0"), 400, 36_009_004),
        (format!("{PRODUCTS}?page_size=101"), 400, 36_009_004),
        (format!("{ORDERS}?page_size=ten"), 400, 36_009_004),
        (format!("{ORDERS}?page_token=x"), 400, 36_009_004),
        (format!("{ORDERS}?order_status=LOST"), 400, 36_009_004),
        (format!("{ORDERS}?create_time_ge=today"), 400, 36_009_004),
    ];
    for (target, status, code) in cases {
        let answer = api.get(&target, Some("made-up")).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (status, &json!(code)),
            "{target}"
        );
        assert_eq!(answer.body["data"], Value::Null);
        assert!(!answer.body["message"].as_str().unwrap().is_empty());
    }
    for token in [None, Some("")] {
        let answer = api.get(ORDERS, token).await;
        assert_eq!(
            (answer.status, &answer.body["code"]),
            (401, &json!(105_001))
        );
    }
}
