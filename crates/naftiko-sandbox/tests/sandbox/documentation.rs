//! The worked example of `docs/sandbox.md` loads and answers as the page says.

use naftiko_sandbox::Fixture;
use serde_json::Value;

use crate::client::{Api, file};

/// The text of the page's nth fenced block in a language.
fn block(page: &str, language: &str, nth: usize) -> String {
    let fence = format!("```{language}\n");
    let after = page
        .split(&fence)
        .nth(nth + 1)
        .expect("the page has the block");
    after.split("```").next().unwrap().to_owned()
}

#[tokio::test]
async fn the_worked_example_answers_as_the_page_says() {
    let page = file("../../docs/sandbox.md");
    let fixture = Fixture::parse("library.yaml", &block(&page, "yaml", 0)).unwrap();
    let api = Api::start(vec![], Some(fixture), None)
        .await
        .with_header("x-api-key", "any");

    let listed = api.get("/books?year_lt=1850&limit=1").await.body;
    assert_eq!(
        listed,
        serde_json::from_str::<Value>(&block(&page, "json", 0)).unwrap()
    );

    let missing = api.get("/books/1").await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.body,
        serde_json::from_str::<Value>(&block(&page, "json", 1)).unwrap()
    );
    assert_eq!(
        api.get("/books?lent=yes").await.body["message"],
        "lent: expected `true` or `false`, got `yes`"
    );
}

#[test]
fn the_error_on_the_page_is_one_that_is_made() {
    let page = file("../../docs/sandbox.md");
    let broken = "sandbox: 1\ncollections: {books: {key: id, records: [{id: 1}]}}\n\
                  routes: [{path: /b, list: {from: bokos}}]\n";
    let error = Fixture::parse("library.yaml", broken).unwrap_err();
    assert!(page.contains(&error.message), "{error}");
}
