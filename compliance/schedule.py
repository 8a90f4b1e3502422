"""TABLE: what runs when, and why. Every job may run at any time and any number of times without harm.

The hours are those of the office's time zone; a job that depends on other settings looks at them itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from compliance.admin.audit.jobs import (
    seal_event_log,
    verify_event_log,
    verify_whole_event_log,
)
from compliance.admin.jobs import (
    check_stored_files,
    send_access_digests,
    tell_of_undelivered_mail,
)
from compliance.admin.security.jobs import drop_security_entries, watch_security_log
from compliance.api.jobs import forget_idempotent_answers
from compliance.cases.jobs import discard_old_drafts, next_due_at, sweep_due_rechecks
from compliance.core.jobs import drop_old_runs
from compliance.core.outbox import drop_delivered
from compliance.core.scheduler import Job
from compliance.core.text import say
from compliance.evidence.jobs import make_clean_copies
from compliance.files.jobs import count_unnamed_bytes
from compliance.imports.jobs import purge_import_files, run_imports
from compliance.letters.jobs import set_letters
from compliance.letters.packets.jobs import make_packets
from compliance.licensing.checks.seals import seal_checks
from compliance.merges.doubtful.jobs import find_doubtful_companies
from compliance.merges.jobs import find_duplicates
from compliance.office.succession.jobs import hand_over_offices
from compliance.people.jobs import deliver_messages, purge_sign_ins
from compliance.store.jobs import back_up_at_night
from compliance.team.jobs import send_morning_digests

InZone = Callable[[tzinfo], BaseTrigger]
"""When a job runs, in a time zone."""


def every(**span: int) -> InZone:
    return lambda _: IntervalTrigger(timezone="UTC", **span)


def at_night(hour: int, minute: int) -> InZone:
    return lambda zone: CronTrigger(hour=hour, minute=minute, timezone=zone)


def every_sunday(hour: int, minute: int) -> InZone:
    return lambda zone: CronTrigger(day_of_week="sun", hour=hour, minute=minute, timezone=zone)


TABLE = (
    Job("sweep_due_rechecks", sweep_due_rechecks, every(minutes=1),
        say("Memeriksa jatuh tempo cek ulang"),
        say("Memindahkan setiap cek ulang ke status berikutnya pada harinya: jatuh tempo, lalu "
            "terlewat. Juga berjalan tepat saat cek ulang berikutnya jatuh tempo."),
        alarm=next_due_at),
    Job("hand_over_offices", hand_over_offices, every(minutes=1),
        say("Menyerahkan tugas kantor yang berakhir"),
        say("Pada hari sebuah kantor perizinan berakhir: memindahkan petugas dan jenis izinnya ke kantor "
            "penggantinya, dan memberi tahu keduanya.")),
    Job("deliver_messages", deliver_messages, every(seconds=20),
        say("Mengirim surel"),
        say("Mengirim surel yang dibuat pada setiap tindakan; kantor perizinan menerima kabar "
            "pencabutan catatan dalam satu menit.")),
    Job("tell_of_undelivered_mail", tell_of_undelivered_mail, every(minutes=1),
        say("Mengabarkan surel yang tidak sampai"),
        say("Memberi tahu admin, dan pemegang kasusnya, tentang surel yang ditolak server tujuan atau tidak "
            "terkirim sesudah semua percobaan.")),
    Job("send_morning_digests", send_morning_digests, every(minutes=10),
        say("Menulis ringkasan pagi"),
        say("Pada pagi hari kerja, sejak jam yang ditetapkan: satu ringkasan per orang tentang cek "
            "ulang yang dekat atau terlambat.")),
    Job("send_access_digests", send_access_digests, every(minutes=10),
        say("Mengabarkan perubahan akses"),
        say("Setiap pagi: memberi tahu setiap admin dan kepala pengawas apa yang dilakukan orang lain "
            "pada akun orang, supaya tidak ada admin yang bertindak tanpa dilihat.")),
    Job("run_imports", run_imports, every(seconds=5),
        say("Mengerjakan impor"),
        say("Menguji coba, menulis, dan mengurungkan daftar yang diunggah di halaman Impor, "
            "sedikit demi sedikit supaya orang lain tidak menunggu.")),
    Job("set_letters", set_letters, every(minutes=1),
        say("Menyusun surat"),
        say("Membuat PDF dari surat yang belum disusun, misalnya karena server berhenti sesaat sesudah nota "
            "terbit.")),
    Job("make_packets", make_packets, every(seconds=5),
        say("Membuat paket bukti"),
        say("Membuat paket yang diminta: surat, bukti, dan peristiwa satu kasus dalam satu berkas zip dengan "
            "daftar isinya.")),
    Job("make_clean_copies", make_clean_copies, every(seconds=5),
        say("Menyiapkan foto bukti"),
        say("Membuat salinan bersih tanpa data perangkat dari setiap foto yang baru dikirim. Berkas aslinya "
            "tetap tersimpan.")),
    Job("back_up_at_night", back_up_at_night, at_night(1, 30),
        say("Mencadangkan"),
        say("Setiap malam menyalin basis data dan semua berkas ke folder cadangan, kalau folder itu "
            "ditetapkan di server, dan menghapus cadangan yang lebih lama dari aturannya.")),
    Job("discard_old_drafts", discard_old_drafts, at_night(2, 10),
        say("Membuang draf lama"),
        say("Membuang draf yang tidak disentuh selama jumlah hari yang ditetapkan kantor.")),
    Job("purge_sign_ins", purge_sign_ins, at_night(2, 20),
        say("Menghapus jejak masuk yang lama"),
        say("Menghapus hitungan percobaan masuk, isian yang ditahan, dan tautan kata sandi dari "
            "kemarin, serta sesi yang berakhir sebulan lalu.")),
    Job("forget_idempotent_answers", forget_idempotent_answers, at_night(2, 30),
        say("Menghapus jawaban API yang lama"),
        say("Melupakan jawaban yang disimpan untuk permintaan API berulang sesudah dua hari.")),
    Job("find_duplicates", find_duplicates, at_night(3, 0),
        say("Mencari perusahaan ganda"),
        say("Membandingkan perusahaan yang baru atau berubah dengan yang sudah ada, dan menaruh "
            "pasangan yang mungkin sama di daftar dugaan ganda.")),
    Job("find_doubtful_companies", find_doubtful_companies, at_night(3, 15),
        say("Mencari data perusahaan yang meragukan"),
        say("Memeriksa yang baru atau berubah, dan sekali semua yang tersimpan: angka pengisi, nama yang "
            "bukan nama, gabungan dari bentuk hukum yang berbeda. Tidak mengubah data apa pun.")),
    Job("purge_import_files", purge_import_files, at_night(2, 35),
        say("Menghapus berkas impor yang lama"),
        say("Menghapus berkas yang diunggah sesudah 30 hari, ketika impornya tidak dapat lagi "
            "diurungkan.")),
    Job("verify_event_log", verify_event_log, at_night(2, 40),
        say("Memeriksa segel log"),
        say("Menghitung ulang segel peristiwa yang baru sejak pemeriksaan terakhir dan memberi "
            "tahu kalau ada yang diubah di luar Patuh, juga pada kasus, nota, catatan, dan cek yang "
            "disebutnya.")),
    Job("seal_event_log", seal_event_log, at_night(2, 50),
        say("Menyimpan segel log hari ini"),
        say("Menulis segel peristiwa terakhir ke berkas di luar basis data dan mengirimnya kepada admin, "
            "supaya log yang ditulis ulang ketahuan.")),
    Job("seal_checks", seal_checks, every(hours=1),
        say("Menyegel bukti cek"),
        say("Setiap jam menyegel bukti cek yang baru dalam log, supaya perubahan sesudahnya "
            "ketahuan.")),
    Job("verify_whole_event_log", verify_whole_event_log, every_sunday(3, 30),
        say("Memeriksa segel seluruh log"),
        say("Sekali seminggu menghitung ulang segel setiap peristiwa, dari yang pertama, dan mencocokkan "
            "semua kasus, nota, catatan, dan cek dengannya.")),
    Job("check_files", check_stored_files, at_night(3, 40),
        say("Memeriksa berkas tersimpan"),
        say("Setiap malam menghitung ulang sidik sebagian berkas, sehingga semua terperiksa dalam 30 hari, "
            "dan memberi tahu admin kalau ada yang berubah atau hilang.")),
    Job("count_unnamed_bytes", count_unnamed_bytes, every_sunday(4, 40),
        say("Mencari berkas tanpa pemilik"),
        say("Menghitung berkas tersimpan yang tidak disebut catatan mana pun, misalnya karena unggahan "
            "terputus. Tidak ada yang dihapus.")),
    Job("watch_security_log", watch_security_log, every(minutes=10),
        say("Mengawasi log keamanan"),
        say("Memberi tahu admin kalau dalam satu jam banyak yang gagal masuk, banyak token salah, atau "
            "banyak yang ditolak; masing-masing sekali sehari.")),
    Job("drop_security_entries", drop_security_entries, at_night(4, 15),
        say("Menghapus log keamanan yang lama"),
        say("Menghapus catatan log keamanan sesudah jumlah hari yang ditetapkan kantor.")),
    Job("drop_delivered", drop_delivered, at_night(4, 10),
        say("Menghapus pesan lama"),
        say("Menghapus pesan yang sudah terkirim atau dibaca sesudah 400 hari. Peristiwa, "
            "cek, dan bukti cek adalah arsip dan tetap ada.")),
    Job("drop_old_runs", drop_old_runs, at_night(4, 20),
        say("Menghapus riwayat pekerjaan yang lama"),
        say("Menghapus catatan pekerjaan otomatis sesudah 90 hari.")),
)  # fmt: skip
JOBS = {job.name: job for job in TABLE}
