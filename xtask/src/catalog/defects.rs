//! Seeded defects of an engine, each of which the catalog command has to catch.
//!
//! The real program runs, and a proxy stands between it and the echo. The proxy changes each request, or the answer,
//! as an engine with one defect would have: a dropped query, an unencoded path, a lost type. What the upstream sees and
//! what the caller gets is then what a broken engine would give, so a defect that passes for right here would pass
//! in the catalog.

mod list;
mod proxy;

use std::path::Path;

use naftiko_oracle::{Echo, Fill, Outcome as Expectation, load};

use self::list::{DEFECTS, Defect};
use self::proxy::Proxy;
use super::calls::Doors;
use super::process::Running;
use super::verdict::Outcome;

/// The differences that the oracle sees in the calls of the document.
async fn differences(running: &Running, echo: &Echo, path: &Path) -> Vec<String> {
    let mut doors = Doors::new(&running.servers);
    let mut found = Vec::new();
    let mut judged = 0;
    for case in load(path).cases(Fill::All) {
        let Expectation::Call(call) = &case.outcome else {
            panic!("{}: {:?}", case.name, case.outcome)
        };
        match doors.judge(&case, call, echo).await {
            Outcome::Right => judged += 1,
            Outcome::Wrong(lines) => {
                judged += 1;
                found.extend(lines);
            }
            other => panic!("{}: {other:?}", case.name),
        }
    }
    assert_eq!(judged, 3);
    found
}

#[tokio::test]
async fn each_seeded_defect_is_caught() {
    let binary = crate::binary::find(false).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("defects.yaml");
    std::fs::write(&path, include_str!("defects/capability.yaml")).unwrap();
    let document = load(&path);
    let namespaces: Vec<String> = document
        .upstreams
        .iter()
        .map(|upstream| upstream.namespace.clone())
        .collect();
    let echo = Echo::start(&namespaces).await.unwrap();
    let proxy = Proxy::start(&echo.upstream(&namespaces[0]).unwrap()).await;
    let options: Vec<String> = namespaces
        .iter()
        .flat_map(|name| {
            [
                "--upstream".to_owned(),
                format!(
                    "{name}={}",
                    proxy.in_place_of(&echo.upstream(name).unwrap())
                ),
            ]
        })
        .collect();
    let running = Running::start(&binary, &path, &options, &document.variables)
        .await
        .unwrap();

    // Without a defect nothing differs: what is found below is the defect's.
    assert_eq!(
        differences(&running, &echo, &path).await,
        Vec::<String>::new()
    );
    assert!(DEFECTS.len() >= 10);
    for Defect {
        name,
        change,
        seen_as,
    } in DEFECTS
    {
        proxy.set(Some(*change));
        let found = differences(&running, &echo, &path).await;
        assert!(
            found.iter().any(|line| line.contains(seen_as)),
            "`{name}` is not seen as `{seen_as}`: {found:#?}"
        );
    }
    proxy.set(None);
    assert_eq!(
        differences(&running, &echo, &path).await,
        Vec::<String>::new()
    );
    running.stop().await;
}
