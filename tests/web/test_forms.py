"""Forms read what people write, say in plain words what is wrong, and never lose what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import StringField

from compliance.core.errors import Invalid, Refusal, Taken
from compliance.core.text import say
from compliance.web.forms import CountField, DayField, Form, Needed, read_day

pytestmark = pytest.mark.one_store


class VisitForm(Form):
    visited_on = DayField(validators=[Needed(say("Isi tanggal kunjungan"))])
    workers = CountField(validators=[Needed(say("Isi jumlah pekerja, misalnya 25"))])
    nib = StringField()


@pytest.fixture
def sent(app: Flask) -> Iterator[Callable[..., VisitForm]]:
    """A form as it arrives when these fields were sent."""
    contexts = []

    def send(**fields: Any) -> VisitForm:
        context = app.test_request_context("/", method="POST", data=fields)
        context.push()
        contexts.append(context)
        return VisitForm(meta={"csrf": False})

    yield send
    for context in reversed(contexts):
        context.pop()


@pytest.mark.parametrize(
    "typed",
    [
        "18-3-2026", "18/03/2026", "18.3.2026", "18 3 2026", "18 Maret 2026", "18 maret 2026", "18 mar 2026",
        "18 March 2026", "2026-03-18", "2026/3/18", "  18-03-2026 ", "18 - 3 - 2026",
        "18032026",
    ],
)  # fmt: skip
def test_a_day_may_be_written_as_people_write_it(typed: str) -> None:
    assert read_day(typed) == date(2026, 3, 18)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "kemarin", "18-3", "18-3-26", "31-2-2026", "29-2-2027", "0-1-2026", "1-0-2026",
        "1-13-2026", "18-3-0000",
        "18-3-20260", "١٨-٣-٢٠٢٦", "18-³-2026", "3-18-2026", "18-3-2026-1", "18 brumaire 2026",
        "-1-3-2026", "18--2026",
        "31022026", "2026031", "sekarang",
    ],
)  # fmt: skip
def test_what_is_no_day_is_no_day(typed: str) -> None:
    assert read_day(typed) is None


def test_the_day_comes_first_unless_the_year_does() -> None:
    assert read_day("4-3-2026") == date(2026, 3, 4)
    assert read_day("2026-4-3") == date(2026, 4, 3)


def test_leap_days_are_read_where_there_is_one() -> None:
    assert read_day("29-2-2028") == date(2028, 2, 29)


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_the_reading_of_a_day(typed: str) -> None:
    found = read_day(typed)
    assert found is None or isinstance(found, date)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back_as_it_is_shown(day: date) -> None:
    assert read_day(f"{day.day}-{day.month}-{day.year}") == day
    assert read_day(day.isoformat()) == day


def test_a_form_that_is_right_gives_days_and_numbers(sent: Callable[..., VisitForm]) -> None:
    form = sent(visited_on="18 Maret 2026", workers="1.250", version="7")
    assert form.validate_on_submit(), form.errors
    assert (form.visited_on.data, form.workers.data, form.seen_version) == (
        date(2026, 3, 18),
        1250,
        7,
    )


def test_zero_is_a_number_that_was_filled_in(sent: Callable[..., VisitForm]) -> None:
    assert sent(visited_on="18-3-2026", workers="0").validate_on_submit()


def test_what_is_missing_is_asked_for_in_its_own_words(sent: Callable[..., VisitForm]) -> None:
    form = sent(visited_on="", workers="  ")
    assert not form.validate_on_submit()
    assert form.problems == [
        ("visited_on", "Isi tanggal kunjungan"),
        ("workers", "Isi jumlah pekerja, misalnya 25"),
    ]


@pytest.mark.parametrize("workers", ["dua puluh", "1.25", "-3", "12,5", "9" * 30, "1e3"])
def test_what_cannot_be_read_is_told_once_and_kept_as_typed(
    sent: Callable[..., VisitForm], workers: str
) -> None:
    form = sent(visited_on="31-2-2026", workers=workers)
    assert not form.validate_on_submit()
    assert [field for field, _ in form.problems] == ["visited_on", "workers"]
    assert form.problems[0][1] == "Tulis tanggal seperti 18-3-2026 atau 18 Maret 2026"
    assert 'value="31-2-2026"' in str(form.visited_on())
    assert form.workers._value() == workers


def test_a_record_is_shown_in_its_form(app: Flask) -> None:
    with app.test_request_context("/"):
        form = VisitForm(
            meta={"csrf": False}, data={"visited_on": date(2026, 3, 18), "workers": 1250}
        )
        assert (form.visited_on._value(), form.workers._value()) == ("18-3-2026", "1250")
        assert (VisitForm(meta={"csrf": False}).visited_on._value()) == ""


@pytest.mark.parametrize("version", ["", "abc", "-1", "²", "٣", "1.0"])
def test_a_version_that_is_none_is_none(sent: Callable[..., VisitForm], version: str) -> None:
    assert sent(version=version).seen_version is None


def test_the_refusal_of_a_command_stands_beside_its_field(sent: Callable[..., VisitForm]) -> None:
    form = sent(visited_on="18-3-2026", workers="12")
    assert form.validate_on_submit()
    form.refuse(
        Invalid(
            {
                "workers": say("Isi angka antara 0 dan {total}.", total=1000),
                "": say("Periksa lagi."),
            }
        )
    )
    form.refuse(Taken(say("NIB ini sudah dipakai."), field="nib"))
    form.refuse(Invalid({"findings.0.note": say("Catatan terlalu panjang.")}))
    form.refuse(Refusal(say("Kasus ini sudah ditutup.")))
    assert form.problems == [
        ("", "Periksa lagi."),
        ("", "Catatan terlalu panjang."),
        ("", "Kasus ini sudah ditutup."),
        ("workers", "Isi angka antara 0 dan 1.000."),
        ("nib", "NIB ini sudah dipakai."),
    ]


def test_a_field_tells_a_screen_reader_its_hint_and_its_error(
    app: Flask, sent: Callable[..., VisitForm]
) -> None:
    form = sent(visited_on="", workers="3", nib="")
    form.validate_on_submit()
    fields = app.jinja_env.get_template("macros/fields.html").make_module({})
    wrong = str(fields.field(form.visited_on, "Tanggal", hint="Hari kunjungan"))
    right = str(fields.field(form.workers, "Pekerja", inputmode="numeric"))
    assert 'aria-describedby="visited_on-hint visited_on-error"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert 'id="visited_on-hint"' in wrong
    assert 'id="visited_on-error"' in wrong
    assert 'inputmode="numeric"' in right
    assert "aria-invalid" not in right
    assert "aria-describedby" not in right
