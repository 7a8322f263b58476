"""FastMCP serves the tools of an OpenAPI document: python fastmcp.py DOCUMENT PORT."""

import json
import sys
from pathlib import Path

from fastmcp import FastMCP

document, port = sys.argv[1:]
server = FastMCP.from_openapi(json.loads(Path(document).read_text()), name="items")
server.run(
    transport="http",
    host="127.0.0.1",
    port=int(port),
    path="/mcp",
    # No sessions and no event streams: the quickest of its ways.
    stateless_http=True,
    json_response=True,
    # As in production: no banner (nor the look for a newer version that comes with it), no line for every request.
    show_banner=False,
    log_level="warning",
    uvicorn_config={"access_log": False},
)
