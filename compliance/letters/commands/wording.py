"""The verb of wording: an office writes the paragraphs of a kind of letter anew, from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_lines, too_long
from compliance.core.text import Text, say
from compliance.letters.kinds import LETTER_KINDS
from compliance.letters.kinds.chips import wording_problems
from compliance.letters.models import LetterWording
from compliance.letters.queries import wordings_of
from compliance.office.settings import today
from compliance.policy import Actor, command

LONGEST_PARAGRAPH = 2000


@command("wording.manage", about=None)
def save_wording(
    kind: str, *, by: Actor, paragraphs: Mapping[str, str | None], valid_from: date | None
) -> LetterWording:
    """A new version of the wording. Drafts that are being written, and letters of before, stay as they are.

    Raises Invalid, by paragraph: a sentence that the law or the office needs is missing, a chip is unknown.
    """
    entry, day = LETTER_KINDS[kind], valid_from or today()
    typed = {name: clean_lines(paragraphs.get(name)) or "" for name in entry.paragraphs}
    problems: dict[str, Text] = wording_problems(kind, typed)
    problems |= {
        name: reason
        for name, words in typed.items()
        if (reason := too_long(words, LONGEST_PARAGRAPH))
    }
    if day < today():
        problems["valid_from"] = say("Isi tanggal mulai {first}.", first=today())
    if problems:
        raise Invalid(problems)
    earlier = wordings_of(kind)
    wording = LetterWording(
        kind=kind,
        version=earlier[0].version + 1 if earlier else 1,
        paragraphs=typed,
        valid_from=day,
        by_id=by.actor_id,
        saved_at=clock.now(),
    )
    db.session.add(wording)
    db.session.flush()
    record(
        "wording.saved",
        by=by,
        subject=Subject("wording", kind),
        letter_kind=kind,
        letter_version=wording.version,
        valid_from=day,
    )
    return wording
