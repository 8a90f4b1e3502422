"""TABLE: what upper rooms add to the pages of lower rooms, and the links, hints and lists of all pages.

A lower room declares a slot and knows nothing of who fills it. The order of a line is the order on the page.
"""

from __future__ import annotations

from urllib.parse import quote

from compliance.cases import panels as cases
from compliance.companies import panels as companies
from compliance.core.outbox import Message
from compliance.core.slots import filled
from compliance.core.text import say
from compliance.imports.kinds import IMPORT_KINDS
from compliance.licensing import panels as licensing
from compliance.licensing.queries import unanswered_flags
from compliance.merges import panels as merges
from compliance.merges.doubtful.queries import waiting_doubts
from compliance.merges.queries import waiting_pairs
from compliance.people.hints import HINTS
from compliance.people.saved_views.queries import SAVED_LISTS, SavedList
from compliance.people.sessions import OPEN_ENDPOINTS
from compliance.plan import panels as plan
from compliance.plan.import_kind import COMPLIANCE_LIST
from compliance.web.mailroom import LINK_LABELS, MAIL_LINKS, secret_of
from compliance.web.pages import NAVIGATION, Link, Navigation, PageLink

CASES, COMPANIES = say("{id}", id="Kasus", en="Cases"), say("{id}", id="Perusahaan", en="Companies")

LINKS = Navigation(
    links={
        "field": Link("/field", say("Lapangan")),
        "queue": Link("/queue", say("Antrean")),
        "check": Link("/check", say("Cek")),
        "plan": Link("/plan", say("Rencana")),
        "cases": Link("/cases", CASES),
        "flags": Link("/flags", say("Catatan"), waiting=unanswered_flags),
        "companies": Link("/companies", COMPANIES),
        "imports": Link("/imports", say("Impor")),
        "history": Link("/check/history", say("Riwayat cek")),
        "users": Link("/admin/users", say("Pengguna")),
        "offices": Link("/admin/offices", say("{id}", id="Kantor", en="Offices")),
        "calendar": Link("/admin/calendar", say("Kalender")),
        "settings": Link("/admin/settings", say("Setelan")),
        "jobs": Link("/admin/jobs", say("Pekerjaan")),
        "audit": Link("/admin/audit", say("Audit")),
    },
    of_role={
        "inspector": ("field", "plan", "cases", "companies"),
        "supervisor": ("queue", "field", "cases", "flags", "companies"),
        "compliance": ("queue", "cases", "flags", "companies"),
        "licensing": ("check", "flags", "history"),
        "admin": ("users", "offices", "calendar", "settings", "imports", "jobs", "audit"),
    },
    behind={"/plan": "companies", "/imports": "companies", "/notas": "field", "/drafts": "field"},
    clock="/admin/jobs",
)

LIST_ARGUMENTS = ("order", "size")


def mail_link(message: Message) -> str | None:
    """Where the reader of a message goes: a page that their role opens."""
    reader, number = message.fact("reader"), message.fact("case_number")
    match message.kind:
        case "digest":
            return "/queue" if reader == "compliance" else "/field"
        case "user.reset_asked":
            return f"/reset-password/{secret_of(message.fact('seed'))}"
        case "user.changed":
            return (  # whose cases wait for another inspector
                f"/queue?inspector={message.fact('inspector')}"
            )
        case "case.handed_over" | "case.taken_back":
            return "/field"  # the case is no longer theirs to open
        case "case.answered":
            return str(
                message.fact("page")
            )  # where it was asked: the case may lie outside the asker's region
    if message.fact("cases"):
        return "/queue" if message.kind == "case.escalated" and reader == "supervisor" else "/field"
    if message.kind.startswith("flag.") and reader == "licensing":
        return "/flags"
    return f"/cases/{quote(str(number), safe='')}" if number else None


TABLE = (
    # on the pages of companies
    filled(companies.COMPANY_PANELS, plan.on_the_plan, cases.history, licensing.flags_and_checks,
        merges.merged_records),
    filled(companies.COMPANY_LOADING, merges.WITH_MERGES),
    filled(
        companies.COMPANY_ACTS,
        PageLink("case.draft", say("Buat nota"), "notas.new", "company", primary=True),
        PageLink("company.merge", say("Gabungkan dengan…"), "merges.choose", "id"),
    ),
    filled(
        companies.COMPANY_LIST_LINKS,
        PageLink("plan.read", say("Rencana pemeriksaan"), "plan.index"),
        PageLink("company.merge", say("Dugaan ganda"), "merges.queue", count=waiting_pairs),
        PageLink("company.merge", say("Data yang meragukan"), "doubtful.index", count=waiting_doubts),
        PageLink("company.import", say("Impor"), "imports.index"),
    ),
    filled(companies.OWN_COMPANIES, cases.had_cases_of),
    filled(companies.COMPANY_TAGS, cases.open_case_tags),
    # on merges and imports
    filled(merges.MERGE_FOLLOWS, cases.following_cases, licensing.following_flags),
    filled(IMPORT_KINDS, COMPLIANCE_LIST),
    # on the pages of cases
    filled(cases.CASE_FACTS, licensing.extras_of),
    filled(cases.FLAG_COLUMN, licensing.LEVEL_COLUMN),
    filled(cases.FIELD_PANELS, plan.on_the_day),
    filled(cases.NOTA_START_PANELS, plan.before_a_nota),
    # on every page and in every mail
    filled(NAVIGATION, LINKS),
    filled(MAIL_LINKS, mail_link),
    filled(
        LINK_LABELS,
        ("/cases/", say("Buka kasus")),
        ("/flags", say("Buka catatan")),
        ("/check/", say("Buka hasil cek")),
        ("/queue", say("Buka antrean")),
        ("/", say("Buka halaman Lapangan")),
    ),
    filled(
        OPEN_ENDPOINTS,
        "people.login", "people.choose_language", "people.help_page", "people.accessibility",
        "people.forgot_password",
        "people.reset_password", "offline.offline", "offline.worker", "health.healthz",
        "health.readyz", "assets.serve",
        "api.openapi", "verify.ask", "verify.show",
    ),
    filled(
        SAVED_LISTS,
        SavedList("cases", "/cases", "case.read", CASES,
            ("view", "q", "status", "region", "inspector", "sector", "due_from", "due_to", *LIST_ARGUMENTS)),
        SavedList("queue", "/queue", "queue.read", say("Antrean"),
            ("late", "q", "region", "inspector", "mark", "load", *LIST_ARGUMENTS)),
        SavedList("flags", "/flags", "flag.read", say("Catatan"), ("state", "level", "region",
            "unread", *LIST_ARGUMENTS)),
        SavedList("companies", "/companies", "company.read", COMPANIES,
            ("q", "region", "sector", *LIST_ARGUMENTS)),
    ),
    filled(
        HINTS,
        ("field", say(
            "Ini pekerjaan Anda hari ini: cek ulang yang terlambat dan yang dekat, lalu draf. "
            "Tekan Buat nota untuk mulai; setiap langkah tersimpan, jadi boleh ditinggal dan "
            "dilanjutkan nanti."
        )),
        ("findings", say(
            "Centang hanya yang ditemukan; isian di bawahnya baru muncul sesudah dicentang dan "
            "boleh dikosongkan. Dasar hukum setiap temuan dapat dibuka di bawah namanya."
        )),
        ("case", say(
            "Paling atas tertulis langkah berikutnya dan siapa yang melakukannya. Setiap tanggal "
            "dapat ditanya: buka Mengapa tanggal ini?"
        )),
        ("queue", say(
            "Yang paling lama terlambat ada di atas. Centang kasus, lalu pilih tindakan: sebelum "
            "apa pun berubah, Anda melihat akibatnya dan menyetujuinya."
        )),
        ("check", say(
            "Ketik nomor atau nama, lalu tekan Enter. Jawabannya satu kata dengan alasannya; kotak "
            "langsung siap untuk pemohon berikutnya."
        )),
    ),
)  # fmt: skip
