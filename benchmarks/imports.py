"""What a counter waits while a long list is imported (performance goal P4).

`python -m benchmarks.imports` asks the counter's question again and again, with its token check and its logged receipt,
first in quiet and then while `flask companies import` works on 100,000 generated rows. Loopback only; stops by itself.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.__main__ import Server, token_of
from benchmarks.data import ROOT, build, environment

KNOWN, PORT = 10_000, 18190
QUIET = 400
BETWEEN = 0.02
"""Seconds between two applicants: a busy province, not a flood."""


def write_list(path: Path, rows: int) -> None:
    """A list of generated companies, as BPJS would send it."""
    chance = random.Random(4)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Nama Perusahaan", "NIB", "NPWP", "NPP", "Kab/Kota", "Alamat", "Jumlah TK"])
        for number in range(rows):
            name = "".join(chance.choice("bdgklmnprstw") + chance.choice("aeiou") for _ in range(4)).title()
            writer.writerow([
                f"PT {name} Contoh {number}", f"8{number:012}", f"{number:09}922000" if number % 3 else "",
                f"7{number:07}" if number % 5 else "", "Kota Kupang", f"Jalan Contoh {number}", chance.randint(1, 400),
            ])  # fmt: skip


def ask_until(server: Server, headers: dict[str, str], over: Callable[[int], bool]) -> list[float]:
    """How long each check took in milliseconds, one applicant after the other, until `over(count)`."""
    waits: list[float] = []
    connection, pause = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), threading.Event()
    while not over(len(waits)):
        body = json.dumps({"nib": str(9_100_000_000_001 + (len(waits) * 7919) % KNOWN)})
        begun = time.perf_counter()
        connection.request("POST", "/api/v1/clearance", body, headers)
        response = connection.getresponse()
        text = response.read()
        waits.append((time.perf_counter() - begun) * 1000)
        assert response.status == 201, text[:300]
        pause.wait(BETWEEN)
    connection.close()
    return waits


def line(name: str, waits: list[float]) -> str:
    p95 = statistics.quantiles(waits, n=20)[-1]
    return (
        f"| {name} | {len(waits)} | {statistics.median(waits):.1f} ms | {p95:.1f} ms | {max(waits):.1f} ms |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        database, list_file = Path(folder) / "patuh.sqlite3", Path(folder) / "daftar.csv"
        shutil.copyfile(build(KNOWN), database)
        subprocess.run([sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=environment(database),
                       check=True, capture_output=True)  # fmt: skip
        write_list(list_file, rows)
        token = token_of(database, "counter@bench.example")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        server = Server("wsgi:app", database, PORT)
        try:
            ask_until(server, headers, lambda count: count >= QUIET // 4)
            quiet = ask_until(server, headers, lambda count: count >= QUIET)
            begun = time.perf_counter()
            work = subprocess.Popen(
                [sys.executable, "-m", "flask", "companies", "import", str(list_file)],
                cwd=ROOT, env=environment(database), stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            busy = ask_until(server, headers, lambda _count: work.poll() is not None)
            seconds = time.perf_counter() - begun
        finally:
            server.stop()
        told = (work.stdout.read() if work.stdout else "").strip().splitlines()
    assert work.returncode == 0, told
    print("| counter checks | asked | median | p95 | longest |\n|---|---|---|---|---|")
    print(line("in quiet", quiet))
    print(line("while importing", busy))
    print(f"\n{rows:,} rows in {seconds:.0f} s: {told[0] if told else ''}")


if __name__ == "__main__":
    main()
