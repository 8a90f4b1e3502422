"""TABLE: what upper rooms add to the pages of lower rooms, and the links, hints and lists of all pages.

A lower room declares a slot and knows nothing of who fills it. The order of a line is the order on the page.
"""

from __future__ import annotations

from urllib.parse import quote

from compliance.admin import panels as admin
from compliance.admin.audit.event_names import EVENT_NAMES
from compliance.admin.doctor.cli import LOOKS
from compliance.cases import panels as cases
from compliance.cases.approvals import panels as approvals
from compliance.cases.approvals.queries import ORDERED_TO_INSPECT
from compliance.cases.commands.circumstances import lock_open_cases
from compliance.cases.disputes import queries as disputes
from compliance.cases.evidence import queries as case_evidence
from compliance.cases.nota.panels import nota_goes_on
from compliance.cases.old_notas.import_kind import OLD_NOTAS
from compliance.cases.queries import NUMBERED_NOTAS
from compliance.companies import panels as companies
from compliance.companies.circumstances.queries import LOCKED_BEFORE_THE_COMPANY
from compliance.companies.search.panels import matching_companies
from compliance.core.numbering import NUMBERED_ROWS
from compliance.core.outbox import Message
from compliance.core.slots import filled
from compliance.core.text import say
from compliance.evidence.subjects import SUBJECT_KINDS
from compliance.imports.kinds import IMPORT_KINDS
from compliance.letters import panels as letters
from compliance.letters.articles.panels import unquoted_articles
from compliance.letters.commands.serving import keep_scan_of_receipt
from compliance.letters.packets import panels as packets
from compliance.letters.packets.indexing import EVENT_WORDS
from compliance.letters.queries import NUMBERED_LETTERS, ordered_to_inspect
from compliance.letters.signing import panels as signing
from compliance.licensing import panels as licensing
from compliance.licensing.evidence import FLAG_SUBJECT
from compliance.licensing.queries import unanswered_flags
from compliance.merges import panels as merges
from compliance.merges.doubtful.queries import waiting_doubts
from compliance.merges.queries import waiting_pairs
from compliance.people.hints import HINTS
from compliance.people.saved_views.queries import SAVED_LISTS, SavedList
from compliance.people.sessions import OPEN_ENDPOINTS, WITHOUT_FACTOR
from compliance.plan import panels as plan
from compliance.plan.import_kind import COMPLIANCE_LIST
from compliance.store.cli import backup_findings
from compliance.store.panels import backup_measured, notices_of_the_store
from compliance.team.escalations.queries import waiting_escalations
from compliance.web.mailroom import LINK_LABELS, MAIL_LINKS, secret_of
from compliance.web.measures import jobs_measured, mails_measured
from compliance.web.metrics import MEASURES
from compliance.web.pages import NAVIGATION, NOTICES, Link, Navigation, PageLink
from compliance.web.requests import READING_POSTS
from compliance.web.search import SEARCH_KINDS, SearchKind

ESCALATIONS = say("{id}", id="Eskalasi", en="Escalations")
LETTERS_WORD = say("{id}", id="Surat", en="Letters")
CASES, COMPANIES = say("{id}", id="Kasus", en="Cases"), say("{id}", id="Perusahaan", en="Companies")

LINKS = Navigation(
    links={
        "field": Link("/field", say("Lapangan")),
        "queue": Link("/queue", say("Antrean")),
        "escalations": Link("/escalations", ESCALATIONS, waiting=waiting_escalations),
        "approvals": Link("/approvals", say("Persetujuan"), waiting=approvals.count_waiting),
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
        "supervisor": ("queue", "approvals", "escalations", "field", "cases", "flags", "companies"),
        "compliance": ("queue", "escalations", "cases", "flags", "companies"),
        "licensing": ("check", "flags", "history"),
        "admin": ("users", "offices", "calendar", "settings", "imports", "jobs", "audit"),
    },
    behind={
        "/admin/security": "audit",
        "/admin/access": "users",
        "/admin/articles": "settings",
        "/plan": "companies",
        "/imports": "companies",
        "/notas": "field",
        "/drafts": "field",
    },
    clock="/admin/jobs",
)

LIST_ARGUMENTS = ("order", "size")


def mail_link(message: Message) -> str | None:
    """Where the reader of a message goes: a page that their role opens."""
    reader, number = message.fact("reader"), message.fact("case_number")
    match message.kind:
        case "digest":
            return "/queue" if reader == "compliance" else "/field"
        case "escalations":
            return "/escalations"
        case "nota.submitted" | "approvals":
            return "/approvals"
        case "nota.sent_back" if not number:
            return f"/notas/{message.fact('draft_key')}/review"
        case "user.invited" | "user.link_sent" | "user.reset_asked":
            seed = message.fact("seed")
            return f"/reset-password/{secret_of(seed)}" if seed else None
        case "access.digest":
            return "/admin/access" if reader == "admin" else None
        case "security.alarm":
            return "/admin/security"
        case "files.broken" | "mail.refused":
            return "/admin/jobs"
        case "user.factor_reset_asked":
            return f"/admin/users/{message.fact('person')}/factors"
        case "account.changed":
            return "/account"
        case "user.changed":
            return (  # whose cases wait for another inspector
                f"/queue?inspector={message.fact('inspector')}"
            )
        case "case.handed_over" | "case.taken_back":
            return "/field"  # the case is no longer theirs to open
        case "company.circumstance_recorded" | "company.circumstance_revoked" if (
            reader == "licensing"
        ):
            return "/check"  # whose case it was before it moved, cannot open it any more
        case "case.answered":
            return str(
                message.fact("page")
            )  # where it was asked: the case may lie outside the asker's region
    if message.fact("cases"):
        return "/queue" if message.kind == "case.escalated" and reader == "supervisor" else "/field"
    if message.kind.startswith(("flag.", "office.")) and reader == "licensing":
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
        PageLink("letter.draft", say("Buat surat perintah tugas"), "letters.order", "id"),
        PageLink("company.merge", say("Gabungkan dengan…"), "merges.choose", "id"),
        PageLink("flag.sanction", say("Catat permintaan TMP2T"), "licensing.sanction_company", "id"),
    ),
    filled(
        companies.COMPANY_LIST_LINKS,
        PageLink("plan.read", say("Rencana pemeriksaan"), "plan.index"),
        PageLink("company.merge", say("Dugaan ganda"), "merges.queue", count=waiting_pairs),
        PageLink("company.merge", say("Data yang meragukan"), "doubtful.index", count=waiting_doubts),
        PageLink("company.import", say("Impor"), "imports.index"),
    ),
    filled(companies.OWN_COMPANIES, cases.had_cases_of),
    filled(LOCKED_BEFORE_THE_COMPANY, lock_open_cases),
    filled(companies.GOES_ON, nota_goes_on),
    filled(companies.COMPANY_TAGS, cases.open_case_tags),
    # on merges and imports
    filled(merges.MERGE_FOLLOWS, cases.following_cases, licensing.following_flags),
    filled(IMPORT_KINDS, COMPLIANCE_LIST, OLD_NOTAS),
    # which papers bear a number already
    filled(NUMBERED_ROWS, NUMBERED_NOTAS, NUMBERED_LETTERS),
    # what evidence is about
    filled(SUBJECT_KINDS, *case_evidence.SUBJECTS, FLAG_SUBJECT, letters.LETTER_SUBJECT),
    # on the pages of cases
    filled(cases.CASE_FACTS, licensing.extras_of, disputes.disputes_on_page, letters.letters_on_page,
        packets.packet_for_licensing),
    filled(cases.CASE_FILES_PANELS, packets.packets_of_case),
    filled(EVENT_WORDS, EVENT_NAMES),
    filled(cases.NOTA_PANELS, unquoted_articles),
    filled(cases.RECEIPT_SCAN, keep_scan_of_receipt),
    filled(cases.NOTA_DONE_LINKS, letters.printed_nota, letters.signing_of_nota),
    filled(cases.NOTA_PREVIEW, letters.nota_before_issue),
    filled(ORDERED_TO_INSPECT, ordered_to_inspect),
    filled(cases.SECOND_NOTA_PREVIEW, letters.second_nota_before_issue),
    filled(approvals.SUBMISSION_PREVIEW, letters.nota_before_approval),
    filled(cases.UNSIGNED_NOTA, letters.signing_of_nota),
    filled(licensing.VERIFIED_PAPERS, letters.genuine_letter),
    filled(licensing.VERIFIED_FILES, signing.look_at_file),
    filled(cases.FLAG_COLUMN, licensing.LEVEL_COLUMN),
    filled(cases.FIELD_PANELS, plan.on_the_day),
    filled(cases.NOTA_START_PANELS, plan.before_a_nota),
    filled(approvals.WAITING_PAPERS, approvals.WAITING_NOTAS, letters.WAITING_LETTERS),
    # on every page and in every mail
    filled(NAVIGATION, LINKS),
    filled(NOTICES, notices_of_the_store),
    filled(
        SEARCH_KINDS,
        SearchKind("case.read", say("Nomor kasus atau nota"), cases.numbered_cases, exact=True),
        SearchKind("letter.read", LETTERS_WORD, letters.letters_numbered, exact=True),
        SearchKind("check.read", say("Nomor atau kode bukti cek"), licensing.receipts, exact=True),
        SearchKind("company.read", COMPANIES, matching_companies, more="/companies"),
        SearchKind("user.manage", say("Pengguna"), admin.people_called, more="/admin/users"),
    ),
    filled(MAIL_LINKS, mail_link),
    filled(LOOKS, backup_findings),
    filled(MEASURES, jobs_measured, mails_measured, cases.steps_measured, backup_measured),
    filled(
        LINK_LABELS,
        ("/cases/", say("Buka kasus")),
        ("/flags", say("Buka catatan")),
        ("/check/", say("Buka hasil cek")),
        ("/check", say("Cek perusahaan ini")),
        ("/queue", say("Buka antrean")),
        ("/approvals", say("Buka yang menunggu persetujuan")),
        ("/notas/", say("Buka draf nota")),
        ("/account", say("Buka akun Anda")),
        ("/admin/access", say("Buka perubahan akses")),
        ("/admin/users/", say("Buka faktor kedua")),
        ("/escalations", say("Buka eskalasi")),
        ("/admin/security", say("Buka log keamanan")),
        ("/admin/jobs", say("Buka pekerjaan")),
        ("/", say("Buka halaman Lapangan")),
    ),
    filled(
        OPEN_ENDPOINTS,
        "people.login", "people.choose_language", "people.help_page", "people.accessibility",
        "people.forgot_password",
        "people.reset_password", "factors.second", "factors.cancel",
        "offline.offline", "offline.worker", "health.healthz",
        "health.readyz", "health.beatz", "metrics.show", "assets.serve",
        "first_start.code", "first_start.province", "first_start.offices", "first_start.settings",
        "first_start.people",
        "api.openapi", "verify.ask", "verify.check_file", "verify.show",
    ),
    filled(
        READING_POSTS,
        "licensing.check", "verify.check_file", "people.choose_language", "people.logout",
    ),
    filled(
        WITHOUT_FACTOR,
        "factors.index", "factors.add_app", "factors.add_passkey", "factors.confirm",
        "people.logout", "people.password", "people.end_other_sessions",
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
