"""What time does to letters: those of which no PDF was made at once get it now."""

from __future__ import annotations

import structlog

from compliance.core.db import db
from compliance.files.storage import MissingBytes
from compliance.letters.commands.issuing import set_letter
from compliance.letters.queries import unset_letters
from compliance.letters.rendering import LayoutRefused
from compliance.policy import system_only

_AT_ONCE = 500
log = structlog.get_logger()


class LettersRefused(Exception):
    """Some letters cannot be set: the layout refuses them, or the crest of their letterhead is gone."""


@system_only
def set_letters() -> dict[str, int]:
    """Make the PDFs that are missing. Raises LettersRefused, when all others are made; OSError at once."""
    waiting, refused = unset_letters(limit=_AT_ONCE), []
    db.session.rollback()
    for id in waiting:
        try:
            set_letter(id)
        except (LayoutRefused, MissingBytes) as refusal:
            log.error("letter cannot be set", letter=id, reason=str(refusal))
            refused.append(f"{id}: {refusal}")
    if refused:
        raise LettersRefused("; ".join(refused[:5]))
    return {"letters": len(waiting)}
