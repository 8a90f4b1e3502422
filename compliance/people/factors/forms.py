"""What people fill in about their second factor."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from compliance.core.text import say
from compliance.web.formatting import render_text
from compliance.web.forms import Form, Needed


class ProofForm(Form):
    """A code, or what a passkey signed for the challenge that the page carries."""

    factor_code = StringField()
    credential = HiddenField()
    challenge = HiddenField()

    def validate_factor_code(self, field: StringField) -> None:
        if not (field.data or "").strip() and not self.credential.data:
            raise ValidationError(render_text(say("Ketik kode dari aplikasi Anda.")))


class SecondFactorForm(ProofForm):
    """The same at sign-in, where the browser can be remembered."""

    remember = BooleanField()


class PasswordAgainForm(Form):
    """The password of who has no second factor."""

    current = PasswordField(validators=[Needed(say("Isi kata sandi Anda yang sekarang"))])


class AppForm(Form):
    """A new authenticator app; `enrolment` carries its secret, signed, from page to answer."""

    name = StringField()
    factor_code = StringField(validators=[Needed(say("Ketik kode dari aplikasi Anda."))])
    enrolment = HiddenField()


class PasskeyForm(Form):
    """A new passkey."""

    name = StringField()
    credential = HiddenField()
    challenge = HiddenField()
