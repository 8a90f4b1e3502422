"""A process with the application in it, in which `flask` commands run one after the other without starting it anew.

`python -m benchmarks.working` reads a command a line as JSON and answers with what it printed and what it cost. The
commands are those that operators and the scheduler run; what is left out is the start, which has a goal of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.filling import ROOT, environment
from benchmarks.measuring import peak_memory
from benchmarks.stores import Store


@dataclass(frozen=True)
class Done:
    """What a command printed, its CPU with that of the store's processes, its time, and the process's most memory in MB."""

    output: str
    cpu: float
    seconds: float
    memory: float


class Worker:
    """The process; ended with the stack it is on."""

    def __init__(self, store: Store, stack: ExitStack) -> None:
        self.store = store
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.working"], cwd=ROOT, env=environment(store.url), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        stack.callback(self._stop)
        self.run("--help")

    def run(self, *words: str, fails: bool = False) -> Done:
        """Run a command to its end; a command that fails ends the benchmark, unless `fails` allows it."""
        assert self.process.stdin and self.process.stdout
        before = self.store.cpu()
        print(json.dumps(words), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"flask {' '.join(words)}: the process ended")
        told = json.loads(line)
        if told["code"] and not fails:
            raise SystemExit(f"flask {' '.join(words)}: {told['output'][-2000:]}")
        cpu = told["cpu"] + self.store.cpu() - before
        return Done(told["output"].strip(), cpu, told["seconds"], told["memory"])

    def _stop(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


def serve() -> None:
    """Answer commands until the input ends. What the commands print elsewhere goes nowhere."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    from benchmarks.clocked import app

    runner = app.test_cli_runner()
    for line in sys.stdin:
        cpu, begun = time.process_time(), time.perf_counter()
        result = runner.invoke(args=json.loads(line))
        figures = {"cpu": time.process_time() - cpu, "seconds": time.perf_counter() - begun}
        told = {"code": result.exit_code, "output": result.output, "memory": peak_memory(), **figures}
        print(json.dumps(told), file=answers, flush=True)


if __name__ == "__main__":
    serve()
