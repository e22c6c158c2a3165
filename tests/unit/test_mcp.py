"""The parts of the MCP server that need no client; tests/clients/test_mcp.py has the rest."""

import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import cli
from flows.errors import Unusable
from flows.mcp.statement import to_json
from flows.mcp.text import paginate


@given(st.text("aā. \n", max_size=400), st.integers(2, 60))
def test_the_pages_of_a_text_are_the_text(text: str, size: int) -> None:
    pages = paginate(text, size)
    assert "".join(pages) == text
    assert max(map(len, pages)) <= size


def test_a_page_ends_where_a_paragraph_or_a_sentence_does() -> None:
    assert paginate("One line.\n\nTwo. More words", 18) == ["One line.\n\n", "Two. More words"]
    assert paginate("One sentence. More words", 18) == ["One sentence. ", "More words"]
    assert paginate("", 10) == [""]


def test_a_number_that_json_would_round_becomes_text() -> None:
    assert to_json([2**53, 2**53 + 1, Decimal("0.10"), Decimal("0.12345678901234567890"), float("inf")]) == [
        2**53, str(2**53 + 1), 0.1, "0.12345678901234567890", "inf",
    ]  # fmt: skip


def test_without_the_extra_the_command_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("flows.mcp")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(Unusable, match=r"needs the extra `mcp`: run `.venv/bin/uv pip install"):
        cli.mcp()
