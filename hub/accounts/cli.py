"""`python -m hub user …`: people, from the machine's own command line. Runs inside the app's context."""

from __future__ import annotations

import sys

import click
from flask import current_app

from hub.accounts import forgetting, identity, links, mentions, passwords, people
from hub.accounts.forgetting import Named
from hub.accounts.roles import Role
from hub.db import unit_of_work
from hub.errors import HubError
from hub.web.filters import plural


class Refused(click.ClickException):
    """What was asked for cannot be had: said in words, with status 2."""

    exit_code = 2


@click.group()
def user() -> None:
    """Add people to the hub."""


@user.command()
@click.argument("email")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What they are in the hub.",
)
@click.option("--name", default="", help="Their name; else it is made from the e-mail address.")
@click.option(
    "--password-stdin", is_flag=True, help="Read a password from standard input instead of making a link."
)
def add(email: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a person and print a one-time link that signs them in."""
    try:
        email = identity.email(email)
        kept = _password(email) if password_stdin else None
        with unit_of_work() as session:
            added = people.add(
                session, email, name or identity.name_from(email), Role(role), password_hash=kept
            )
            address = None if kept else links.make(session, added)
    except HubError as error:
        raise Refused(str(error)) from error
    click.echo(f"{added.name} <{added.email}> is added as {added.role.label.lower()}.")
    if address:
        click.echo(f"This link signs them in once, within {links.FIRST.days} days:\n{address}")


def _password(email: str) -> str:
    """The password on standard input, without the line's end, as it is stored."""
    given = sys.stdin.read(passwords.LONGEST + 3).removesuffix("\n").removesuffix("\r")
    return passwords.keep(passwords.acceptable(given, email=email))


@user.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(email: str, *, yes: bool) -> None:
    """Forget a person on their demand: a pseudonym takes their place, their words go, numbers stay."""
    try:
        if not yes:
            with unit_of_work(write=False) as session:
                person = people.by_email(session, email)
                _tell(mentions.find(session, Named.of(session, person.id), person.id))
            click.confirm("A pseudonym will take their place for good. Go on?", abort=True)
        with unit_of_work() as session:
            person = people.by_email(session, email)
            named = Named.of(session, person.id)
            name = forgetting.forget(session, person, by=None)
        click.echo(f"Forgotten. What they did is counted as that of “{name}”.")
        with unit_of_work(write=False) as session:
            _tell(mentions.find(session, named, person.id))
    except HubError as error:
        raise Refused(str(error)) from error


def _tell(found: mentions.Mentions) -> None:
    """Texts that name somebody, for people to mend: the hub changes none of them."""
    if not found.total:
        click.echo("No text of others names them.")
        return
    click.echo(
        f"{plural(found.total, 'text')} of others {'names' if found.total == 1 else 'name'} them; mend these by hand:"
    )
    for row in found.rows:
        where = f" ({row.where})" if row.where else ""
        click.echo(f"  {row.kind}: {row.title}{where}  {current_app.config['HUB_URL']}{row.path}")
    if found.total > len(found.rows):
        click.echo(f"  and {found.total - len(found.rows):,} more.")
