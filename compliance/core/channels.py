"""Through which channel an act comes: a page, the API with a token, the shell, a job, an import.

The edges say it while they work on something, and `record` writes it down with each event. Commands need not
know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compliance.core.text import Text, say

CHANNELS = {
    "web": say("Halaman Patuh"),
    "api": say("API"),
    "console": say("Konsol server"),
    "job": say("Pekerjaan berkala"),
    "import": say("Impor daftar"),
}


@dataclass(frozen=True)
class Origin:
    """A channel and, for the API, the token that was shown: its id and the name it has, never its secret."""

    channel: str | None = None
    token_id: int | None = None
    token_name: str | None = None


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Where the act that is being done comes from; without a channel when no edge said so."""
    return _current.get()


def come_from(origin: Origin = _NOWHERE) -> None:
    """Say where what follows comes from, until somebody says otherwise: for the beginning and end of a
    request.
    """
    _current.set(origin)


@contextmanager
def through(channel: str) -> Iterator[None]:
    """Say that what is done in this block comes through `channel`."""
    before = _current.get()
    _current.set(Origin(channel))
    try:
        yield
    finally:
        _current.set(before)


class WithOrigin:
    """The columns of an act that say where it came from; empty before they were recorded."""

    channel: Mapped[str | None] = mapped_column(sa.String(10))
    token_id: Mapped[int | None]
    token_name: Mapped[str | None] = mapped_column(sa.String(100))


def sealed_origin(act: WithOrigin | sa.Row[Any]) -> list[list[Any]]:
    """What the seal of an act holds of its origin: nothing where none is written down, so that acts of
    before keep their seal (decision 28).
    """
    origin = [act.channel, act.token_id, act.token_name]
    return [origin] if any(fact is not None for fact in origin) else []


def channel_words(act: WithOrigin | sa.Row[Any]) -> Text | None:
    """The channel of an act as lists show it; None where it was not written down."""
    if act.channel is None:
        return None
    channel = CHANNELS.get(act.channel) or Text("{name}", {"name": act.channel})
    if act.token_name is None:
        return channel
    return say("{channel} · token {name}", channel=channel, name=act.token_name)


def detour(act: WithOrigin | sa.Row[Any]) -> Text | None:
    """What a timeline adds about the channel: nothing for what people do on pages and for jobs."""
    if act.channel == "api" and act.token_name is not None:
        return say("lewat API · token {name}", name=act.token_name)
    return DETOURS.get(act.channel or "")


DETOURS = {
    "api": say("lewat API"),
    "console": say("lewat konsol server"),
    "import": say("lewat impor"),
}
