"""Refusals: the errors by which a command or a reader says no.

Each carries a sentence for the user; pages and the API show the same one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from compliance.core.text import Text, say


class Refusal(Exception):
    """A request that cannot be carried out, with the reason. Nothing was written."""

    status = 409

    def __init__(self, reason: Text) -> None:
        super().__init__(str(reason))
        self.reason = reason


class NotFound(Refusal):
    """There is no such thing, or it is out of the asker's scope (which must read the same)."""

    status = 404

    def __init__(self, reason: Text | None = None) -> None:
        super().__init__(
            reason
            or say(
                "Halaman atau data ini tidak ada, atau tidak terbuka bagi Anda. Periksa alamat atau"
                " nomornya."
            )
        )


class OutOfScope(NotFound):
    """There is such a thing, and it is not the asker's; reads as every NotFound."""


class NotAllowed(Refusal):
    """The asker's role does not allow this act."""

    status = 403

    def __init__(self, reason: Text | None = None) -> None:
        super().__init__(reason or say("Peran Anda tidak mengizinkan tindakan ini."))


class Invalid(Refusal):
    """Facts that do not make sense, named field by field. The empty field name speaks of the whole.

    `details` are what programs are told of a field besides the sentence, such as a `code`.
    """

    status = 422

    def __init__(
        self, errors: Mapping[str, Text], *, details: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = dict(errors)
        self.details = details or {}


class Stale(Refusal):
    """Somebody changed the record meanwhile. `changes` are the events since; nothing was overwritten."""

    status = 412

    def __init__(self, changes: Sequence[Any] = ()) -> None:
        super().__init__(
            say("Data ini sudah diubah orang lain sejak Anda membukanya. Tidak ada yang ditimpa.")
        )
        self.changes = list(changes)


class Taken(Refusal):
    """A number that another record bears already. `candidates` says whose it is."""

    status = 409

    def __init__(self, reason: Text, *, field: str, candidates: Sequence[Any] = ()) -> None:
        super().__init__(reason)
        self.field = field
        self.candidates = list(candidates)
