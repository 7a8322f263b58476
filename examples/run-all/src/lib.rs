//! Nothing of its own: its tests run every example with `--check`, and compare the snippets of `docs/embedding.md` with
//! the marked regions of the examples that they come from.
