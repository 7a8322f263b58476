//! Sessions that hold nothing: an id that this process gave out, so that a client's cancellations find its own calls.
//!
//! An id carries a tag that only this process can make, so that no table of living sessions is kept and nobody can fill
//! one. Only the ids that clients ended are remembered, the latest of them.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

/// How many ended sessions are remembered. An older one would be taken for alive, which harms nobody: it holds nothing.
const REMEMBERED: usize = 10_000;

/// The sessions of one server.
pub(super) struct Sessions {
    keys: [RandomState; 2],
    ended: Mutex<Ended>,
}

#[derive(Default)]
struct Ended {
    ids: HashSet<String>,
    order: VecDeque<String>,
}

impl Sessions {
    pub(super) fn new() -> Self {
        Self {
            keys: [RandomState::new(), RandomState::new()],
            ended: Mutex::default(),
        }
    }

    /// A new session: its id is visible ASCII that cannot be guessed.
    pub(super) fn start(&self) -> String {
        let random = uuid::Uuid::new_v4().simple().to_string();
        let tag = self.tag(&random);
        random + &tag
    }

    /// Whether `id` was given out here and is not ended.
    pub(super) fn knows(&self, id: &str) -> bool {
        let genuine = match id.split_at_checked(32) {
            Some((random, tag)) => self.tag(random) == tag,
            None => false,
        };
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        genuine && !ended.ids.contains(id)
    }

    /// Ends the session; whether there was one.
    pub(super) fn end(&self, id: &str) -> bool {
        if !self.knows(id) {
            return false;
        }
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.ids.insert(id.to_owned()) {
            ended.order.push_back(id.to_owned());
        }
        if ended.order.len() > REMEMBERED
            && let Some(oldest) = ended.order.pop_front()
        {
            ended.ids.remove(&oldest);
        }
        true
    }

    fn tag(&self, random: &str) -> String {
        let [one, two] = &self.keys;
        format!("{:016x}{:016x}", one.hash_one(random), two.hash_one(random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_were_given_out_are_known() {
        let sessions = Sessions::new();
        let (one, two) = (sessions.start(), sessions.start());
        assert!(one != two && sessions.knows(&one) && sessions.knows(&two));
        assert!(one.bytes().all(|byte| byte.is_ascii_graphic()));
        for forged in [
            "",
            "x",
            &"0".repeat(64),
            &one[..63],
            &format!("{one}0"),
            "ééééééééééééééééé",
        ] {
            assert!(!sessions.knows(forged), "{forged}");
        }
        assert!(!Sessions::new().knows(&one), "another process gave it out");
        assert!(sessions.end(&one));
        assert!(!sessions.knows(&one) && !sessions.end(&one));
        assert!(sessions.knows(&two));
    }

    #[test]
    fn the_memory_of_ended_sessions_is_bounded() {
        let sessions = Sessions::new();
        for _ in 0..REMEMBERED + 10 {
            sessions.end(&sessions.start());
        }
        let ended = sessions.ended.lock().unwrap();
        assert_eq!(
            (ended.ids.len(), ended.order.len()),
            (REMEMBERED, REMEMBERED)
        );
    }
}
