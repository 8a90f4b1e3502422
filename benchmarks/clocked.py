"""The application on the day of the benchmarks' data, on any real day: a WSGI target and a FLASK_APP.

Only `compliance.core.clock` tells the time (house law 1), so it is enough to move that one clock. It goes
on ticking from nine o'clock on, on a Tuesday that is a working day.
"""

from __future__ import annotations

from datetime import datetime

from benchmarks.province import NOW
from compliance.core import clock

_tell = clock.now
_shift = NOW - _tell()


def now() -> datetime:
    """This instant, as if this process had begun at NOW."""
    return _tell() + _shift


clock.now = now

from wsgi import app  # noqa: E402  (built with the moved clock)

__all__ = ["app"]
