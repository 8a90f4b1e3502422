"""Law 1: only `core/clock` tells the time, and no statement asks the database for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.source import modules
from tests.house.writers import imported, resolved

TELLS_THE_TIME = re.compile(
    r"(datetime\.)?(datetime|date)\.(now|utcnow|today)"
    r"|time\.(time|time_ns|localtime|gmtime|ctime|asctime|strftime)"
    r"|sqlalchemy(\.\w+)*\.(now|current_timestamp|current_date|current_time|localtime|localtimestamp)"
)
"""By the full name, under whatever name it was imported. A span is measured with `monotonic`."""
SQL_THAT_ASKS = re.compile(
    r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bLOCALTIME(STAMP)?\b"
    r"|\b(now|(clock|statement|transaction)_timestamp|unixepoch)\(\)"
    r"|\b(date|time|datetime|julianday|strftime)\([^)]*'now'",
    re.I,
)
CLOCK = "compliance/core/clock.py"


def asks_the_time(tree: ast.Module) -> Iterator[int]:
    """The lines that name a function that tells the time, called or handed on, or SQL that does."""
    full = imported(tree)
    for node in ast.walk(tree):
        named = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
        if named and TELLS_THE_TIME.fullmatch(resolved(node, full)):
            yield node.lineno
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and SQL_THAT_ASKS.search(node.value):
            yield node.lineno


def test_only_the_clock_tells_the_time() -> None:
    assert [
        f"{path}:{line}"
        for path, tree in modules().items()
        if path != CLOCK
        for line in asks_the_time(tree)
    ] == []


BREAKAGES = {
    "called": "from datetime import datetime\nnow = datetime.now(UTC)",
    "under another name": "from datetime import datetime as D\nnow = D.now(UTC)",
    "by way of the module": "import datetime as dt\nday = dt.date.today()",
    "handed on and not called": "from datetime import datetime\nat = field(default_factory=datetime.utcnow)",
    "the time of the machine": "from time import time as ticks\nseconds = ticks()",
    "its module under another name": "import time as t\nday = t.strftime('%Y-%m-%d')",
    "a function of the database": "import sqlalchemy as sa\nlate = day < sa.func.current_date()",
    "a default of a column": "from sqlalchemy import func as f\nat = mapped_column(server_default=f.now())",
    "SQL as text": "condition = sa.text('due_on < CURRENT_DATE')",
    "SQL in small letters": "condition = sa.text('due_at < current_timestamp')",
    "SQLite's own way": "condition = sa.text(\"due_on < date('now', '+1 day')\")",
    "PostgreSQL's own way": "condition = sa.text('due_at < clock_timestamp()')",
}  # fmt: skip


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_another_clock_is_seen(breakage: str) -> None:
    assert list(asks_the_time(ast.parse(BREAKAGES[breakage]))) != []


@pytest.mark.parametrize(
    "source",
    [
        "from compliance.core import clock\nnow = clock.now()",
        "import time\nbegan = time.monotonic()",
        "from datetime import datetime\nat = datetime.fromisoformat(text)",
        "from datetime import date\ndef f(date): return date.year",
    ],
)
def test_the_office_clock_and_spans_are_left_alone(source: str) -> None:
    assert list(asks_the_time(ast.parse(source))) == []
