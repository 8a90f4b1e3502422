"""What the operator reads: one line per thing worth knowing, JSON in production, plain text in
development.
"""

from __future__ import annotations

import sys
from typing import Any

import structlog


def begin(**facts: Any) -> None:
    """Begin a request or a job: every line of log that follows in this thread bears these facts."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**facts)


def concern(**facts: Any) -> None:
    """Add what the work turns out to be about, such as the case."""
    structlog.contextvars.bind_contextvars(**facts)


def install(*, production: bool) -> None:
    """Set up logging once, when the application is put together."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    plain = structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback
    )
    to_stderr = structlog.PrintLoggerFactory(
        file=sys.stderr
    )  # standard output belongs to the commands' answers
    if production:
        last: list[Any] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
        structlog.configure(processors=[*shared, *last], logger_factory=to_stderr)
    else:
        structlog.configure(processors=[*shared, plain], logger_factory=to_stderr)
