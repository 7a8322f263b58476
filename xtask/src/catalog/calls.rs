//! Making the oracle's calls at a running program.

use std::collections::BTreeMap;

use naftiko_oracle::{
    Call, Caller, Case, Echo, check_request, check_rest_answer, check_tool_answer, encode_query,
};
use serde_json::Value;

use super::client::{Connection, Reply};
use super::mcp::Session;
use super::process::Server;
use super::verdict::Outcome;

/// The servers of one program, each with its connection.
#[derive(Debug)]
pub(super) struct Doors {
    servers: Vec<Server>,
    rest: BTreeMap<String, Connection>,
    tools: BTreeMap<String, Result<Session, String>>,
}

/// What a caller got.
enum Got {
    Reply(Reply),
    Result(Value),
}

impl Doors {
    pub(super) fn new(servers: &[Server]) -> Self {
        Self {
            servers: servers.to_vec(),
            rest: BTreeMap::new(),
            tools: BTreeMap::new(),
        }
    }

    /// The URL of the server that exposes a case.
    pub(super) fn url(&self, case: &Case) -> Option<String> {
        let kind = if case.route.is_some() { "rest" } else { "mcp" };
        let namespace = if case.exposer.is_empty() {
            kind
        } else {
            &case.exposer
        };
        let mut of_kind = self.servers.iter().filter(|server| server.kind == kind);
        of_kind
            .find(|server| server.namespace == namespace)
            .map(|server| server.url.clone())
    }

    /// Calls a REST operation.
    pub(super) async fn rest(&mut self, url: &str, caller: &Caller) -> Result<Reply, String> {
        let Caller::Rest {
            method,
            path,
            query,
            headers,
            body,
        } = caller
        else {
            return Err("not a REST call".to_owned());
        };
        let connection = self
            .rest
            .entry(url.to_owned())
            .or_insert_with(|| Connection::new(url));
        let query = encode_query(query);
        let target = if query.is_empty() {
            path.clone()
        } else {
            format!("{path}?{query}")
        };
        let mut headers = headers.clone();
        if body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let body = body.as_ref().map(|body| body.to_string().into_bytes());
        connection.send(method, &target, &headers, body).await
    }

    async fn tool(&mut self, url: &str, caller: &Caller) -> Result<Value, String> {
        let Caller::Tool { name, arguments } = caller else {
            return Err("not a tool call".to_owned());
        };
        if !self.tools.contains_key(url) {
            self.tools.insert(url.to_owned(), Session::open(url).await);
        }
        match self.tools.get_mut(url) {
            Some(Ok(session)) => session.call(name, arguments).await,
            Some(Err(problem)) => Err(problem.clone()),
            None => Err("no session".to_owned()),
        }
    }

    /// Calls a case against an echo and compares the request and the answer.
    pub(super) async fn judge(&mut self, case: &Case, call: &Call, echo: &Echo) -> Outcome {
        let Some(url) = self.url(case) else {
            return Outcome::NoServer;
        };
        let sample = match &call.answer {
            naftiko_oracle::Answer::Shaped(shape) => shape.sample(),
            _ => Value::Null,
        };
        echo.prepare(sample);
        let _ = echo.take();
        let got = match &call.caller {
            caller @ Caller::Rest { .. } => self.rest(&url, caller).await.map(Got::Reply),
            caller @ Caller::Tool { .. } => self.tool(&url, caller).await.map(Got::Result),
        };
        let seen = echo.take();
        let got = match got {
            Ok(got) => got,
            Err(problem) => return Outcome::Wrong(vec![problem]),
        };
        let [observed] = seen.as_slice() else {
            let said = match &got {
                Got::Reply(reply) => format!(
                    "{} {}",
                    reply.status,
                    brief(&String::from_utf8_lossy(&reply.body))
                ),
                Got::Result(result) => brief(&result.to_string()),
            };
            let what = if seen.is_empty() {
                "no request".to_owned()
            } else {
                format!("{} requests", seen.len())
            };
            return Outcome::Wrong(vec![format!(
                "{what} reached the upstream; the caller got {said}"
            )]);
        };
        let mut found = check_request(&call.expected, observed);
        found.extend(match (&got, &call.caller) {
            (Got::Reply(reply), Caller::Rest { method, .. }) => check_rest_answer(
                &call.answer,
                &observed.answer,
                method,
                reply.status,
                &reply.body,
            ),
            (Got::Result(result), _) => check_tool_answer(&call.answer, &observed.answer, result),
            (Got::Reply(_), Caller::Tool { .. }) => Vec::new(),
        });
        if found.is_empty() {
            Outcome::Right
        } else {
            Outcome::Wrong(found)
        }
    }
}

/// The beginning of a text.
pub(super) fn brief(text: &str) -> String {
    let mut short: String = text.chars().take(240).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
