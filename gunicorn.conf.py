"""How gunicorn ends Patuh: on SIGTERM /readyz says so first, so that a balancer sends nobody here any more;
then no connection is taken, and the requests under way finish. And where its workers count together for
/metrics. gunicorn reads this file by its name.
"""

import mmap
import os
import shutil
import signal
import sys
import tempfile
import threading

_own_folder = None
if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    _own_folder = tempfile.mkdtemp(prefix="patuh-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = _own_folder

try:
    _seconds = int(os.environ.get("PATUH_DRAIN_SECONDS") or "5")
except ValueError:
    sys.exit("Patuh: PATUH_DRAIN_SECONDS must be a number of seconds")
_draining = mmap.mmap(-1, 1)  # made before the workers, who share it


def when_ready(server) -> None:
    """Let a first SIGTERM announce the end, and a second one hasten it."""

    def announce(number, frame) -> None:
        if _draining[0]:
            server.signal(number, frame)
            return
        _draining[0] = 1
        timer = threading.Timer(_seconds, server.signal, (number, frame))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, announce)


def post_worker_init(_worker) -> None:
    """Show the worker's /readyz what is announced."""
    from compliance.web import health

    health.DRAINING = _draining


def child_exit(_server, worker) -> None:
    """What a worker counted stays, what it only showed goes with it."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(_server) -> None:
    """Leave no folder behind."""
    if _own_folder is not None:
        shutil.rmtree(_own_folder, ignore_errors=True)
