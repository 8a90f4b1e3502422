"""Work on a file that nobody vouches for is done in a process of its own, which ends when it takes too much.

A few bytes of a file may unpack or spread out beyond any measure. The child is a fork of this process, so it
begins at once. It closes all that it inherits, works under limits of memory and time, and answers in JSON
through a pipe (docs/decisions/0021).
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

_PIECE = 1024 * 1024


class TookTooMuch(Exception):
    """The child was ended: it wanted more memory or time than it may have."""


class FailedInChild(RuntimeError):
    """The work raised an exception that nobody expected; the message names it."""


def in_child(
    work: Callable[[], Any], *, seconds: float, memory: int, keep: frozenset[int] = frozenset()
) -> Any:
    """What `work` returns (it must fit into JSON), done in a child.

    `memory` is in bytes, beyond what this process has; the files with the numbers in `keep` stay open in the
    child. Raises TookTooMuch, FailedInChild, and an OSError of the work's own.
    """
    until = time.monotonic() + seconds
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_end(work, its, seconds=seconds, memory=memory, keep=keep)
    os.close(its)
    try:
        said = _heard(ours, until=until)
    finally:
        os.close(ours)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)  # it has said all, or has had its time
        os.waitpid(child, 0)
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError:
        raise TookTooMuch from None
    if "failed" in answer:
        raise FailedInChild(answer["failed"])
    if "errno" in answer:
        raise OSError(answer["errno"], os.strerror(answer["errno"]))
    return answer["done"]


def _heard(pipe: int, *, until: float) -> bytes:
    """All that comes out of the pipe before `until`; nothing when that is not the whole of it."""
    poll = select.poll()
    parts: list[bytes] = []
    poll.register(pipe, select.POLLIN)
    while (left := until - time.monotonic()) > 0 and poll.poll(left * 1000):
        part = os.read(pipe, _PIECE)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return b""


def _work_and_end(
    work: Callable[[], Any], pipe: int, *, seconds: float, memory: int, keep: frozenset[int]
) -> NoReturn:
    """The child: nothing that this process has open or would do at its end is touched."""
    try:
        gc.freeze()
        _take_little(seconds, memory)
        _close_all_but({pipe, *keep})
        try:
            answer: dict[str, Any] = {"done": work()}
        except MemoryError:
            os._exit(1)
        except BaseException as failure:
            number = failure.errno if isinstance(failure, OSError) else None
            answer = {"errno": number} if number else {"failed": repr(failure)[:2000]}
        rest = memoryview(json.dumps(answer).encode())
        while rest:
            rest = rest[os.write(pipe, rest) :]
    finally:
        os._exit(0)


def _take_little(seconds: float, memory: int) -> None:
    """Limits that hold even when nobody watches any more."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    _limit(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 1)
    _limit(resource.RLIMIT_CORE, 0)
    with suppress(OSError):  # only where /proc says how much there is
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _limit(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _close_all_but(kept: set[int]) -> None:
    """Close every file and socket that was inherited; input, output and errors lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in {0, 1, 2} - kept:
        os.dup2(nowhere, standard)
    begin = 3
    for number in sorted(number for number in kept if number > 2):
        os.closerange(begin, number)
        begin = number + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))
