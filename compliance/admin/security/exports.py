"""The security log as a file: the same rows as the page shows, all of them."""

from __future__ import annotations

from compliance.core.text import say
from compliance.web.exports import Column
from compliance.web.security_log import SECURITY_KINDS

SECURITY_COLUMNS = [
    Column(say("Waktu"), lambda row: row.at),
    Column(say("Jenis"), lambda row: SECURITY_KINDS.get(row.kind, row.kind)),
    Column(say("Berapa kali"), lambda row: row.count),
    Column(say("Alamat jaringan"), lambda row: row.address),
    Column(say("Akun"), lambda row: row.person),
    Column(say("Surel"), lambda row: row.email),
    Column(say("Cara"), lambda row: row.method),
    Column(say("Alamat halaman"), lambda row: row.path),
    Column(say("Nomor permintaan"), lambda row: row.request_id),
]
