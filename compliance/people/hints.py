"""First-use hints: one or two sentences on how a page is used, until its reader says that they understand.

What somebody has put away stays away, on every device, until they ask for it again on their account page.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask_login import current_user

from compliance.core.db import db
from compliance.core.errors import NotFound
from compliance.core.text import Text, say
from compliance.people.models import User

HINTS = {
    "field": say(
        "Ini pekerjaan Anda hari ini: cek ulang yang terlambat dan yang dekat, lalu draf. Tekan Buat nota untuk mulai; setiap langkah tersimpan, jadi boleh ditinggal dan dilanjutkan nanti."
    ),
    "findings": say(
        "Centang hanya yang ditemukan; isian di bawahnya baru muncul sesudah dicentang dan boleh dikosongkan. Dasar hukum setiap temuan dapat dibuka di bawah namanya."
    ),
    "case": say(
        "Paling atas tertulis langkah berikutnya dan siapa yang melakukannya. Setiap tanggal dapat ditanya: buka Mengapa tanggal ini?"
    ),
    "queue": say(
        "Yang paling lama terlambat ada di atas. Centang kasus, lalu pilih tindakan: sebelum apa pun berubah, Anda melihat akibatnya dan menyetujuinya."
    ),
    "check": say(
        "Ketik nomor atau nama, lalu tekan Enter. Jawabannya satu kata dengan alasannya; kotak langsung siap untuk pemohon berikutnya."
    ),
}
"""What each page's hint says."""


def hint_for(name: str) -> Text | None:
    """The hint of a page, unless the reader has put it away or is nobody."""
    if not current_user.is_authenticated or name in current_user.hints_seen:
        return None
    return HINTS[name]


def put_away(name: str, *, by: User) -> None:
    """The reader needs this hint no more. Raises NotFound for a hint that there is not."""
    if name not in HINTS:
        raise NotFound()
    if name not in by.hints_seen:
        _keep(by, [*by.hints_seen, name])


def bring_back(*, by: User) -> None:
    """The reader wants to see every hint again."""
    _keep(by, [])


def _keep(by: User, seen: list[str]) -> None:
    """Written beside the person's version: a hint put away must not make another form of theirs stale."""
    db.session.execute(sa.update(User).where(User.id == by.id).values(hints_seen=seen))
