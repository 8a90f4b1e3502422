"""`flask check NUMBER`: the verdict as one line of text, for people at a server and for scripts.

Acts as nobody at a counter: it answers, and keeps no record of the question.
"""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from compliance.core.db import db
from compliance.core.errors import Invalid
from compliance.licensing.checks.queries import answer_about
from compliance.licensing.clearance import clean_question, find_company_asked
from compliance.office.settings import today
from compliance.web.commandline import Command
from compliance.web.formatting import written

EXIT_CODES = {"clear": 0, "caution": 3, "hold": 4, "unknown": 5}
SEVERAL = 2


@click.command("check", cls=Command)
@click.argument("number")
@with_appcontext
def check(number: str) -> None:
    """The verdict for a NIB, NPWP or NPP, as a line of text.

    Exit code 0 clear, 3 caution, 4 hold, 5 unknown; 2 when several companies bear the number, 1
    when it is none.
    """
    db.session.info["read_only"] = True
    try:
        about = find_company_asked(number, numbers_only=True)
    except Invalid as refusal:  # without the name of the field
        raise click.ClickException(written(refusal.reason)) from None
    if about.candidates:
        for candidate in about.candidates:
            numbers = " ".join(f"{label} {ending}" for label, ending in candidate.endings)
            click.echo(f"{candidate.company.name}, {candidate.region} ({numbers})", err=True)
        raise SystemExit(SEVERAL)
    answer = answer_about(about.company, asked=clean_question(number), day=today(), office=None)
    who = f" {answer.company.name}, {answer.company.region}:" if answer.company else ""
    reasons = " ".join(written(reason) for reason in answer.reasons)
    click.echo(f"{written(answer.word)} [{answer.verdict}]{who} {reasons}")
    raise SystemExit(EXIT_CODES[answer.verdict])
