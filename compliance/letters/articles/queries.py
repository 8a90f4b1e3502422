"""Reads of articles: those that notas name, their texts on a day, all versions of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compliance.cases.catalogue import NORM_GROUPS
from compliance.cases.models import Violation
from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.keyset import is_id
from compliance.letters.articles.models import ArticleText
from compliance.policy import Actor, require


@dataclass(frozen=True)
class Article:
    """An article as the catalogue cites it: the latest finding that names it, and its text on a day."""

    violation: Violation
    codes: tuple[str, ...]
    text: ArticleText | None


def articles_on(by: Actor, day: date) -> list[Article]:
    """The articles that notas name, in the order of the catalogue, with their texts on a day.

    What belongs in a Nota Khusus is left out: no letter of ours quotes it.
    """
    require(by, "article.manage")
    query = sa.select(Violation).where(Violation.special_note.is_(sa.false()))
    cited: dict[str, list[Violation]] = {}
    groups = list(NORM_GROUPS)
    entries = db.session.scalars(query.order_by(Violation.code, Violation.id))
    for violation in sorted(entries, key=lambda one: groups.index(one.norm_group)):
        cited.setdefault(violation.legal_basis, []).append(violation)
    texts = article_texts_on(cited, day)
    return [
        Article(
            violations[-1],
            tuple(dict.fromkeys(one.code for one in violations)),
            texts.get(legal_basis),
        )
        for legal_basis, violations in cited.items()
    ]


def article_texts_on(legal_bases: Iterable[str], day: date) -> dict[str, ArticleText]:
    """The texts of these articles that letters of a day quote, by the name of the article."""
    query = sa.select(ArticleText).where(
        ArticleText.legal_basis.in_(sorted(set(legal_bases))), ArticleText.valid_from <= day
    )
    latest = {
        version.legal_basis: version
        for version in db.session.scalars(
            query.order_by(ArticleText.valid_from, ArticleText.version)
        )
    }
    return {name: version for name, version in latest.items() if version.text is not None}


def quotes_on(legal_bases: Iterable[str], day: date) -> dict[str, str]:
    """What letters of a day quote of these articles, by the name of the article."""
    return {
        name: version.text or "" for name, version in article_texts_on(legal_bases, day).items()
    }


def load_article(by: Actor, id: int, *, for_update: bool = False) -> Violation:
    """The entry of the catalogue that names an article. Raises NotAllowed, NotFound."""
    require(by, "article.manage")
    query = sa.select(Violation).where(Violation.id == id, Violation.special_note.is_(sa.false()))
    violation = (
        db.session.scalars(query.with_for_update() if for_update else query).one_or_none()
        if is_id(id)
        else None
    )
    if violation is None:
        raise NotFound()
    return violation


def article_versions(legal_basis: str) -> Sequence[ArticleText]:
    """All versions of the text of an article, the latest first."""
    query = sa.select(ArticleText).where(ArticleText.legal_basis == legal_basis)
    query = query.options(joinedload(ArticleText.by)).order_by(ArticleText.version.desc())
    return db.session.scalars(query).all()
