"""What a move, a backup or a restore may be refused for, and how each ends."""

from __future__ import annotations

NOT_READ_ONLY, NOT_EMPTY, OTHER_MIGRATION, OUT_OF_REACH, NOT_EQUAL = 3, 4, 5, 6, 7


class CannotMove(Exception):
    """The store cannot be moved so; the message is the one line that an operator reads, `code` the exit code."""

    def __init__(self, line: str, *, code: int = 1) -> None:
        super().__init__(line)
        self.code = code
