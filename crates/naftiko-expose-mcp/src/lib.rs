//! Exposes a capability as an MCP server.
