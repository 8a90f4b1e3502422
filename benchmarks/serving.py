"""Programs behind gunicorn, one worker with four threads on loopback, and the client that asks them.

The listening socket is opened here, on a port that the system says is free, and handed to gunicorn: nobody
else can answer on it. Each benchmark also looks into the store for the rows that its own requests must have
left or shown.
"""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environment import ROOT, environment
from benchmarks.measuring import cpu_of_family, peak_memory
from benchmarks.province import PASSWORD
from benchmarks.stores import Store

OURS = "benchmarks.clocked:app"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Request:
    """What is asked: the method, the address, headers, the body, and the status that the answer must have."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | bytes | None = None
    status: int = 200


class WrongAnswer(SystemExit):
    """A program answered with another status than the one awaited."""


@dataclass(frozen=True)
class Answer:
    """What came back, and what it cost."""

    status: int
    text: str
    headers: http.client.HTTPMessage
    cpu: float
    seconds: float


class Server:
    """A WSGI program on a copy of a store; `more` goes into its environment. The stack stops it."""

    def __init__(
        self,
        target: str,
        store: Store,
        stack: ExitStack,
        python: Path | str = sys.executable,
        **more: str,
    ) -> None:
        self.target, self.store = target, store
        listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = listener.getsockname()[1]
        handle = listener.fileno()
        self.process = subprocess.Popen(
            [
                python,
                "-m",
                "gunicorn",
                "--workers",
                "1",
                "--threads",
                "4",
                "--no-control-socket",
                "--bind",
                f"fd://{handle}",
                "--log-level",
                "error",
                target,
            ],
            cwd=ROOT,
            env={**environment(store.url), **more},
            pass_fds=[handle],
        )
        listener.close()
        stack.callback(self._stop)
        self.ask(Request("/healthz"))
        self._worker = self._children()

    def _children(self) -> list[str]:
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return file.read().split()

    def _stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # at once: nobody waits for an answer
        self.process.wait(30)

    def cpu(self) -> float:
        """CPU seconds used so far by the program and by the processes of its store."""
        return cpu_of_family(self.process.pid) + self.store.cpu()

    def memory(self) -> float:
        """The most memory that the worker has held, in MB."""
        return peak_memory(self._worker[0])

    def ask(self, request: Request) -> Answer:
        """One request on a connection of its own."""
        with Asking(self) as asking:
            return asking.ask(request)

    def cost(self, requests: list[Request]) -> float:
        """CPU seconds per request, over these requests on one connection."""
        with Asking(self) as asking:
            begun = self.cpu()
            for request in requests:
                asking.ask(request, alone=False)
            spent = self.cpu() - begun
        assert self._children() == self._worker, "the worker was replaced in the middle of a round"
        return spent / len(requests)


class Asking:
    """A connection to a server, kept open from one request to the next."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, *_error: object) -> None:
        self.connection.close()

    def ask(self, request: Request, *, alone: bool = True) -> Answer:
        """Ask, and refuse any status but the one awaited. `alone`: measure the CPU of this very request."""
        before = self.server.cpu() if alone else 0.0
        begun = time.perf_counter()
        self.connection.request(request.method, request.path, request.body, request.headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        seconds = time.perf_counter() - begun
        spent = self.server.cpu() - before if alone else 0.0
        if request.path != "/healthz" and response.status != request.status:
            raise WrongAnswer(
                f"{request.method} {request.path} answered {response.status}: {text[:2000]}"
            )
        return Answer(response.status, text, response.headers, spent, seconds)


def posted(path: str, fields: dict[str, str], cookie: str, *, status: int = 303) -> Request:
    """A form as a browser sends it."""
    return Request(path, "POST", {**FORM, "Cookie": cookie}, urllib.parse.urlencode(fields), status)


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of the forms on a page, as a browser sends them back."""
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [
        (re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in inputs
    ]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


def signed_in(server: Server, who: str) -> str:
    """The cookies of somebody who has signed in through the page."""
    page = server.ask(Request("/login"))
    jar = _cookies(page)
    fields = {**hidden_fields(page.text), "email": f"{who}@bench.example", "password": PASSWORD}
    return "; ".join(
        {**jar, **_cookies(server.ask(posted("/login", fields, "; ".join(jar.values()))))}.values()
    )


def _cookies(answer: Answer) -> dict[str, str]:
    cookies = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or []]
    return {cookie.split("=", 1)[0]: cookie for cookie in cookies}


def pause(seconds: float) -> None:
    """Wait without using CPU."""
    threading.Event().wait(seconds)
