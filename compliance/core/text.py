"""Sentences that are chosen in one place and read in another.

Rules and commands do not know the reader's language. They return a Text: an Indonesian
sentence (which is also the key of its translation) and the facts that go into it. The edges (pages, API,
mail, command line) turn it into words. Knows neither Flask nor the database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from typing import Any

LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class Text:
    """An Indonesian sentence with `{named}` places, and the facts for them.

    Facts may be strings, numbers, dates, instants or other Texts; each is written the reader's way.
    """

    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.facts)

    def __html__(self) -> str:
        """The Text within a page, which asks for it by this name: in the reader's language, escaped."""
        return _written_in_page(self)

    def stored(self) -> dict[str, Any]:
        """The same as plain JSON, to be kept in an event or a receipt."""
        return {"say": self.sentence, **{name: to_json(fact) for name, fact in self.facts.items()}}

    @classmethod
    def restored(cls, value: Mapping[str, Any]) -> Text:
        """The Text that `stored()` kept."""
        facts = {name: from_json(fact) for name, fact in value.items() if name != "say"}
        return cls(value["say"], facts)


def _in_indonesian(text: Text) -> str:
    return escape(str(text))


_written_in_page: Callable[[Text], str] = _in_indonesian


def write_in_pages_by(write: Callable[[Text], str]) -> None:
    """Name the function that writes a Text within a page; called once, by `create_app`."""
    global _written_in_page
    _written_in_page = write


def say(sentence: str, **facts: Any) -> Text:
    """Choose a sentence now, to be read later. `sentence` is found by the translation extractor."""
    return Text(sentence, facts)


def say_many(sentence: str, **facts: Any) -> Text:
    """The same for a sentence about a number, which English says otherwise of one than of many."""
    return Text(sentence, facts)


def to_json(fact: Any) -> Any:
    if isinstance(fact, Text):
        return fact.stored()
    if isinstance(fact, datetime):
        return {"instant": fact.isoformat()}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    return fact


def from_json(fact: Any) -> Any:
    if isinstance(fact, Mapping):
        if "say" in fact:
            return Text.restored(fact)
        if "instant" in fact:
            return datetime.fromisoformat(fact["instant"])
        if "day" in fact:
            return date.fromisoformat(fact["day"])
    return fact
