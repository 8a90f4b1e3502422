"""What the compliance team fills in: how the queue is narrowed, which cases are meant, and what an act needs.

Each act's form knows its words and carries its act out on one case through the same command as
everybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import ClassVar

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from compliance.cases.commands.team import (
    escalate_case,
    extend_deadline,
    new_key,
    reassign_case,
    remind_inspector,
)
from compliance.cases.models import Case
from compliance.cases.next_action import refusal_of
from compliance.core.db import db
from compliance.core.keyset import read_digits, read_id
from compliance.core.parsing import clean_line, printable
from compliance.core.text import Text, say, say_many
from compliance.office.settings import office_settings, served_province, today
from compliance.people.models import User
from compliance.people.sessions import signed_in
from compliance.team.loads import inspector_loads
from compliance.team.queries import MARKS, Filters
from compliance.team.rules import BUCKETS
from compliance.web.formatting import render_text
from compliance.web.forms import AtMost, DayField, Form, Needed, options

LONGEST_REASON = 1000
LONGEST_SEARCH = 200


def read_filters(asked: MultiDict[str, str]) -> Filters:
    """The filters that an address asks for; what makes no sense is no filter, and does not show as one."""

    def among(name: str, known: Container[str]) -> str | None:
        value = asked.get(name, "")
        return value if value in known else None

    q = (clean_line(asked.get("q")) or "")[:LONGEST_SEARCH]
    return Filters(
        late=among("late", BUCKETS),
        region=among("region", served_province().region_names),
        inspector=read_id(asked.get("inspector", "")),
        mark=among("mark", MARKS),
        q=q or None,
    )


def read_ids(chosen: Sequence[str]) -> list[int]:
    """The cases ticked in the list."""
    return [id for typed in chosen if (id := read_id(typed)) is not None]


def read_versions(chosen: Sequence[str]) -> dict[int, int]:
    """The cases of a confirm page, each with the version that was shown there."""
    pairs = (typed.partition(".") for typed in chosen)
    return {
        id: seen
        for left, _, right in pairs
        if (id := read_id(left)) is not None and (seen := read_digits(right)) is not None
    }


def _reason(needed: bool = True) -> TextAreaField:
    needs = [Needed(say("Tuliskan alasannya, misalnya pengawas sedang cuti"))] if needed else []
    return TextAreaField(filters=[printable], validators=[*needs, AtMost(LONGEST_REASON)])


class ActForm(Form):
    """An act of the team on one or many cases."""

    act: ClassVar[str]
    title: ClassVar[Text]
    button: ClassVar[Text]
    cannot: ClassVar[Text]
    follows: ClassVar[Text]
    handover: str | None = None  # the key under which it can be undone, where it can

    def for_many(self, sentence: Text, count: int) -> Text:
        """One of the form's sentences about `count` cases."""
        return Text(sentence.sentence, {"count": count})

    def prepare(self, cases: Sequence[Case]) -> None:
        """Offer what can be chosen for these cases."""

    def carry_out(self, case: Case, *, by: User) -> None:
        """Do it to one case. Raises what the command raises."""
        raise NotImplementedError

    def result(self, done: Sequence[Case]) -> Text:
        """What the banner says of the cases done."""
        raise NotImplementedError


class ReassignForm(ActForm):
    """Its `loads` are everybody's, the lightest first; who left carries cases still, but receives none."""

    act, title, button = "reassign", say("Alihkan kasus"), say_many("Alihkan {count} kasus")
    cannot = say_many("{count} kasus tidak dapat dialihkan")
    follows = say(
        "Pengawas yang menerima diberi tahu sekarang juga; yang melepas membacanya di kotak pesan."
    )

    to = RadioField(
        validate_choice=False, validators=[Needed(say("Pilih pengawas yang menerima kasus"))]
    )
    reason = _reason()

    def prepare(self, cases: Sequence[Case]) -> None:
        self.handover = new_key()
        self.loads = sorted(
            inspector_loads(signed_in(), day=today()),
            key=lambda load: (load.overdue.value, load.open.value, load.name),
        )
        self.receivers = {str(load.id): load.name for load in self.loads if load.active}
        self.to.choices = options(self.receivers)

    def option_for(self, id: int) -> Field | None:
        """The radio button of an inspector, when they can be chosen."""
        return next((option for option in self.to if option.data == str(id)), None)

    def validate_to(self, field: Field) -> None:
        if field.data and field.data not in self.receivers:
            raise ValidationError(render_text(say("Pilih pengawas yang aktif.")))

    def carry_out(self, case: Case, *, by: User) -> None:
        to = db.session.get_one(User, int(self.to.data))
        reassign_case(case, by=by, to=to, reason=self.reason.data or "", handover=self.handover)

    def result(self, done: Sequence[Case]) -> Text:
        return say_many(
            "{count} kasus dialihkan ke {name}.", count=len(done), name=self.receivers[self.to.data]
        )


class ExtendForm(ActForm):
    act, title, button = (
        "extend",
        say("Perpanjang jatuh tempo"),
        say_many("Perpanjang {count} kasus"),
    )
    cannot = say_many("{count} kasus tidak dapat diperpanjang")
    follows = say(
        "Hanya satu kali untuk tiap kasus. Peringatan karena lewat waktu dicabut; pengawasnya"
        " diberi tahu."
    )

    until = DayField(validators=[Needed(say("Isi tanggal baru, misalnya 18-3-2027"))])
    reason = _reason()
    latest_on: date | None = None

    def prepare(self, cases: Sequence[Case]) -> None:
        days = timedelta(days=office_settings().extension_days_max)
        starts = [max(case.effective_on, today()) for case in cases if case.effective_on]
        self.latest_on = min(starts) + days if starts else None

    def carry_out(self, case: Case, *, by: User) -> None:
        extend_deadline(case, by=by, until=self.until.data, reason=self.reason.data or "")

    def result(self, done: Sequence[Case]) -> Text:
        return say_many(
            "{count} kasus diperpanjang sampai {day}.", count=len(done), day=done[0].effective_on
        )


class RemindForm(ActForm):
    act, title, button = (
        "remind",
        say("Ingatkan pengawas"),
        say_many("Ingatkan untuk {count} kasus"),
    )
    cannot = say_many("Pengingat untuk {count} kasus tidak dapat dikirim")
    follows = say("Pengawas tiap kasus mendapat pesan sekarang juga.")

    reason = _reason(needed=False)

    def carry_out(self, case: Case, *, by: User) -> None:
        remind_inspector(case, by=by, note=self.reason.data or "")

    def result(self, done: Sequence[Case]) -> Text:
        names = Counter(case.inspector.name for case in done)
        if len(names) == 1:
            return say_many(
                "{name} diingatkan untuk {count} kasus.", name=next(iter(names)), count=len(done)
            )
        return say(
            "{people} pengawas diingatkan untuk {count} kasus.", people=len(names), count=len(done)
        )


class EscalateForm(ActForm):
    act, title, button = (
        "escalate",
        say("Eskalasi ke kepala pengawas"),
        say_many("Eskalasi {count} kasus"),
    )
    cannot = say_many("{count} kasus tidak dapat dieskalasi")
    follows = say(
        "Kepala pengawas dan pengawas kasus diberi tahu sekarang juga. Catatan perizinan tidak"
        " berubah."
    )

    reason = _reason()

    def carry_out(self, case: Case, *, by: User) -> None:
        escalate_case(case, by=by, reason=self.reason.data or "")

    def result(self, done: Sequence[Case]) -> Text:
        return say_many("{count} kasus dieskalasi ke kepala pengawas.", count=len(done))


ACTS: dict[str, type[ActForm]] = {
    form.act: form for form in (ReassignForm, ExtendForm, RemindForm, EscalateForm)
}


class ReviewForm(Form):
    """Which act a case under review gets. The fields of each act bear its name as their prefix."""

    act = RadioField(
        choices=options({name: name for name in ACTS}),
        validate_choice=False,
        validators=[Needed(say("Pilih tindakan, atau lewati kasus ini."))],
    )

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.acts = {name: form(prefix=f"{name}-") for name, form in ACTS.items()}
        self.refused = {name: refusal_of(case, name, today=today()) for name in ACTS}
        for form in self.acts.values():
            form.prepare([case])

    def validate_act(self, field: Field) -> None:
        if field.data and field.data not in ACTS:
            raise StopValidation(render_text(say("Pilih tindakan, atau lewati kasus ini.")))

    @property
    def chosen(self) -> ActForm | None:
        """The form of the act that was chosen."""
        return self.acts.get(self.act.data or "")

    def option_for(self, name: str) -> Field:
        """The radio button of an act."""
        return next(option for option in self.act if option.data == name)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return super().problems + (self.chosen.problems if self.chosen else [])
