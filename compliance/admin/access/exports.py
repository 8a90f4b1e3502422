"""The changes of access as a file: the same rows as the page shows, all of them."""

from __future__ import annotations

from compliance.admin.audit.exports import details
from compliance.admin.audit.queries import kind_name
from compliance.core.channels import channel_words
from compliance.core.text import say
from compliance.web.exports import Column

ACCESS_COLUMNS = [
    Column(say("Nomor"), lambda row: row.id),
    Column(say("Waktu"), lambda row: row.at),
    Column(say("Perubahan"), lambda row: kind_name(row.kind)),
    Column(say("Akun siapa"), lambda row: row.data.get("name")),
    Column(say("Oleh"), lambda row: say("sistem") if row.actor_id is None else row.actor_name),
    Column(say("Lewat"), channel_words),
    Column(say("Rincian"), details),
]
