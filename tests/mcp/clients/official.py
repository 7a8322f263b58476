"""The official Python SDK. official.py TARGET PLAN MODE: TARGET and PLAN as in plan.mjs, MODE legacy, auto or a revision."""

import asyncio
import json
import sys

from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client


def server(target: str):
    if target.startswith("stdio:"):
        command, *args = json.loads(target.removeprefix("stdio:"))
        return stdio_client(StdioServerParameters(command=command, args=args))
    return target


async def main(target: str, plan: dict, mode: str) -> None:
    async with Client(server(target), mode=mode) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert names == plan["tools"], f"listed {names}"
        for call in plan["calls"]:
            result = await client.call_tool(call["name"], call["arguments"])
            text = result.model_dump_json()
            assert bool(result.is_error) == bool(call.get("error")), f"{call['name']}: {text}"
            assert json.dumps(call.get("contains", ""))[1:-1] in text, f"{call['name']}: {text}"
        version = getattr(client, "protocol_version", None)
        print(json.dumps({"tools": len(names), "calls": len(plan["calls"]), "version": version}))


with open(sys.argv[2], encoding="utf-8") as file:
    asyncio.run(main(sys.argv[1], json.load(file), sys.argv[3]))
