"""One search for everything, on every page: /search."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, request
from flask_login import current_user

from compliance.core.parsing import clean_line
from compliance.policy import may
from compliance.web.answering import go, show
from compliance.web.search import SEARCH_KINDS, Hit, SearchKind

blueprint = Blueprint("search", __name__)
LONGEST_TYPED = 200
MOST_HITS = 10
"""Hits of one kind on the page."""


@blueprint.get("/search")
def anything() -> Response:
    """What was typed, by kinds. The only hit is opened at once."""
    typed = (clean_line(request.args.get("q")) or "")[:LONGEST_TYPED]
    found = _found(typed) if typed else []
    hits = [hit for _kind, of_kind in found for hit in of_kind]
    if len(hits) == 1:
        return go(hits[0].address)
    known = [kind for kind in SEARCH_KINDS if may(current_user, kind.action)]
    return show("search.html", q=typed, found=found, kinds=known, most=MOST_HITS)


def _found(typed: str) -> list[tuple[SearchKind, Sequence[Hit]]]:
    """The kinds that have any hits, with them. Names are searched when no exact kind has any."""
    mine = [kind for kind in SEARCH_KINDS if may(current_user, kind.action)]
    for exact in (True, False):
        kinds = [kind for kind in mine if kind.exact == exact]
        found = [(kind, kind.find(current_user, typed, MOST_HITS + 1)) for kind in kinds]
        if any(hits for _kind, hits in found):
            return [(kind, hits) for kind, hits in found if hits]
    return []
