"""The verbs of articles: record the text of one, or stop quoting it. Drafts of notas follow at once."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

import sqlalchemy as sa

from compliance.cases.models import Violation
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal, Stale
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, clean_lines
from compliance.core.text import say
from compliance.files.storage import hash_of
from compliance.letters.articles.models import ArticleText
from compliance.letters.articles.queries import article_texts_on, article_versions, quotes_on
from compliance.letters.articles.rules import article_problems, rule_facts, rules_in, since_problem
from compliance.letters.commands.drafting import about_letter
from compliance.letters.kinds import MADE_BY_ACTS
from compliance.letters.models import UNAPPROVED, Letter
from compliance.letters.rendering import first_without_glyph
from compliance.office.settings import today
from compliance.policy import SYSTEM, Actor, command


@command("article.manage", about=None)
def save_article_text(
    violation: Violation,
    *,
    by: Actor,
    text: str | None,
    source: str | None,
    read_on: date | None,
    valid_from: date | None,
    seen: int | None = None,
) -> ArticleText:
    """A new version of the text of the article that this finding names. No earlier one is changed.

    `seen` is the latest version that was read before. Raises Invalid by field, Stale.
    """
    words, named = clean_lines(text), clean_line(source)
    problems = article_problems(text=words, source=named, read_on=read_on, today=today())
    if reason := since_problem(valid_from, today()):
        problems["valid_from"] = reason
    if "text" not in problems and (sign := first_without_glyph(words or "")):
        problems["text"] = say(
            "Tanda {sign} (U+{code}) tidak dapat dicetak. Ganti atau hapus.",
            sign=sign,
            code=f"{ord(sign):04X}",
        )
    latest = _latest(violation, seen)
    if not problems and latest is not None:
        before = (latest.text, latest.source, latest.read_on, latest.valid_from)
        if before == (words, named, read_on, valid_from):
            problems["text"] = say(
                "Sama dengan versi {version}; tidak ada yang disimpan.", version=latest.version
            )
    if problems or valid_from is None:
        raise Invalid(problems)
    version = _add(violation, latest, by=by, valid_from=valid_from)
    version.text, version.source, version.read_on = words, named, read_on
    db.session.flush()
    record(
        "article.saved",
        by=by,
        subject=Subject("article", version.id),
        legal_basis=version.legal_basis,
        text_version=version.version,
        source=named,
        read_on=read_on,
        valid_from=valid_from,
        sha256=hash_of((words or "").encode()),
    )
    _quote_anew_in_drafts(version.legal_basis)
    return version


@command("article.manage", about=None)
def stop_quoting(
    violation: Violation, *, by: Actor, valid_from: date | None, seen: int | None = None
) -> ArticleText:
    """Letters from this day on name the article only, until a text is recorded again.

    Raises Invalid, Refusal, Stale.
    """
    latest = _latest(violation, seen)
    if reason := since_problem(valid_from, today()):
        raise Invalid({"valid_from": reason})
    assert valid_from is not None
    if violation.legal_basis not in article_texts_on([violation.legal_basis], valid_from):
        raise Refusal(say("Pada tanggal itu ketentuan ini memang tidak dikutip."))
    version = _add(violation, latest, by=by, valid_from=valid_from)
    db.session.flush()
    record(
        "article.dropped",
        by=by,
        subject=Subject("article", version.id),
        legal_basis=version.legal_basis,
        text_version=version.version,
        valid_from=valid_from,
    )
    _quote_anew_in_drafts(version.legal_basis)
    return version


def _latest(violation: Violation, seen: int | None) -> ArticleText | None:
    """The latest version. Raises Stale when another one was read before."""
    versions = article_versions(violation.legal_basis)
    latest = versions[0] if versions else None
    if seen is not None and seen != (latest.version if latest else 0):
        raise Stale()
    return latest


def _add(
    violation: Violation, latest: ArticleText | None, *, by: Actor, valid_from: date
) -> ArticleText:
    version = ArticleText(
        legal_basis=violation.legal_basis,
        version=latest.version + 1 if latest else 1,
        valid_from=valid_from,
        by_id=by.actor_id,
        saved_at=clock.now(),
    )
    db.session.add(version)
    return version


def _quote_anew_in_drafts(legal_basis: str) -> None:
    """Drafts of notas quote what holds on their day. Who was reading one is told that it changed."""
    query = sa.select(Letter).where(sa.text(UNAPPROVED), Letter.kind.in_(MADE_BY_ACTS))
    for letter in db.session.scalars(query.order_by(Letter.id).with_for_update(of=Letter)):
        facts = deepcopy(letter.facts)
        quotes = quotes_on([legal_basis], letter.issued_on)
        for part in rules_in(facts):
            if part["rule"] == legal_basis:
                part.pop("quote", None)
                part |= rule_facts(legal_basis, quotes)
        if facts != letter.facts:
            letter.facts = facts
            db.session.flush()
            record("letter.changed", by=SYSTEM, **about_letter(letter))
