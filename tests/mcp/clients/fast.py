"""FastMCP's client. fast.py TARGET PLAN: as in plan.mjs."""

import asyncio
import json
import sys

from fastmcp import Client
from fastmcp.client.transports import StdioTransport


def server(target: str):
    if target.startswith("stdio:"):
        command, *args = json.loads(target.removeprefix("stdio:"))
        return StdioTransport(command=command, args=args)
    return target


async def main(target: str, plan: dict) -> None:
    async with Client(server(target)) as client:
        names = [tool.name for tool in await client.list_tools()]
        assert names == plan["tools"], f"listed {names}"
        for call in plan["calls"]:
            result = await client.call_tool(call["name"], call["arguments"], raise_on_error=False)
            text = json.dumps([block.model_dump(mode="json") for block in result.content])
            assert bool(result.is_error) == bool(call.get("error")), f"{call['name']}: {text}"
            wanted = json.dumps(json.dumps(call.get("contains", ""))[1:-1])[1:-1]
            assert wanted in text or call.get("contains", "") in text, f"{call['name']}: {text}"
        print(json.dumps({"tools": len(names), "calls": len(plan["calls"])}))


with open(sys.argv[2], encoding="utf-8") as file:
    asyncio.run(main(sys.argv[1], json.load(file)))
