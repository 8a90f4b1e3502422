"""P11: the scheduler's jobs, one process for each: a pass with work, passes with nothing to do, memory."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.goals.imports import list_of, write_list
from benchmarks.measuring import Table, count, medians, ms, times
from benchmarks.province import COUNTER, FIRST_INSPECTOR
from benchmarks.running import Run
from benchmarks.stores import Store
from benchmarks.working import CommandFailed, Worker

OLD = "2025-01-01 01:00:00.000000"
NEVER_IDLE = {"verify_event_log"}
"""Jobs that always have something to do, and a goal of their own."""
Prepare = Callable[[Store, Worker, int], None]


@dataclass(frozen=True)
class Work:
    """What is put before a job. `unit` is the word of the job's report that counts what it did."""

    job: str
    unit: str
    number: int = 0
    prepare: Prepare | None = None


def old_drafts(store: Store, _worker: Worker, number: int) -> None:
    store.raw.many(
        "INSERT INTO cases (draft_key, draft, status, company_id, inspector_id, region_code, created_at,"
        " updated_at, version) VALUES (?, '{}', 'draft', 1, ?, '53.71', ?, ?, 1)",
        [(f"old-{at}", FIRST_INSPECTOR, OLD, OLD) for at in range(number)],
    )


def old_attempts(store: Store, _worker: Worker, number: int) -> None:
    rows = [(f"email:{at}@bench.example", OLD) for at in range(number)]
    store.raw.many("INSERT INTO sign_in_attempts (who, at) VALUES (?, ?)", rows)


def old_answers(store: Store, _worker: Worker, number: int) -> None:
    store.raw.many(
        "INSERT INTO idempotent_answers (user_id, key, request_hash, status, headers, body, created_at)"
        " VALUES (?, ?, '', 201, '{}', '{}', ?)",
        [(COUNTER, f"old-{at}", OLD) for at in range(number)],
    )


def due_messages(store: Store, _worker: Worker, _number: int) -> None:
    """The messages that wait, all due: a new process begins its day before the digests were sent."""
    store.raw.run("UPDATE messages SET next_try_at = ? WHERE next_try_at IS NOT NULL", (OLD,))


def new_companies(_store: Store, worker: Worker, number: int) -> None:
    """Companies that were not compared with the others yet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "list.csv"
        write_list(file, list_of(number, 990))
        worker.run("companies", "import", str(file))


COLUMNS = (
    "store", "companies", "job", "with work", "per 1,000 (people: goal ≤ 2 s)",
    "nothing to do (goal ≤ 50 ms)", "growth", "memory (goal ≤ 200 MB)",
)  # fmt: skip
WORKS = (
    Work("send_morning_digests", "digests"),
    Work("deliver_messages", "sent", prepare=due_messages),
    Work("find_duplicates", "companies compared", 100, new_companies),
    Work("discard_old_drafts", "discarded", 200, old_drafts),
    Work("purge_sign_ins", "attempts", 1_000, old_attempts),
    Work("forget_idempotent_answers", "answers", 1_000, old_answers),
)
"""Jobs measured with work too; the sweep, imports and the walk of the log have goals of their own."""


def measure(run: Run) -> list[Table]:
    table = Table("P11 Jobs: CPU of a pass, and the most memory of its process", COLUMNS)
    idle: dict[tuple[str, int, str], float | None] = {}
    works = {work.job: work for work in WORKS}
    for store in run.all(run.ends):
        store.raw.run("UPDATE messages SET next_try_at = NULL WHERE next_try_at IS NOT NULL")
        for job in _names(run.worker(store)):
            with ExitStack() as stack:
                worker = run.worker(store) if run.is_trial else Worker(store.url, stack, store.cpu)
                try:
                    done = (
                        _with_work(run, store, worker, works[job]) if job in works else ("–", "–")
                    )
                    nothing = None if job in NEVER_IDLE else _idle(run, worker, job)
                except CommandFailed as failure:
                    done, nothing = (f"failed: {str(failure)[-200:]}", "–"), None
                memory = f"{worker.run('--help').memory:.0f} MB"
            idle[store.kind, store.size, job] = nothing
            first = idle[store.kind, run.sizes[0], job]
            grown = (
                times(nothing, first) if nothing and first and store.size > run.sizes[0] else "–"
            )
            shown = "–" if nothing is None else ms(nothing)
            table.rows.append((store.kind, count(store.size), job, *done, shown, grown, memory))
    table.notes.append(
        "A process for each job, already started; growth is that of the pass with nothing to do."
    )
    return [table]


def _names(worker: Worker) -> list[str]:
    """The jobs of the schedule, in the order in which one makes work for the next."""
    listed = re.findall(r"^(\w+)$", worker.run("jobs", "list").output, flags=re.MULTILINE)
    order = [work.job for work in WORKS]
    return sorted(listed, key=lambda job: order.index(job) if job in order else len(order))


def _with_work(run: Run, store: Store, worker: Worker, work: Work) -> tuple[str, str]:
    """One pass with work: what it did and its CPU, and its CPU per 1,000."""
    number = run.some(work.number) if work.number else 0
    if work.prepare is not None:
        worker.run("jobs", "run", work.job)  # what was left to do before
        work.prepare(store, worker, number)
    done = worker.run("jobs", "run", work.job)
    if not number:
        reported = re.search(rf"{work.unit} (\d+)", done.output)
        assert reported, f"{work.job} had nothing to do in {store.name}: {done.output}"
        number = int(reported[1])
    return f"{count(number)} {work.unit}: {ms(done.cpu)}", ms(done.cpu / number * 1000)


def _idle(run: Run, worker: Worker, job: str) -> float:
    """The CPU of a pass with nothing to do, once everything is done."""
    for _ in range(10_000):
        if worker.run("jobs", "run", job).output.endswith("nothing to do"):
            break
    else:
        raise SystemExit(f"{job} never comes to its end")

    def go(_turn: int) -> float:
        done = worker.run("jobs", "run", job)
        assert done.output.endswith("nothing to do"), done.output
        return done.cpu

    return medians(run.rounds, {job: go})[job]
