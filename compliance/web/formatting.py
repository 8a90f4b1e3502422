"""Formatting for the reader: Texts, days, instants and numbers in Indonesian or English.

Indonesian sentences are the keys of the translations, so a missing one shows in Indonesian, never as a code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel import dates
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    get_locale,
    get_translations,
)
from flask_login import current_user
from jinja2 import Environment, Template, pass_eval_context
from jinja2.ext import Extension
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from compliance.core.channels import channel_words, detour
from compliance.core.text import LANGUAGES, Text, say, write_in_pages_by

babel = Babel()
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def choose_language() -> str:
    """The person's own choice, else the cookie of this browser, else Indonesian. Never guessed from
    the browser.

    A program says it in Accept-Language.
    """
    if not has_request_context():
        return "id"
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(LANGUAGES, "id")
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = request.cookies.get("language", "id")
    return chosen if chosen in LANGUAGES else "id"


class Catalogue(NamedTuple):
    """The language being written right now: its code and its translations."""

    code: str
    translations: Any


def catalogue() -> Catalogue:
    """The language of this request or letter, looked up once and kept until `in_language` changes it."""
    if not has_app_context():
        return Catalogue("id", get_translations())
    here = (
        g._get_current_object()
    )  # not g: every sentence of a page asks, and the proxy would cost the most
    kept: Catalogue | None = here.get("catalogue")
    if kept is None:
        kept = here.catalogue = Catalogue(str(get_locale())[:2], get_translations())
    return kept


def language() -> str:
    """The code of the language being written right now."""
    return catalogue().code


def render_text(text: Text) -> str:
    """A Text in the reader's words."""
    if text.sentence == "{id}":
        return str(text.facts["en" if language() == "en" else "id"])
    sentence = _translated(text)
    return sentence.format(**{name: written(fact) for name, fact in text.facts.items()})


def _translated(text: Text) -> str:
    """Its sentence in the reader's language: of one or of many where the translation tells them
    apart (`say_many`).
    """
    translations = catalogue().translations
    numbers = {name: fact for name, fact in text.facts.items() if type(fact) is int}
    if numbers:
        count = numbers.get("count", next(iter(numbers.values())))
        sentence: str = translations.ngettext(text.sentence, text.sentence, count)
        if sentence != text.sentence:
            return sentence
    return str(translations.gettext(text.sentence))


def written(fact: Any) -> str:
    """A fact the reader's way: a Text, a day, an instant, a number, or as it is."""
    if isinstance(fact, Text):
        return render_text(fact)
    if isinstance(fact, datetime):
        return instant(fact)
    if isinstance(fact, date):
        return day(fact)
    if isinstance(fact, int) and not isinstance(fact, bool):
        return number(fact)
    return "" if fact is None else str(fact)


def day(value: date | None, *, short: bool = False) -> str:
    """18 Maret 2026 / 18 March 2026; short: 18 Mar 2026."""
    if value is None:
        return ""
    pattern = "d MMM y" if short else "d MMMM y"
    if isinstance(value, datetime):
        return str(format_date(value, pattern))
    return _day(value, pattern, language())


@lru_cache(maxsize=4096)
def _day(value: date, pattern: str, code: str) -> str:
    return dates.format_date(value, pattern, locale=code)


def weekday(value: date) -> str:
    """Minggu / Sunday."""
    return str(format_date(value, "EEEE"))


def month(value: date) -> str:
    """Maret / March."""
    return str(format_date(value, "MMMM"))


def instant(value: datetime | None) -> str:
    """18 Maret 2026 pukul 09.32 WITA / 18 March 2026 at 09:32 WITA, in the office's zone."""
    if value is None:
        return ""
    return _at(value, "d MMMM y 'at' HH:mm" if language() == "en" else "d MMMM y 'pukul' HH.mm")


def hour(value: datetime) -> str:
    """09.32 WITA / 09:32 WITA, in the office's zone."""
    return _at(value, "HH:mm" if language() == "en" else "HH.mm")


def _at(value: datetime, pattern: str) -> str:
    zone: ZoneInfo = current_app.extensions["patuh_zone"]()
    local = value.astimezone(zone)
    return (
        f"{format_datetime(local, pattern, rebase=False)}"
        f" {ZONE_NAMES.get(str(zone), local.tzname() or '')}"
    )


def dialled(phone: str | None) -> str:
    """The first telephone number within a text, as a telephone dials it; empty when there is none."""
    match = re.search(r"\+?\d(?:[\s().-]*\d){4,}", phone or "")
    return re.sub(r"[^\d+]", "", match[0]) if match else ""


def number(value: int | None) -> str:
    """1.654.526 / 1,654,526."""
    if value is None:
        return ""
    return _number(value, language()) if abs(value) > 999 else str(value)


@lru_cache(maxsize=4096)
def _number(value: int, code: str) -> str:
    return format_decimal(value, locale=code)


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """A context in which everything is written in `code`."""
    outside = g.pop("catalogue", None)
    try:
        with force_locale(code):
            yield
    finally:
        g.catalogue = outside


@pass_eval_context
def _gettext(context: EvalContext, sentence: str, **facts: Any) -> str:
    """`_()` of the templates: a sentence in the reader's language, with its facts (escaped in a page)."""
    return _filled(context, catalogue().translations.gettext(sentence), facts)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, **facts: Any) -> str:
    """The same for a sentence that has one form for one and another for many."""
    return _filled(
        context, catalogue().translations.ngettext(one, many, num), {"num": num, **facts}
    )


def _filled(context: EvalContext, sentence: str, facts: dict[str, Any]) -> str:
    if not context.autoescape:
        return sentence % facts if facts or "%" in sentence else sentence
    if facts or "%" in sentence:
        sentence %= {name: escape(fact) for name, fact in facts.items()}
    return Markup(sentence)


def _in_page(text: Text) -> str:
    return str(escape(render_text(text)))


def _in_letter(value: Any) -> Any:
    return render_text(value) if isinstance(value, Text) else value


CONSTANT = re.compile(r"""\{\{ _\((["'])([^"'%\\]+)\1\) \}\}""")


class ConstantSentences(Extension):
    """Puts the words of `{{ _("a sentence") }}` into a template that is compiled for one language.

    A page has a hundred of them. Sentences with facts are written when the page is made.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return CONSTANT.sub(_in_words, source)


def _in_words(constant: re.Match[str]) -> str:
    words: str = catalogue().translations.gettext(constant[2])
    return constant[0] if "{" in words or "%" in words else words


def page_template(name: str) -> Template:
    """The template of a page, compiled for the reader's language."""
    environment: Environment = current_app.extensions["patuh_pages"][language()]
    return environment.get_template(name)


def letters() -> Environment:
    """The environment of templates that are no pages: nothing is escaped there, so Texts are written as
    they are put out.
    """
    made: Environment = current_app.extensions["patuh_letters"]
    return made


ONE_ACT = timedelta(seconds=1)
"""What the same person or the system recorded of a thing within this time and through one channel is one act
with what followed.
"""


def _follows(event: Any, first: Any) -> bool:
    by_the_same = event.actor_id in (None, first.actor_id)
    said_the_same = event.reason in (None, first.reason)
    same_way = (event.channel, event.token_id) == (first.channel, first.token_id)
    return by_the_same and said_the_same and same_way and bool(event.at - first.at <= ONE_ACT)


def acts_of(events: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    """Events, the newest first, as acts, the newest first: what was done, and what followed from it."""
    acts: list[tuple[Any, list[Any]]] = []
    for event in reversed(list(events)):
        if acts and _follows(event, acts[-1][0]):
            acts[-1][1].append(event)
        else:
            acts.append((event, []))
    return acts[::-1]


def install(app: Flask, *, zone: Callable[[], ZoneInfo]) -> None:
    """Give templates their words: `_()`, Texts printed as they are, and the filters day, instant,
    number, dialled.

    `zone` tells the office's time zone, in which instants are written.
    """
    app.extensions["patuh_zone"] = zone
    babel.init_app(app, locale_selector=choose_language, default_locale="id")
    write_in_pages_by(_in_page)
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)
    app.jinja_env.filters.update(
        day=day,
        weekday=weekday,
        month=month,
        instant=instant,
        hour=hour,
        number=number,
        written=written,
        say=render_text,
        dialled=dialled,
        acts=acts_of,
        detour=detour,
        channel_words=channel_words,
    )
    app.jinja_env.globals.update(language=language, say=say)
    app.extensions["patuh_pages"] = {
        code: app.jinja_env.overlay(extensions=[ConstantSentences]) for code in LANGUAGES
    }
    app.extensions["patuh_letters"] = app.jinja_env.overlay(finalize=_in_letter)
