"""Collects the statements that the product sends, and reads how either store would go about them
with the registry of a big province, without filling one.

A planner looks at statistics, not at rows: a few thousand rows are counted by the store itself, and
what it wrote down is then multiplied. PostgreSQL is also told to avoid whole reads, so that one in a
plan means that there is no other way.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from compliance.core.db import db, is_postgresql
from tests.house.source import ROOT

COMPANIES = 100_000
GROWING = frozenset((
    "companies", "company_names", "company_numbers", "workplaces", "cases",
    "notas", "findings", "submissions", "disputes", "escalations", "circumstances", "files", "evidence",
    "letters",
    "deliveries",
    "membership_proofs", "bpjs_letters", "old_notas",
    "packets",
    "visits", "flags", "acknowledgements", "licence_checks", "events", "messages", "import_rows",
    "plan_entries",
    "readings",
    "plan_reasons", "duplicate_pairs", "doubtful_companies", "merges", "idempotent_answers",
))  # fmt: skip
SMALL = {
    "a few hundred, by their nature": (
        "violations", "holidays", "signatories", "letter_wordings", "article_texts", "letterheads",
        "trust_roots", "read_only", "last_backup",
        "offices", "permit_kinds", "settings", "users", "counters", "stamps",
        "schema_floors", "scheduler_leases",
        "beats", "event_head",
        "event_marks", "job_states", "duplicate_search", "doubt_search",
    ),
    "as many as there are people, a few for each": (
        "api_tokens", "saved_views", "held_forms", "password_resets", "sign_ins", "sign_in_attempts",
        "factors", "recovery_codes", "remembered_devices", "factor_resets",
    ),
    "a job forgets them": ("job_runs", "security_entries"),
    "as many as there were lists": ("imports", "import_files", "import_mappings"),
}  # fmt: skip
ALLOWED = {
    "companies.merged_into_id IS NULL LIMIT": "stops at its ceiling, and nearly every row counts",
    "flags.lifted_at IS NOT NULL LIMIT": (
        "stops at its ceiling, and in the end nearly every flag is lifted"
    ),
    "ORDER BY licence_checks.id DESC": (
        "the newest checks of all offices, along the primary key up to a page"
    ),
    "WITH cores AS": (
        "at night: compares the tax numbers of all companies with each other; still grows with them"
    ),
    "GROUP BY company_names.key HAVING count(*) BETWEEN": (
        "at night: compares the names of all companies with each other; still grows with them"
    ),
    "FROM events ORDER BY events.id": (
        "the whole log is walked once a week, and when it never was"
    ),
    "EXCEPT SELECT events.subject": "once a week: the checks that were decided, and what tells of it",
}
"""Statements that may read a growing table whole: a part of their words, and why."""
READS = ("SELECT", "UPDATE", "DELETE", "WITH")
COMPLIANCE, DEMO, TESTS = (
    str(ROOT / folder) + "/" for folder in ("compliance", "compliance/demo", "tests")
)
Sent = dict[str, Any]
"""Each statement of the product once, with the values it was first sent with."""


def sent_by_the_product() -> bool:
    """Whether the code that sends a statement stands in the product, and not in a test."""
    frame = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(TESTS) and not file.startswith(str(Path(__file__).parent / "plans.py")):
            return False
        if file.startswith(COMPLIANCE) and not file.endswith("/core/db.py"):
            return not file.startswith(DEMO)
        frame = frame.f_back  # type: ignore[assignment]
    return False


@contextmanager
def statements() -> Iterator[Sent]:
    """Collect every statement that the product sends within the block."""
    sent: Sent = {}

    def note(
        _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool
    ) -> None:
        if (
            statement not in sent
            and statement.lstrip().upper().startswith(READS)
            and sent_by_the_product()
        ):
            sent[statement] = values[0] if many else values

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)


FEW = 100
"""What is counted of fewer rows says nothing about many: there the planner falls back on its own guesses."""


def believe_in_many(rows: int) -> None:
    """Let the store believe that each growing table has COMPANIES rows, of which `rows` were counted."""
    connection = db.session.connection()
    connection.exec_driver_sql("ANALYZE")
    if is_postgresql():
        _believe_in_postgresql(connection)
    else:
        _believe_in_sqlite(connection, COMPANIES // rows)
    db.session.commit()


def _believe_in_sqlite(connection: Connection, times: int) -> None:
    counts = connection.exec_driver_sql("SELECT rowid, tbl, stat FROM sqlite_stat1").all()
    for id, table, stat in counts:
        if table in GROWING and int(stat.split()[0]) < FEW:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE rowid = ?", (id,))
        elif table in GROWING:
            connection.exec_driver_sql(
                "UPDATE sqlite_stat1 SET stat = ? WHERE rowid = ?", (multiplied(stat, times), id)
            )
    connection.exec_driver_sql("ANALYZE sqlite_schema")


def _believe_in_postgresql(connection: Connection) -> None:
    growing = ", ".join(f"'{name}'" for name in sorted(GROWING))
    tables = f"(SELECT oid FROM pg_class WHERE relkind = 'r' AND relname IN ({growing}))"
    few = f"SELECT oid FROM pg_class WHERE reltuples < {FEW} AND oid IN {tables}"
    connection.exec_driver_sql(f"DELETE FROM pg_statistic WHERE starelid IN ({few})")
    connection.exec_driver_sql(
        f"UPDATE pg_class SET reltuples = {COMPANIES}, relpages = greatest(relpages, 1) WHERE oid IN {tables}"
        f" OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN {tables})"
    )


def multiplied(stat: str, times: int) -> str:
    """SQLite's count of an index: its rows, and the rows that equal values share, which grow with the rows
    only where the values are few."""
    rows, *shared = (int(word) if word.isdigit() else word for word in stat.split())
    grown = [
        word * times if isinstance(word, int) and rows // word < 1000 else word for word in shared
    ]
    return " ".join(map(str, (rows * times, *grown)))


def full_reads(sent: Sent) -> list[str]:
    """The statements that read a growing table whole, each with the part of the plan that says so."""
    connection = db.session.connection()
    read = _in_postgresql if is_postgresql() else _in_sqlite
    faults = []
    for statement, values in sent.items():
        brief = re.sub(r"\?(, \?)+", "?…", " ".join(statement.split()))
        if not any(words in brief for words in ALLOWED):
            faults += [f"{part}: {brief[:600]}" for part in read(connection, statement, values)]
    return sorted(set(faults))


def _in_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """Scans that walk no partial index, and no index up to a LIMIT."""
    partial = _partial(
        connection, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
    )
    aliases = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    for *_ids, line in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
        if not scan or aliases.get(scan[1], scan[1]) not in GROWING or "VIRTUAL TABLE" in line:
            continue
        if not scan[2] or (scan[2] not in partial and "LIMIT" not in statement):
            yield line


def _in_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """The same, of PostgreSQL's plans: whole reads, and indexes that are walked without a condition."""
    partial = _partial(
        connection, "SELECT indexrelid::regclass::text FROM pg_index WHERE indpred IS NOT NULL"
    )
    for way in ("seqscan", "indexonlyscan"):  # the files are small, so a walk over one looks cheap
        connection.exec_driver_sql(f"SET enable_{way} = off")
    written = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    plan = json.loads(written) if isinstance(written, str) else written
    waiting = [(plan[0]["Plan"], False)]
    while waiting:
        node, stops = waiting.pop()
        kind, table, index = node["Node Type"], node.get("Relation Name"), node.get("Index Name")
        if table in GROWING and kind.endswith("Seq Scan"):
            yield f"Seq Scan on {table}"
        walks = kind.startswith("Index") and "Index Cond" not in node and index not in partial
        if table in GROWING and walks and not stops:
            yield f"{kind} of {table} along {index}"
        stops = kind == "Limit" or (
            stops and kind not in ("Sort", "Aggregate", "Hash", "Materialize")
        )
        waiting += [(inner, stops) for inner in node.get("Plans", ())]


def _partial(connection: Connection, query: str) -> frozenset[str]:
    names: frozenset[str] | None = connection.info.get("partial")
    if names is None:
        names = connection.info["partial"] = frozenset(connection.exec_driver_sql(query).scalars())
    return names
