"""Sentences that answers said once and say no longer; receipts hold them for ever, in both languages.

They stand here so that their English is kept. A sentence of an answer that changes moves here first.
"""

from __future__ import annotations

from compliance.core.text import say, say_many

RETIRED = (
    say("KUNING – MASA PERBAIKAN"),
    say("Nota {nota}: masa perbaikan sampai {day}."),
    say("Izin dapat diproses. Ingatkan pemohon: masa perbaikan sampai {day}."),
    say(
        "Izin dapat diproses. Ingatkan pemohon: masa perbaikan berakhir {day}, sudah lewat {days} hari."
    ),
    say("Persetujuan Bangunan Gedung (PBG)"),
    say(
        "Belum ada pekerja yang terdaftar: bukti kepesertaan diminta sebagai syarat layanan"
        " (PP 86/2013 pasal 8 ayat (3) huruf a)."
    ),
    say(
        "BPJS Ketenagakerjaan meminta agar layanan publik tertentu tidak diberikan (TMP2T);"
        " kantor Anda yang melaksanakannya (PP 86/2013 pasal 8 dan 9)."
    ),
    say(
        "Untuk TMP2T: terdaftar dan denda lunas, atau data sudah lengkap dan benar "
        "(PP 86/2013 pasal 10 ayat (7) dan (8))."
    ),
    say("KUNING – LEWAT WAKTU"),
    say("Catatan perizinan sejak {day} (kasus {case})."),
    say("Izin dapat diproses. Ingatkan pemohon: pengecekan kembali {day} sudah lewat {days} hari."),
    say("{first} sampai {last}, menurut temuannya"),
    say("Periksa ketikannya: NIB 13 angka, NPWP 15 atau 16 angka."),
    say(
        "Bila nomornya benar, Patuh belum mengenal perusahaan ini: mintalah bukti"
        " kepesertaan langsung dari pemohon, dan kabari dinas."
    ),
    say("Minta bukti kepesertaan sebelum memutuskan."),
    say("Minta bukti pemenuhan kewajiban sebelum memutuskan."),
    say(
        "Catatan ini ikut dipertimbangkan pada setiap permohonan, tetapi catatan saja tidak"
        " menahan izin apa pun: menurut PP 86/2013, harus ada dulu surat permintaan BPJS (TMP2T)."
    ),
    say(
        "BPJS Ketenagakerjaan meminta agar layanan publik tertentu tidak diberikan (TMP2T); kantor Anda"
        " yang melaksanakannya sampai BPJS sendiri mencabutnya dengan surat (PP 86/2013 pasal 8, 9, dan 10)."
    ),
    say(
        "Putuskan tertulis dalam 5 hari kerja, diam berarti dianggap mengabulkan, karena aturan izin"
        " jenis ini tidak menyebut waktu (UU 30/2014 pasal 53, diubah UU 11/2020): bila lengkap"
        " diterima pada hari cek ini, paling lambat {last}."
    ),
    say(
        "Putuskan tertulis sebelum waktunya habis: waktu izin jenis ini belum dicatat kantor Anda."
        " Bila aturannya tidak menyebut waktu, 5 hari kerja, paling lambat {last} (UU 30/2014 pasal"
        " 53, diubah UU 11/2020); izin OSS punya waktu sendiri dan terbit otomatis bila waktunya"
        " habis (PP 28/2025)."
    ),
    say(
        "Putuskan tertulis sebelum waktunya habis. Bila aturan izinnya tidak menyebut waktu lain: 5 hari"
        " kerja, paling lambat {last}; diam berarti dianggap mengabulkan (UU 30/2014 pasal 53, diubah UU"
        " 11/2020). Izin OSS punya waktu sendiri dan terbit otomatis bila waktunya habis (PP 28/2025)."
    ),
    say("{shortest} sampai {longest} hari kerja sejak nota diterima"),
    say("{shortest} sampai {longest} hari sejak nota diterima"),
    say_many("{days} hari kerja sejak nota diterima"),
    say_many("{days} hari sejak nota diterima"),
    say_many("{days} hari kerja sejak Nota II diterima"),
    say_many("{days} hari sejak Nota II diterima"),
)
