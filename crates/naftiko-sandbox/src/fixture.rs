//! Fixtures: an API's answers as data. Collections of records, routes over them, and an envelope.
//!
//! A fixture is a YAML file (the format is told in `docs/sandbox.md`). It is read and checked
//! once: records are serialised, filters become columns, keys become an index, templates become
//! pieces. A request then looks up, compares and copies bytes; nothing is parsed any more.
//!
//! `document` is the file as it is written; `compile` and `routes` check and lower it, with
//! `problem` and `locate` for what is wrong where; `template` and `answer` make bodies, `list`
//! and `token` filter and page.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderMap;

use crate::path::Captures;
use crate::request::Incoming;
use crate::router::{Lookup, Router};
use answer::Answer;
use credential::CredentialCheck;
use document::RequestIdRule;
use list::{List, Refusal};
use template::{Template, Values};

mod answer;
mod compile;
mod credential;
mod document;
mod list;
mod locate;
mod problem;
mod routes;
mod template;
mod token;

/// The largest fixture file that is read, in bytes.
pub const MAX_FIXTURE_BYTES: usize = 8 * 1024 * 1024;

/// A checked fixture, ready to answer. Clones share the data and the count of requests.
#[derive(Clone)]
pub struct Fixture {
    compiled: Arc<Compiled>,
}

/// Why a fixture cannot be used: the first problem, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureError {
    /// The file as it was named to [`Fixture::parse`].
    pub file: String,
    /// The line, from 1; 0 when the problem is the whole file.
    pub line: usize,
    /// The column in characters, from 1; 0 when the problem is the whole file.
    pub column: usize,
    /// What is wrong and what is expected.
    pub message: String,
}

impl fmt::Display for FixtureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.message)
        } else {
            write!(
                f,
                "{}:{}:{}: {}",
                self.file, self.line, self.column, self.message
            )
        }
    }
}

impl std::error::Error for FixtureError {}

impl fmt::Debug for Fixture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes: Vec<_> = self.compiled.router.listing().collect();
        f.debug_struct("Fixture")
            .field("routes", &routes)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Compiled {
    credential: Option<CredentialCheck>,
    request_ids: RequestIdRule,
    counter: AtomicU64,
    success: Answer,
    router: Router<Route>,
}

#[derive(Debug)]
enum Route {
    List {
        list: List,
        refused: Answer,
    },
    Get {
        items: Arc<Items>,
        by: String,
        data: Template,
        missing: Answer,
    },
    Value(Box<[u8]>),
}

/// The records of a collection, each serialised, and their index by key.
#[derive(Debug)]
struct Items {
    records: Arc<[Box<[u8]>]>,
    by_key: HashMap<String, usize>,
}

/// The answer to one request.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The JSON body.
    pub(crate) body: Vec<u8>,
}

impl Fixture {
    /// Reads and checks the text of a fixture. `file` is only named in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, FixtureError> {
        compile::compile(file, text).map(|compiled| Self {
            compiled: Arc::new(compiled),
        })
    }

    /// The route of a request, if the fixture has one.
    pub(crate) fn find(&self, request: &Incoming) -> Found<'_> {
        match self
            .compiled
            .router
            .find(&request.method, &request.path, &request.query)
        {
            Lookup::Found(route, captures) => Found::Route(FoundRoute { route, captures }),
            Lookup::OtherMethods(methods) => Found::OtherMethods(methods),
            Lookup::Unknown => Found::Unknown,
        }
    }

    /// The refusal of a request that brings no credential, or nothing when it may pass.
    pub(crate) fn refuse(&self, request: &Incoming, headers: &HeaderMap) -> Option<Reply> {
        let check = self.compiled.credential.as_ref()?;
        if check.passes(request, headers) {
            return None;
        }
        Some(self.reply(&check.refused, &Values::default()))
    }

    /// Answers a request that [`Self::find`] found a route for.
    pub(crate) fn answer(&self, found: &FoundRoute<'_>, request: &Incoming) -> Reply {
        let mut data = Vec::new();
        match found.route {
            Route::Value(value) => data.extend_from_slice(value),
            Route::List { list, refused } => match list.select(request) {
                Ok(page) => page.render(&mut data),
                Err(Refusal { parameter, problem }) => {
                    let values = Values {
                        parameter: &parameter,
                        problem: &problem,
                        ..Values::default()
                    };
                    return self.reply(refused, &values);
                }
            },
            Route::Get {
                items,
                by,
                data: template,
                missing,
            } => {
                let wanted = found.captures.iter().find(|(name, _)| name == by);
                let wanted = wanted.map_or("", |(_, value)| value.as_str());
                let record = items
                    .by_key
                    .get(wanted)
                    .and_then(|at| items.records.get(*at));
                let Some(record) = record else {
                    return self.reply(
                        missing,
                        &Values {
                            key: wanted,
                            ..Values::default()
                        },
                    );
                };
                template.render(
                    &Values {
                        record,
                        ..Values::default()
                    },
                    &mut data,
                );
            }
        }
        self.reply(
            &self.compiled.success,
            &Values {
                data: &data,
                ..Values::default()
            },
        )
    }

    /// Every route as `METHOD /template`.
    pub(crate) fn listing(&self) -> impl Iterator<Item = String> {
        self.compiled.router.listing()
    }

    fn reply(&self, answer: &Answer, values: &Values<'_>) -> Reply {
        let number = self.compiled.counter.fetch_add(1, Ordering::Relaxed) + 1;
        let request_id = self.compiled.request_ids.text(number);
        let values = Values {
            request_id: &request_id,
            status: answer.status,
            ..*values
        };
        let mut body = Vec::with_capacity(values.data.len() + 128);
        answer.body.render(&values, &mut body);
        Reply {
            status: answer.status,
            body,
        }
    }
}

/// What [`Fixture::find`] found.
#[derive(Debug)]
pub(crate) enum Found<'fixture> {
    Route(FoundRoute<'fixture>),
    OtherMethods(Vec<&'fixture str>),
    Unknown,
}

/// A route with the values of its placeholders.
#[derive(Debug)]
pub(crate) struct FoundRoute<'fixture> {
    route: &'fixture Route,
    captures: Captures,
}
