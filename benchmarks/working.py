"""A process of the application, where `flask` commands run one after the other without starting it anew.

`python -m benchmarks.working` reads a command a line as JSON and answers with what it printed and what it
cost. The commands are those of operators and of the scheduler; what is left out is the start, which has its
own goal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from benchmarks.environment import ROOT, environment
from benchmarks.measuring import peak_memory


@dataclass(frozen=True)
class Done:
    """What a command printed and what it cost: CPU with that of the store, seconds, the most memory in MB."""

    output: str
    cpu: float
    seconds: float
    memory: float


class CommandFailed(SystemExit):
    """A `flask` command ended with an error."""


class Worker:
    """The process, on the store at `url`; ended with the stack it is on."""

    def __init__(
        self, url: str, stack: ExitStack, cpu_of_store: Callable[[], float] = float
    ) -> None:
        self._cpu_of_store = cpu_of_store
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.working"],
            cwd=ROOT,
            env=environment(url),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(self._stop)
        self.run("--help")

    def run(self, *words: str, typed: str = "") -> Done:
        """Run a command to its end. Raises CommandFailed."""
        before = self._cpu_of_store()
        answer = self._send({"words": words, "typed": typed})
        output, cpu = answer["output"].strip(), answer["cpu"] + self._cpu_of_store() - before
        if answer["code"]:
            raise CommandFailed(f"flask {' '.join(words)}: {output[-2000:]}")
        return Done(output, cpu, answer["seconds"], answer["memory"])

    def post(self, path: str, body: dict[str, str], token: str) -> None:
        """Send one request to the application's API, without a server between."""
        answer = self._send({"path": path, "body": body, "token": token})
        if answer["status"] not in (200, 201):
            raise SystemExit(f"POST {path}: {answer['output']}")

    def synchronous(self) -> int:
        """How carefully the application's connections to SQLite commit: its `PRAGMA synchronous`."""
        level: int = self._send({"pragma": "synchronous"})["value"]
        return level

    def _send(self, asked: dict[str, object]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{asked}: the process ended")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


def serve() -> None:
    """Answer commands until the input ends. What is printed besides goes nowhere."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from benchmarks.clocked import app

    runner, client = app.test_cli_runner(), app.test_client()
    for line in sys.stdin:
        asked = json.loads(line)
        if "path" in asked:
            headers = {"Authorization": f"Bearer {asked['token']}"}
            response = client.post(asked["path"], json=asked["body"], headers=headers)
            answer: dict[str, object] = {"status": response.status_code, "output": response.text}
        elif "pragma" in asked:
            with app.app_context(), app.extensions["sqlalchemy"].engine.connect() as connection:
                answer = {"value": connection.exec_driver_sql(f"PRAGMA {asked['pragma']}").scalar()}
        else:
            cpu, begun = time.process_time(), time.perf_counter()
            result = runner.invoke(args=asked["words"], input=asked["typed"])
            answer = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - begun}
            answer |= {"code": result.exit_code, "output": result.output, "memory": peak_memory()}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve()
