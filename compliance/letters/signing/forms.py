"""The forms of signing: ink with or without a scan, a signed PDF, the signing service."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import PasswordField, RadioField, StringField

from compliance.core.text import say
from compliance.web.forms import DayField, Form, options


class InkSignatureForm(Form):
    """Signed with ink on a day; `scan` is optional."""

    signed_on = DayField()
    scan = FileField()


class SignedPdfForm(Form):
    """A PDF that was signed elsewhere."""

    file = FileField()


class RemoteSigningForm(Form):
    """Who signs through the service. The passphrase is asked anew and shown again on no page."""

    nik = StringField()
    passphrase = PasswordField()
    look = RadioField(validate_choice=False, default="invisible")

    def __init__(self) -> None:
        super().__init__()
        self.look.choices = options(
            {
                "invisible": say("Tidak terlihat: tata letak surat tidak berubah"),
                "visible": say("Terlihat di halaman pertama"),
            }
        )
