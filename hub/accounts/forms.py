"""The forms of accounts. What a value may be is said once, in the services; the forms ask them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import DateInput

from hub.accounts import identity, passwords
from hub.accounts.roles import Role
from hub.accounts.teams import LONGEST_NAME as LONGEST_TEAM_NAME
from hub.errors import HubError, Invalid

ROLES = {role.value: role.label for role in Role}


class Rule:
    """A validator that asks a service and takes over the value it has cleaned, or its words."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        self.clean = clean
        self.field_flags = {"required": True}

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            field.data = self.clean(field.data or "")
        except Invalid as error:
            raise StopValidation(str(error)) from error


class MayBe:
    """A validator of what may be left out: it asks a service whether the text makes sense, and leaves it as it is."""

    def __init__(self, read: Callable[[str], object]) -> None:
        self.read = read

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            self.read(field.data or "")
        except Invalid as error:
            raise StopValidation(str(error)) from error


def _password_given(password: str) -> str:
    if not password:
        raise Invalid(
            "password", "The password is missing.", "Enter it, or ask an administrator for a sign-in link."
        )
    if passwords.unusable(password):
        raise Invalid("password", "That cannot be a password of this hub.", "Check what was pasted.")
    return password


def _team_name(text: str) -> str:
    return identity.name(text, whose="The name of the team", longest=LONGEST_TEAM_NAME)


class AccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF comes without types
    """A form with its CSRF token."""


def blame(form: AccountForm, error: HubError) -> None:
    """Put a service's refusal where the person looks: at the field it names, else above the form."""
    if error.field in form:
        form[error.field].errors = [str(error)]
    else:
        form.form_errors = [str(error)]


class SignInForm(AccountForm):
    email = EmailField("E-mail", [Rule(identity.email)])
    password = PasswordField("Password", [Rule(_password_given)])
    next = HiddenField()


class ForgottenForm(AccountForm):
    email = EmailField("E-mail", [Rule(identity.email)])


class NewPasswordForm(AccountForm):
    password = PasswordField("New password", [Rule(passwords.acceptable)])


class LinkForm(AccountForm):
    """The button that uses a link up."""


class WelcomeForm(AccountForm):
    name = StringField("Your name", [Rule(identity.name)])
    email = EmailField("E-mail", [Rule(identity.email)])
    password = PasswordField("Password", [Rule(passwords.acceptable)])


class ProfileForm(AccountForm):
    name = StringField("Name", [Rule(identity.name)])
    timezone = SelectField(
        "Time zone", [Rule(identity.time_zone)], choices=identity.time_zones, validate_choice=False
    )


class PasswordForm(AccountForm):
    """Sets a password. `current` is asked for when there is one."""

    current = PasswordField("Present password", [Rule(_password_given)])
    password = PasswordField("New password", [Rule(passwords.acceptable)], id="new-password")


class PersonForm(AccountForm):
    """What an administrator says of a person. `teams` holds public ids."""

    email = EmailField("E-mail", [Rule(identity.email)])
    name = StringField("Name", [Rule(identity.name)])
    role = SelectField(
        "Role", [InputRequired("The role is missing. Choose one.")], choices=ROLES, default=Role.REP.value
    )
    teams = SelectMultipleField("Teams", choices={})
    hired_on = StringField("Hired on", [MayBe(identity.day_of_hire)], widget=DateInput())

    @property
    def hired(self) -> date | None:
        """The day that was given, once the form is valid."""
        return identity.day_of_hire(self.hired_on.data or "")


class InvitationsForm(AccountForm):
    """A list of people: in a file, or written into the page."""

    file = FileField("CSV file")
    people = TextAreaField("Or write them here")


class LeavingForm(AccountForm):
    heir = EmailField("Hand over to")


class TeamForm(AccountForm):
    name = StringField("Name of the team", [Rule(_team_name)])


class MemberForm(AccountForm):
    email = EmailField("E-mail", [Rule(identity.email)])
