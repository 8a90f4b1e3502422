"""Admin page of the scheduler: the jobs, their runs, the beat, cases set aside and mails given up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from apscheduler.triggers.cron.expressions import WEEKDAYS
from flask import Response, current_app

from compliance.admin import queries as queries
from compliance.admin.audit.queries import kind_name
from compliance.admin.commands import upkeep
from compliance.admin.failures import meaning_of
from compliance.admin.views.blueprint import blueprint
from compliance.cases.jobs import release_step, set_aside
from compliance.core import clock
from compliance.core.errors import NotFound
from compliance.core.jobs import JobRun, JobState, beat_is_old
from compliance.core.scheduler import Job
from compliance.core.text import Text, say
from compliance.office.settings import zone_of_office
from compliance.people.sessions import signed_in
from compliance.web.answering import done, go, show, tell
from compliance.web.formatting import ZONE_NAMES, render_text, weekday, written

DID = {
    "due": say("jatuh tempo"),
    "missed": say("terlewat"),
    "set_aside": say("disisihkan"),
    "sent": say("terkirim"),
    "retried": say("dicoba lagi nanti"),
    "given_up": say("tidak dapat dikirim"),
    "told": say("surel gagal diberitahukan"),
    "digests": say("ringkasan pagi"),
    "discarded": say("draf dibuang"),
    "attempts": say("catatan gagal masuk dihapus"),
    "sessions": say("sesi lama dihapus"),
    "held": say("isian yang ditahan dihapus"),
    "links": say("tautan kata sandi dihapus"),
    "forgotten": say("jawaban lama dihapus"),
    "verified": say("peristiwa sesuai segelnya"),
    "alarms": say("hal diberitahukan kepada admin"),
    "entries": say("catatan keamanan dihapus"),
    "seals": say("segel disimpan"),
    "sealed": say("bukti cek disegel"),
    "rows": say("baris impor dikerjakan"),
    "failed": say("impor terhenti"),
    "files": say("berkas impor dihapus"),
    "messages": say("pesan lama dihapus"),
    "runs": say("riwayat pekerjaan dihapus"),
    "found": say("dugaan ganda ditemukan"),
    "dropped": say("dugaan ganda gugur"),
    "doubtful": say("data meragukan"),
    "settled": say("tidak meragukan lagi"),
    "letters": say("surat disusun"),
    "packets": say("paket bukti dibuat"),
    "packets_failed": say("paket bukti gagal dibuat"),
    "cleaned": say("foto disiapkan"),
    "unreadable": say("foto tidak terbaca"),
    "checked": say("berkas diperiksa"),
    "broken": say("berkas berubah atau hilang"),
    "unnamed": say("berkas tanpa pemilik"),
    "backups": say("cadangan dibuat"),
    "files_backed_up": say("berkas dicadangkan"),
    "backups_removed": say("cadangan lama dihapus"),
}
"""The counts of the jobs in words; a count without words is shown by its own name."""


MESSAGE_NAMES = {
    "digest": say("Ringkasan pagi"),
    "access.digest": say("Perubahan akses"),
    "case.handed_over": say("Kasus dialihkan"),
    "log.sealed": say("Segel log hari ini"),
    "security.alarm": say("Log keamanan"),
    "files.broken": say("Berkas berubah atau hilang"),
    "mail.refused": say("Surel tidak dapat dikirim"),
}
"""Mails that speak of no event of their own; every other kind is called like its event."""
SOON = timedelta(minutes=1)


def scheduled_jobs() -> Mapping[str, Job]:
    """The schedule, which stands above this room: create_app leaves it here."""
    jobs: Mapping[str, Job] = current_app.extensions["patuh_jobs"]
    return jobs


def when(job: Job) -> Text:
    """How often a job runs, in words."""
    trigger: Any = job.trigger_in(zone_of_office())
    interval: timedelta | None = getattr(trigger, "interval", None)
    if interval is not None:
        seconds = int(interval.total_seconds())
        if seconds % 60:
            return say("setiap {count} detik", count=seconds)
        return (
            say("setiap menit")
            if seconds == 60
            else say("setiap {count} menit", count=seconds // 60)
        )
    at = {
        field.name: str(field) for field in getattr(trigger, "fields", ()) if not field.is_default
    }
    zone = str(trigger.timezone)
    time = f"{at['hour']:0>2}.{at['minute']:0>2} {ZONE_NAMES.get(zone, zone)}"
    if "day_of_week" in at:
        some_day = date(2024, 1, 1 + WEEKDAYS.index(at["day_of_week"]))  # the first was a Monday
        return say("setiap {weekday} pukul {time}", weekday=weekday(some_day), time=time)
    return say("setiap hari pukul {time}", time=time)


def next_run(job: Job, state: JobState | None, *, silent: bool) -> Text:
    """When a job runs next, in words; nobody knows while the scheduler is silent."""
    if silent:
        return say("menunggu penjadwal")
    moment = job.next_run(state.started_at if state else None, zone_of_office())
    return (
        say("dalam satu menit")
        if moment - clock.now() <= SOON
        else Text("{moment}", {"moment": moment})
    )


def took(run: JobRun | JobState) -> Text:
    """How long a run took, in words."""
    seconds = round((run.finished_at - run.started_at).total_seconds())
    if seconds < 1:
        return say("kurang dari satu detik")
    if seconds < 120:
        return say("{count} detik", count=seconds)
    return say("{count} menit", count=round(seconds / 60))


def message_name(kind: str) -> Text:
    """What a mail is about."""
    return MESSAGE_NAMES.get(kind) or kind_name(kind)


def did_in_words(did: Mapping[str, int]) -> str:
    """What a run did: "3 jatuh tempo, 1 terlewat"."""
    return ", ".join(
        f"{written(count)} {render_text(DID[name]) if name in DID else name}"
        for name, count in did.items()
    )


@blueprint.get("/jobs")
def jobs() -> Response:
    by, scheduled = signed_in(), scheduled_jobs()
    clockwork, silent = queries.clockwork(by), beat_is_old()
    coming = {
        name: next_run(job, clockwork.states.get(name), silent=silent)
        for name, job in scheduled.items()
    }
    return show(
        "admin/jobs.html",
        jobs=scheduled,
        clockwork=clockwork,
        coming=coming,
        set_aside=set_aside(),
        when=when,
        took=took,
        did=did_in_words,
        meaning_of=meaning_of,
        message_name=message_name,
    )


@blueprint.post("/jobs/<name>/run")
def run_job(name: str) -> Response:
    job = scheduled_jobs().get(name)
    if job is None:
        raise NotFound()
    state = upkeep.run_job(job, by=signed_in())
    if state.error:
        tell(
            say("“{title}” gagal. {meaning}", title=job.title, meaning=meaning_of(state.error)),
            "error",
        )
        return go("admin.jobs")
    did = did_in_words(state.did) or render_text(say("tidak ada yang perlu dikerjakan"))
    return done(say("“{title}” sudah dijalankan: {did}.", title=job.title, did=did), "admin.jobs")


@blueprint.post("/jobs/cases/<int:id>/release")
def release_case(id: int) -> Response:
    by = signed_in()
    case = queries.load_set_aside(by, id)
    release_step(case, by=by)
    return done(
        say("Kasus {number} akan dicoba lagi dalam satu menit.", number=case.number), "admin.jobs"
    )


@blueprint.post("/jobs/test-mail")
def test_mail() -> Response:
    address, failure = upkeep.try_mail(by=signed_in())
    if failure is None:
        return done(
            say("Surel uji ke {address} sudah diterima server surel.", address=address),
            "admin.jobs",
        )
    tell(
        say(
            "Surel uji ke {address} gagal. {meaning} ({error})",
            address=address,
            meaning=meaning_of(failure),
            error=failure,
        ),
        "error",
    )
    return go("admin.jobs")


@blueprint.post("/jobs/messages/<int:id>/retry")
def retry_message(id: int) -> Response:
    by = signed_in()
    message = queries.load_given_up(by, id)
    upkeep.retry_message(message, by=by)
    return done(
        say("Surel ke {address} akan dicoba lagi sekarang.", address=message.address), "admin.jobs"
    )
