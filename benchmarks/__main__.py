"""`make bench`: prints the table that stands in docs/performance.md. Loopback only; stops by itself.

python -m benchmarks [--sizes 10000,100000] [--rounds 5]
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from benchmarks.data import ROOT, build, environment

TICK = os.sysconf("SC_CLK_TCK")
LOOKUPS, QUEUES, RENDERS = 400, 60, 300


class Server:
    """A gunicorn on a private port, one gthread worker, on a copy of a database. Stopped with the stack it is on."""

    def __init__(self, target: str, database: Path, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "4", "--no-control-socket",
             "--bind", f"127.0.0.1:{port}", "--log-level", "error", target],
            cwd=ROOT, env=environment(database), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        pause = threading.Event()
        for _ in range(300):
            try:
                self.ask("GET", "/healthz")
                break
            except OSError:
                pause.wait(0.1)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body or None, headers)
        return connection.getresponse()

    def cpu(self) -> float:
        """CPU seconds used so far by the worker."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        total = 0
        for pid in (str(self.process.pid), *children):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def measure(
        self, count: int, request: Callable[[int], tuple[str, str, str, dict[str, str]]], status: int
    ) -> float:
        """CPU milliseconds per request over `count` requests on one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        before = self.cpu()
        for number in range(count):
            method, path, body, headers = request(number)
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read()
            assert response.status == status, (path, response.status, text[:300])
        connection.close()
        return (self.cpu() - before) / count * 1000

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def signed_in(server: Server, email: str) -> str:
    """The cookies of somebody signed in."""
    page = server.ask("GET", "/login")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    cookies = [value.split(";")[0] for value in page.headers.get_all("Set-Cookie") or []]
    form = urllib.parse.urlencode(
        {"csrf_token": token and token[1], "email": email, "password": "kata sandi contoh"}
    )
    answer = server.ask(
        "POST",
        "/login",
        form,
        **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": "; ".join(cookies)},
    )
    assert answer.status in (302, 303), answer.read()[:300]
    cookies += [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
    return "; ".join({each.split("=", 1)[0]: each for each in cookies}.values())


def token_of(database: Path, email: str) -> str:
    command = [sys.executable, "-m", "flask", "token", "add", email, "--name", "bench"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(database), check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1]


def lookups(sizes: list[int], rounds: int, folder: Path) -> dict[int, tuple[float, float]]:
    """Per size: CPU ms of Patuh's POST /clearance, and of the bare route's; rounds interleaved."""
    servers: dict[int, tuple[Server, Server, dict[str, str]]] = {}
    stack = ExitStack()
    for place, size in enumerate(sizes):
        ours, bare = folder / f"ours-{size}.sqlite3", folder / f"bare-{size}.sqlite3"
        shutil.copyfile(build(size), ours)
        token = token_of(ours, "counter@bench.example")
        shutil.copyfile(ours, bare)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        mine, theirs = (
            Server("wsgi:app", ours, 18100 + 2 * place),
            Server("benchmarks.bare:app", bare, 18101 + 2 * place),
        )
        stack.callback(mine.stop)
        stack.callback(theirs.stop)
        servers[size] = (mine, theirs, headers)
    taken: dict[int, tuple[list[float], list[float]]] = {size: ([], []) for size in sizes}
    with stack:
        for turn in range(rounds + 1):
            for size, (ours, bare, headers) in servers.items():

                def nib(number: int, size: int = size, turn: int = turn) -> str:
                    return json.dumps(
                        {"nib": str(9_100_000_000_000 + 1 + (number * 7919 + turn * 104729) % size)}
                    )

                results = (
                    ours.measure(LOOKUPS, lambda n: ("POST", "/api/v1/clearance", nib(n), headers), 201),  # noqa: B023
                    bare.measure(LOOKUPS, lambda n: ("POST", "/clearance", nib(n), headers), 201),  # noqa: B023
                )
                if turn:  # the first round warms up
                    taken[size][0].append(results[0])
                    taken[size][1].append(results[1])
    return {
        size: (statistics.median(mine), statistics.median(theirs)) for size, (mine, theirs) in taken.items()
    }


def queues(sizes: list[int], rounds: int, folder: Path) -> dict[int, tuple[float, float, float]]:
    """Per size: CPU ms of the queue's first page, of a deep page, and of the bare render of 50 rows."""
    row = {
        "id": 1, "company": "PT Contoh Usaha 0000001", "number": "NTT-2026-0000001", "nota": "560/0000001-NP/2026",
        "region": "Kab. Ende", "effective_on": "12 Mei 2026", "days": 192, "missing": 12, "total": 20,
        "inspector": "inspector Contoh", "flag": "Peringatan",
    }  # fmt: skip
    template = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template(
        "queue_rows.html"
    )
    result: dict[int, tuple[float, float, float]] = {}
    with ExitStack() as stack:
        for place, size in enumerate(sizes):
            copy = folder / f"queue-{size}.sqlite3"
            shutil.copyfile(build(size), copy)
            server = Server("wsgi:app", copy, 18200 + place)
            stack.callback(server.stop)
            cookie = {"Cookie": signed_in(server, "team@bench.example")}
            page = server.ask("GET", "/queue?size=50", **cookie).read().decode()
            assert page.count("<tr") >= 50, "the queue shows no rows"
            deep = deep_page(server, cookie)
            taken: tuple[list[float], list[float], list[float]] = ([], [], [])
            for turn in range(rounds + 1):
                first = server.measure(QUEUES, lambda _n: ("GET", "/queue?size=50", "", cookie), 200)  # noqa: B023
                far = server.measure(QUEUES, lambda _n: ("GET", deep, "", cookie), 200)  # noqa: B023
                begun = time.process_time()
                for _ in range(RENDERS):
                    template.render(rows=[row] * 50)
                bare = (time.process_time() - begun) / RENDERS * 1000
                if turn:
                    for figures, figure in zip(taken, (first, far, bare), strict=True):
                        figures.append(figure)
            first, far, bare = map(statistics.median, taken)
            result[size] = (first, far, bare)
    return result


def deep_page(server: Server, cookie: dict[str, str]) -> str:
    """The address of a page some way down, found by turning pages."""
    address = "/queue?size=50"
    for _ in range(12):
        found = re.search(
            r'rel="next"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="next"',
            server.ask("GET", address, **cookie).read().decode(),
        )
        if found is None:
            break
        address = (found[1] or found[2]).replace("&amp;", "&")
    return address


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", default="10000,100000")
    arguments.add_argument("--rounds", type=int, default=5)
    options = arguments.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="patuh-bench-") as folder:
        looked, listed = (
            lookups(sizes, options.rounds, Path(folder)),
            queues(sizes, options.rounds, Path(folder)),
        )
    print(
        f"SQLite, one gthread worker, CPU of the server per request, medians of {options.rounds} interleaved rounds\n"
    )
    print(
        "| companies | P1 lookup | bare route | ratio (goal ≤ 3) | P2 queue, 50 rows | deep page | bare render | ratio (goal ≤ 7) |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        ours, bare = looked[size]
        first, deep, render = listed[size]
        print(
            f"| {size:,} | {ours:.2f} ms | {bare:.2f} ms | {ours / bare:.2f} | {first:.2f} ms | {deep:.2f} ms"
            f" ({deep / first:.2f}×) | {render:.2f} ms | {first / render:.2f} |"
        )
    small, large = sizes[0], sizes[-1]
    print(
        f"\nGrowth from {small:,} to {large:,}: lookup {looked[large][0] / looked[small][0]:.2f}×, queue {listed[large][0] / listed[small][0]:.2f}×."
    )


if __name__ == "__main__":
    main()
