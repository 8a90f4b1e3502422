"""Explains a failed job or mail to the office: what it means and what to do.

The technician reads the error itself.
"""

from __future__ import annotations

import errno
import re

from compliance.core.text import Text, say

UNREACHABLE = say(
    "Server surel tidak dapat dihubungi. Tunggu sebentar, lalu coba lagi; kalau tetap gagal, minta"
    " teknisi memeriksa jaringan dan alamat server surel."
)
NOT_ACCEPTED = say(
    "Server surel menolak Patuh sebagai pengirim. Minta teknisi memeriksa nama pengguna, kata"
    " sandi, dan alamat pengirim surel."
)
STORE = say(
    "Basis data tidak menjawab atau sedang sibuk. Biasanya berhasil pada giliran berikutnya; kalau"
    " terus gagal, hubungi teknisi."
)
FULL_DISK = say(
    "Ruang penyimpanan server penuh. Minta teknisi menambah atau mengosongkannya; sesudah itu pekerjaan"
    " ini berjalan lagi dengan sendirinya."
)
DISK_AWAY = say(
    "Penyimpanan berkas tidak terjangkau atau tidak dapat ditulisi. Minta teknisi memeriksanya; sesudah"
    " itu pekerjaan ini berjalan lagi dengan sendirinya."
)
UNEXPECTED = say(
    "Kesalahan yang tidak terduga. Coba lagi satu kali; kalau gagal lagi, kirim rincian di bawah"
    " kepada teknisi."
)
MEANINGS = {
    "SMTPRecipientsRefused": say(
        "Server surel menolak alamat tujuan. Periksa ejaannya, perbaiki, lalu coba lagi."
    ),
    "SMTPSenderRefused": NOT_ACCEPTED,
    "SMTPAuthenticationError": NOT_ACCEPTED,
    "SMTPNotSupportedError": NOT_ACCEPTED,
    "SMTPConnectError": UNREACHABLE,
    "SMTPServerDisconnected": UNREACHABLE,
    "SMTPHeloError": UNREACHABLE,
    "ConnectionRefusedError": UNREACHABLE,
    "ConnectionResetError": UNREACHABLE,
    "TimeoutError": UNREACHABLE,
    "gaierror": UNREACHABLE,
    "OSError": UNREACHABLE,
    "SSLError": UNREACHABLE,
    "SSLCertVerificationError": UNREACHABLE,
    "OperationalError": STORE,
    "InterfaceError": STORE,
    "FilesBroken": say(
        "Berkas tersimpan berubah atau hilang di luar Patuh. Pulihkan dari cadangan; flask audit verify"
        " menyebut surat dan bukti mana yang terkena."
    ),
    "BrokenFiles": say(
        "Cadangan selesai, tetapi ada berkas tersimpan yang berubah atau hilang sehingga tidak ikut. Pulihkan"
        " dari cadangan yang lebih lama; flask audit verify menyebut surat dan bukti mana yang terkena."
    ),
    "CannotMove": say(
        "Cadangan tidak selesai, dan tidak ada cadangan yang setengah jadi. Kirim rincian di bawah kepada"
        " teknisi; sesudah diperbaiki, jalankan lagi pekerjaan ini."
    ),
    "LogAltered": say(
        "Log atau data tidak lagi sama dengan segelnya: ada yang diubah, disisipkan, atau dihapus di"
        " luar Patuh. Beri tahu pimpinan, dan jangan mengubah apa pun di server sebelum diperiksa."
    ),
}
"""By the name with which an error begins."""
_OF_DISK = {
    errno.ENOSPC: FULL_DISK,
    errno.EDQUOT: FULL_DISK,
    errno.EIO: DISK_AWAY,
    errno.EROFS: DISK_AWAY,
}
"""By the number of an error of the system: what is wrong is the disk, and no mail server."""
_NUMBER = re.compile(r"OSError: \[Errno (\d+)\]")
_STORE_IS_FULL = re.compile(r"OperationalError: .*(disk is full|DiskFull)")


def meaning_of(error: str) -> Text:
    """What an error that was written down ("Name: details") means, and what to do."""
    if (of_disk := _meaning_of_disk(error)) is not None:
        return of_disk
    name = error.partition(":")[0]
    refused = say("Server surel menolak surel ini. Periksa alamatnya, lalu coba lagi.")
    return MEANINGS.get(name) or (refused if name.startswith("SMTP") else UNEXPECTED)


def _meaning_of_disk(error: str) -> Text | None:
    if _STORE_IS_FULL.match(error):
        return FULL_DISK
    number = _NUMBER.match(error)
    return _OF_DISK.get(int(number[1])) if number else None
