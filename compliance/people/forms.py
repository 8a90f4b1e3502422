"""What people fill in about themselves: signing in, preferences, a new password."""

from __future__ import annotations

from wtforms import BooleanField, Field, PasswordField, RadioField, StringField
from wtforms.validators import ValidationError

from compliance.core.text import say
from compliance.web.formatting import render_text
from compliance.web.forms import CountField, Form, Needed, options

LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
"""What the languages of Patuh call themselves, by their code."""


class LoginForm(Form):
    email = StringField(validators=[Needed(say("Isi alamat surel Anda"))])
    password = PasswordField(validators=[Needed(say("Isi kata sandi"))])


class ForgotForm(Form):
    email = StringField(validators=[Needed(say("Isi alamat surel Anda"))])

    def validate_email(self, field: Field) -> None:
        if (
            "@" not in field.data
        ):  # not an address at all; a stranger never learns whether an address is known
            raise ValidationError(
                render_text(say("Tulis alamat surel yang lengkap, misalnya nama@contoh.go.id"))
            )


class PreferencesForm(Form):
    language = RadioField(choices=options(LANGUAGE_NAMES))
    wants_email = BooleanField()
    shortcuts = BooleanField()
    dense = BooleanField()


class PasswordForm(Form):
    current = PasswordField(validators=[Needed(say("Isi kata sandi Anda yang sekarang"))])
    password = PasswordField(validators=[Needed(say("Isi kata sandi baru"))])
    again = PasswordField(validators=[Needed(say("Tulis kata sandi baru sekali lagi"))])

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(
                render_text(say("Kedua kata sandi baru tidak sama. Tulis sekali lagi."))
            )


class TokenForm(Form):
    """A token of one's own, made by whoever knows the password."""

    label = StringField()
    days = CountField()
    current = PasswordField(validators=[Needed(say("Isi kata sandi Anda yang sekarang"))])


class ResetForm(PasswordForm):
    """A new password, set with the link from the mail instead of the current password."""

    current = None  # type: ignore[assignment]  # WTForms takes it away
