"""`flask companies import FILE`: a list of companies into the registry, with a report of one line per row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from compliance.core.cells import safe_cell
from compliance.imports.commands.run import import_companies
from compliance.imports.deciding.decisions import RowReport
from compliance.imports.reading.child import read_in_child
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
    sheet = read_in_child(file, filename=file.name, sheet=sheet_name)
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
