"""How gunicorn ends Patuh: on SIGTERM /readyz says so first, so that a balancer sends nobody here any more;
then no connection is taken, and the requests under way finish. gunicorn reads this file by its name.
"""

import mmap
import os
import signal
import sys
import threading

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
