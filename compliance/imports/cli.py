"""`flask companies import FILE`, `flask notas import FILE`: a list into the registry, with a report of one
line per row.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import click

from compliance.core.cells import safe_cell
from compliance.core.errors import Invalid
from compliance.imports.commands.requests import not_said, usual_start
from compliance.imports.commands.run import NOTHING_ASKED, import_companies
from compliance.imports.deciding.decisions import RowReport
from compliance.imports.kinds import COMPANY_LIST, ListAsked, ListKind, kinds
from compliance.imports.reading.child import read_in_child
from compliance.people.queries import find_user
from compliance.policy import SYSTEM
from compliance.web.commandline import Group
from compliance.web.formatting import written

REPORTED_OUTCOMES = ("new", "updated", "same", "refused")
HEADER = ("row", "outcome", "company", "name", "differs", "remarks")
MOST_REFUSED_SHOWN = 20

companies_group = Group("companies", help="The registry of companies.")


@companies_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--region", "region_code", metavar="CODE", help="Code of the regency of rows that name none."
)
@click.option(
    "--sheet",
    "sheet_name",
    metavar="NAME",
    help="The sheet of a workbook to read; without, the one whose header fits best.",
)
@click.option(
    "--workers",
    "takes_workers",
    is_flag=True,
    help="Take the number of workers from the list where the registry knows another one.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a csv, one line per row.",
)
def import_list(
    file: Path,
    region_code: str | None,
    sheet_name: str | None,
    takes_workers: bool,
    dry_run: bool,
    report_file: Path | None,
) -> None:
    """Import companies from a csv, xlsx, xls or ods file.

    A row is matched on its numbers, else on name and regency. Known values are never overwritten: empty ones
    are filled, other ones reported, only the number of workers is taken with --workers; sums, titles and
    signatures are refused. Importing the same file again changes nothing. Exit code 1 only when the file or
    the region cannot be used; rows that are refused are counted and the others imported. What was imported
    can be looked at and undone on the page Impor; if this command is killed, the scheduler finishes what it
    began.
    """
    _import(
        file,
        COMPANY_LIST,
        sheet_name=sheet_name,
        region_code=region_code,
        takes_workers=takes_workers,
        dry_run=dry_run,
        report_file=report_file,
    )


notas_group = Group("notas", help="Notas of before the office had Patuh.")


@notas_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--holder",
    "holder_email",
    required=True,
    metavar="EMAIL",
    help="The inspector who holds the cases of rows that name none.",
)
@click.option(
    "--counts-from",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When a recheck is due whose day has passed; without, the office's months from today.",
)
@click.option("--region", "region_code", metavar="CODE", help="Regency of rows that name none.")
@click.option("--sheet", "sheet_name", metavar="NAME", help="The sheet of a workbook to read.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a csv, one line per row.",
)
def import_old_notas(
    file: Path,
    holder_email: str,
    counts_from: datetime | None,
    region_code: str | None,
    sheet_name: str | None,
    dry_run: bool,
    report_file: Path | None,
) -> None:
    """Take old notas over from a csv, xlsx, xls or ods file, each as a case with its days and its result.

    Nobody is told of what is past, and no flag follows from it. Importing the same file again changes
    nothing; the page Impor undoes it. `flask notas template` prints the header.
    """
    holder = find_user(holder_email)
    if holder is None:
        raise click.ClickException(f"no active user with the address {holder_email}")
    asked = ListAsked(holder.id, counts_from.date() if counts_from else usual_start())
    if problems := not_said(asked):
        raise Invalid(problems)
    _import(
        file,
        kinds()["old_notas"],
        sheet_name=sheet_name,
        region_code=region_code,
        takes_workers=False,
        dry_run=dry_run,
        report_file=report_file,
        asked=asked,
    )


@notas_group.command("template")
def print_template() -> None:
    """Print the header of such a list, as a line of csv."""
    click.echo(";".join(title.sentence for title in kinds()["old_notas"].header))


def _import(
    file: Path,
    kind: ListKind,
    *,
    sheet_name: str | None,
    region_code: str | None,
    takes_workers: bool,
    dry_run: bool,
    report_file: Path | None,
    asked: ListAsked = NOTHING_ASKED,
) -> None:
    """Import a file as one kind of list, and say what became of its rows."""
    sheet = read_in_child(file, filename=file.name, known=kind.field_of, sheet=sheet_name)
    if sheet.name is not None:
        others = f" (not read: {', '.join(sheet.others)})" if sheet.others else ""
        click.echo(f"sheet read: {sheet.name}{others}")
    reports = import_companies(
        sheet,
        by=SYSTEM,
        filename=file.name,
        region_code=region_code,
        takes_workers=takes_workers,
        dry_run=dry_run,
        kind=kind,
        asked=asked,
    )
    counts: Counter[str] = Counter()
    with closing(reports), _report(report_file) as write:
        for report in reports:
            write(report)
            counts[report.outcome] += 1
            counts["remarks"] += bool(report.remarks)
            counts["differs"] += bool(report.differs)
            counts["workers"] += report.workers_differ
            if (
                report.outcome == "refused"
                and report_file is None
                and counts["refused"] <= MOST_REFUSED_SHOWN
            ):
                click.echo(f"row {report.row.number}: {_remarks(report)}")
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in REPORTED_OUTCOMES))
    click.echo(
        f"{counts['differs']} rows differ from what is known, {counts['remarks']} have remarks"
    )
    if counts["workers"]:
        click.echo(
            f"{counts['workers']} rows name another number of workers; --workers takes it from the list"
        )
    if dry_run:
        click.echo("dry run: nothing was written")


@contextmanager
def _report(file: Path | None) -> Iterator[Callable[[RowReport], None]]:
    """A writer for the report, with a BOM for Excel; without a file it writes nothing."""
    if file is None:
        yield lambda _: None
        return
    try:
        out = file.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from None
    with out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        yield lambda report: writer.writerow(map(safe_cell, _line(report)))


def _line(report: RowReport) -> tuple[object, ...]:
    row, differs = report.row, ", ".join(report.differs)
    return row.number, report.outcome, report.company_id, row.name, differs, _remarks(report)


def _remarks(report: RowReport) -> str:
    return "; ".join(
        f"{remark.column}: {written(remark.text)}" if remark.column else written(remark.text)
        for remark in report.remarks
    )
