//! Integration tests of the naftiko command over real sockets.
