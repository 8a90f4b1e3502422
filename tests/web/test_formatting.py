"""Days, instants, numbers and sentences, the way the reader writes them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template_string
from jinja2 import Environment

from compliance.core.text import Text, say, say_many
from compliance.web.formatting import (
    acts_of,
    day,
    dialled,
    hour,
    in_language,
    instant,
    language,
    letters,
    number,
    render_text,
    weekday,
    written,
)

pytestmark = pytest.mark.one_store

MARCH = date(2026, 3, 18)
MORNING = datetime(2026, 3, 18, 1, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "long", "short", "name", "moment", "count"),
    [
        (
            "id",
            "18 Maret 2026",
            "18 Mar 2026",
            "Rabu",
            "18 Maret 2026 pukul 09.32 WITA",
            "1.654.526",
        ),
        (
            "en",
            "18 March 2026",
            "18 Mar 2026",
            "Wednesday",
            "18 March 2026 at 09:32 WITA",
            "1,654,526",
        ),
    ],
)
def test_each_language_has_its_days_instants_and_numbers(
    app: Flask, code: str, long: str, short: str, name: str, moment: str, count: str
) -> None:
    with in_language(code):
        assert language() == code
        assert (day(MARCH), day(MARCH, short=True), weekday(MARCH)) == (long, short, name)
        assert instant(MORNING) == moment
        assert number(1654526) == count


def test_a_language_inside_another_ends_where_its_block_ends(app: Flask) -> None:
    page = app.jinja_env.from_string('{{ _("Masuk") }} {{ language() }}')
    with app.test_request_context("/login", headers={"Cookie": "language=en"}):
        assert page.render() == "Sign in en"
        with in_language("id"):
            assert page.render() == "Masuk id"
            with suppress(ZeroDivisionError), in_language("en"):
                assert render_text(say("Masuk")) == "Sign in"
                raise ZeroDivisionError
            assert render_text(say("Masuk")) == "Masuk"
        assert page.render() == "Sign in en"


def test_a_page_escapes_the_facts_of_its_sentences_and_a_mail_does_not(app: Flask) -> None:
    facts = {"company": "<b>", "other": "100%"}
    sentence = """{{ _("%(company)s dan %(other)s", company=company, other=other) }} {{ _("100%% pasti") }}"""
    with in_language("id"):
        page = app.jinja_env.from_string("{% autoescape true %}" + sentence + "{% endautoescape %}")
        mail = app.jinja_env.from_string(
            "{% autoescape false %}" + sentence + "{% endautoescape %}"
        )
        assert (page.render(facts), mail.render(facts)) == (
            "&lt;b&gt; dan 100% 100% pasti",
            "<b> dan 100% 100% pasti",
        )


@pytest.mark.parametrize(("code", "words"), [("id", "Masuk"), ("en", "Sign in")])
def test_a_page_is_compiled_for_a_language_with_its_constant_sentences_in_it(
    app: Flask, code: str, words: str
) -> None:
    pages: Environment = app.extensions["patuh_pages"][code]
    source = (
        """{{ _("Masuk") }} {{ _('Masuk') }} {{ _("100%% pasti") }} {{ _("Masuk %(at)s", at=1) }}"""
    )
    with in_language(code):
        folded = pages.preprocess(source, "a page")
        assert folded.startswith(f"{words} {words} {{{{ _(") and folded.count("{{") == 2
        assert pages.from_string(source).render() == app.jinja_env.from_string(source).render()


def test_a_text_is_written_in_the_readers_language_in_pages_and_letters(app: Flask) -> None:
    facts = {"text": say("Masuk"), "of": say("{id}", id="<baru>", en="<new>")}
    sentence = "{{ text }}, {{ of }}"
    with in_language("en"):
        assert app.jinja_env.from_string(sentence).render(facts) == "Sign in, &lt;new&gt;"
        letter = letters().from_string(
            "{% autoescape false %}{{ text }}, {{ of }}{% endautoescape %}"
        )
        assert letter.render(facts) == "Sign in, <new>"


def test_an_instant_is_told_in_the_offices_day(app: Flask) -> None:
    with in_language("id"):
        assert instant(datetime(2026, 3, 17, 16, 0, tzinfo=UTC)) == "18 Maret 2026 pukul 00.00 WITA"


def test_an_hour_is_told_in_the_offices_zone(app: Flask) -> None:
    with in_language("id"):
        assert hour(MORNING) == "09.32 WITA"
    with in_language("en"):
        assert hour(MORNING) == "09:32 WITA"


@pytest.mark.parametrize(
    ("written_down", "digits"),
    [
        ("0380-123456", "0380123456"), ("(0380) 123 456", "0380123456"), ("+62 811 3800 11", "+62811380011"),
        ("0380-123456 / 0811-222333", "0380123456"), ("Ibu Ani 0811222333", "0811222333"),
        ("ext. 12", ""), ("", ""), (None, ""),
    ],
)  # fmt: skip
def test_a_telephone_dials_the_first_number_it_is_given(
    written_down: str | None, digits: str
) -> None:
    assert dialled(written_down) == digits


def test_nothing_is_written_as_nothing(app: Flask) -> None:
    assert (day(None), instant(None), number(None), written(None)) == ("", "", "", "")


def test_the_facts_of_a_sentence_are_written_the_readers_way(app: Flask) -> None:
    inner = say("Nota {nota}", nota="560/1")
    sentence = Text(
        "{inner}: {day}, {at}, {count}, {word}, {no}",
        {"inner": inner, "day": MARCH, "at": MORNING, "count": 12500, "word": "kata", "no": None},
    )
    with in_language("id"):
        assert (
            render_text(sentence)
            == "Nota 560/1: 18 Maret 2026, 18 Maret 2026 pukul 09.32 WITA, 12.500, kata, "
        )


def test_a_truth_value_is_not_a_number(app: Flask) -> None:
    assert written(True) == "True"


def test_a_sentence_without_an_english_form_is_read_in_indonesian(app: Flask) -> None:
    unknown = Text("Kalimat {word} yang belum diterjemahkan", {"word": "uji"})
    with in_language("en"):
        assert render_text(unknown) == "Kalimat uji yang belum diterjemahkan"


def test_a_name_in_two_languages_is_read_in_ones_own(app: Flask) -> None:
    holiday = Text("{id}", {"id": "Hari Raya Nyepi", "en": "Day of Silence"})
    for code, name in (("id", "Hari Raya Nyepi"), ("en", "Day of Silence")):
        with in_language(code):
            assert render_text(holiday) == name


@pytest.mark.parametrize("fact", ["{nib}", "{0}", "{", "}", "%(x)s", "100%", "{word.__class__}"])
def test_what_people_typed_is_never_taken_for_a_place_in_a_sentence(app: Flask, fact: str) -> None:
    for code in ("id", "en"):
        with in_language(code):
            assert render_text(Text("{word}", {"word": fact})) == fact
            assert render_text(say("Tidak ditemukan untuk '{asked}'.", asked=fact)).count(fact) == 1


def test_a_text_printed_on_a_page_is_escaped(app: Flask) -> None:
    with in_language("id"):
        shown = render_template_string("{{ text }}", text=Text("{word}", {"word": "<b>&"}))
    assert shown == "&lt;b&gt;&amp;"


def test_a_text_survives_being_stored(app: Flask) -> None:
    sentence = say(
        "Sampai {day}, pukul {at}: {inner}",
        day=MARCH,
        at=MORNING,
        inner=say("{count} orang", count=3),
    )
    assert Text.restored(sentence.stored()) == sentence


def test_english_says_one_otherwise_than_many(app: Flask) -> None:
    counted = [say_many("Alihkan {count} kasus", count=each) for each in (1, 2)]
    with in_language("en"):
        assert [render_text(each) for each in counted] == ["Reassign 1 case", "Reassign 2 cases"]
    with in_language("id"):
        assert render_text(counted[0]) == "Alihkan 1 kasus"
        assert render_text(Text("{score}% mirip", {"score": 64})) == "64% mirip"


def test_what_followed_from_an_act_stands_below_it_and_other_acts_by_themselves() -> None:
    def event(kind: str, actor_id: int | None, seconds: float, reason: str | None = None) -> Any:
        at = datetime(2027, 3, 1, 1, 0, tzinfo=UTC) + timedelta(seconds=seconds)
        return SimpleNamespace(
            kind=kind, actor_id=actor_id, at=at, reason=reason, channel="web", token_id=None
        )

    oldest_first = [
        event("visit.recorded", 7, 0),
        event("case.resolved", 7, 0.01),
        event("flag.lifted", None, 0.02),
        event("case.reopened", 8, 0.5, "Bukti keliru"),
        event("recheck.missed", None, 90),
        event("flag.raised", None, 90.1),
    ]
    acts = acts_of(oldest_first[::-1])
    assert [(act.kind, [event.kind for event in followed]) for act, followed in acts] == [
        ("recheck.missed", ["flag.raised"]),
        ("case.reopened", []),
        ("visit.recorded", ["case.resolved", "flag.lifted"]),
    ]
