"""A client of the MCP server, as an assistant's program is one: the official SDK, and a process of `beehive mcp`."""

import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import ClientSession, StdioServerParameters, stdio_client


@dataclass
class Assistant:
    """What an assistant's program does: it calls tools and reads what they answer."""

    portal: BlockingPortal
    session: ClientSession
    instructions: str

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Call a tool and return its answer; the client checks it against the output schema."""
        result = self.portal.call(self.session.call_tool, tool, arguments)
        (content,) = result.content
        assert not result.is_error, content.text
        answer = result.structured_content
        assert json.loads(content.text) == answer
        assert set(answer["build"]) == {"build_id", "built_at", "latest_release_date"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+", answer["build"]["built_at"])
        return dict(answer)

    def error(self, tool: str, **arguments: Any) -> str:
        """Call a tool and return its error."""
        result = self.portal.call(self.session.call_tool, tool, arguments)
        (content,) = result.content
        assert result.is_error, content.text
        return str(content.text).removeprefix(f"Error executing tool {tool}: ")

    def rows(self, sql: str, **options: Any) -> list[list[Any]]:
        return list(self.call("query", sql=sql, **options)["rows"])


@asynccontextmanager
async def connected(warehouse: Path, *flags: str) -> AsyncIterator[tuple[ClientSession, str]]:
    beehive = Path(sys.executable).with_name("beehive")
    server = StdioServerParameters(command=str(beehive), args=["mcp", "--warehouse", str(warehouse), *flags])
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        yield session, (await session.initialize()).instructions or ""


@contextmanager
def assistant(warehouse: Path, *flags: str) -> Iterator[Assistant]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(connected(warehouse, *flags)) as (session, instructions),
    ):
        yield Assistant(portal, session, instructions)
