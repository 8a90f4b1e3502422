"""`flask letters check FILE`: whether a PDF is, byte for byte, a letter made here, and whether it holds."""

from __future__ import annotations

from pathlib import Path

import click

from compliance.core.db import reading
from compliance.files.rules import LARGEST_UPLOAD
from compliance.files.storage import hash_of
from compliance.letters.kinds import LETTER_NAMES
from compliance.letters.queries import letter_with_bytes
from compliance.letters.signing.queries import letter_among
from compliance.letters.signing.rules import hashes_of_beginnings
from compliance.web.commandline import Group

letters_group = Group("letters", help="Letters that were made here.")


_MOST_BYTES = 4 * LARGEST_UPLOAD
"""More than any letter and any signed letter that may be sent here: of a longer file no more is read."""


def _why_not(content: bytes) -> str:
    """Whether a file that is not ours begins with a letter that is."""
    if len(content) > _MOST_BYTES:
        return "Not a letter that was made here: no letter is so large."
    begun = letter_among(hashes_of_beginnings(content))
    if begun is None:
        return "Not a letter that was made here, or changed since."
    kind = LETTER_NAMES[begun.kind]
    number = begun.number or "(number to come)"
    return f"Begins with {kind} {number}, and holds more: not as it was made or signed here."


@letters_group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_letter(file: Path) -> None:
    """Exit code 0: genuine and current; 3: ours, but replaced or withdrawn; 4: not ours."""
    with file.open("rb") as opened:
        content = opened.read(_MOST_BYTES + 1)
    with reading():
        letter = letter_with_bytes(hash_of(content))
        if letter is None:
            click.echo(_why_not(content))
            raise SystemExit(4)
        state = "genuine and current" if letter.holds else f"ours, but {letter.status}"
        made = letter.file is not None and letter.file.sha256 == hash_of(content)
        copy = "" if made else f", signed copy ({letter.signed_how}, {letter.signed_on})"
        kind = LETTER_NAMES[letter.kind]
        number = letter.number or "(number to come)"
        click.echo(f"{kind} {number}, {letter.issued_on}{copy}: {state}")
        raise SystemExit(0 if letter.holds else 3)
