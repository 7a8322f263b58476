//! The naftiko command.
fn main() {}
