//! The requests in flight: how a client's `notifications/cancelled` finds the call that it means.
//!
//! A request is known by its session and its id; ids of different sessions never meet. Requests without a session are not
//! kept: nobody can name them, and their client ends them by closing its connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

type Key = (String, String);

/// The requests in flight.
#[derive(Default)]
pub(super) struct Calls {
    running: Arc<Mutex<HashMap<Key, Vec<CancellationToken>>>>,
}

/// One request in flight; dropping it ends it.
pub(super) struct Call {
    key: Key,
    token: CancellationToken,
    running: Arc<Mutex<HashMap<Key, Vec<CancellationToken>>>>,
}

impl Calls {
    /// Notes a request. A client that uses one id twice at a time has both answered, and a cancellation ends both.
    pub(super) fn enter(&self, session: &str, id: &str) -> Call {
        let key = (session.to_owned(), id.to_owned());
        let token = CancellationToken::new();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.entry(key.clone()).or_default().push(token.clone());
        Call {
            key,
            token,
            running: Arc::clone(&self.running),
        }
    }

    /// Cancels the requests of that id. Unknown ones are finished, which is fine.
    pub(super) fn cancel(&self, session: &str, id: &str) {
        let key = (session.to_owned(), id.to_owned());
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        for token in running.get(&key).into_iter().flatten() {
            token.cancel();
        }
    }
}

impl Call {
    /// Waits until the client cancels the request.
    pub(super) async fn cancelled(&self) {
        self.token.cancelled().await;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // Own tokens are told apart by being cancelled here.
        self.token.cancel();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tokens) = running.get_mut(&self.key) {
            tokens.retain(|token| !token.is_cancelled());
            if tokens.is_empty() {
                running.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_cancellation_finds_its_call_and_no_other() {
        let calls = Calls::default();
        let (one, twin) = (calls.enter("s", "1"), calls.enter("s", "1"));
        let other = calls.enter("t", "1");
        calls.cancel("s", "2");
        assert!(!one.token.is_cancelled());
        calls.cancel("s", "1");
        one.cancelled().await;
        twin.cancelled().await;
        assert!(!other.token.is_cancelled());
        drop((one, twin, other));
        assert!(calls.running.lock().unwrap().is_empty());
    }
}
