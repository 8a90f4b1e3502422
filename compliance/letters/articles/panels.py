"""What articles show on the pages that issue a nota: those that it will name without their text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from compliance.cases.models import Violation
from compliance.letters.articles.queries import article_texts_on


def unquoted_articles(violations: Collection[Violation], day: date) -> Mapping[str, Any] | None:
    """For the page that issues a nota of this day: which of its articles have no text yet."""
    named = list(dict.fromkeys(one.legal_basis for one in violations if not one.special_note))
    texts = article_texts_on(named, day) if named else {}
    missing = [name for name in named if name not in texts]
    return {"template": "letters/articles/unquoted.html", "unquoted": missing} if missing else None
