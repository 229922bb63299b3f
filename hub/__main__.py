"""`python -m hub …`: every command of the hub."""

from __future__ import annotations

import os
import sys

import click

from config import Settings
from hub.accounts.cli import user
from hub.app import create_app
from hub.errors import HubError
from hub.library.cli import import_command
from hub.operations import schema, serving, setup
from hub.operations.cli import demo, doctor, migrate, migration, reindex

UNBOUND = {"serve", "worker", "run"}  # these start processes that make their own app
BEGIN = {"migrate", "migration", "demo"}  # these make a hub where there is none


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Hub: a self-hosted content hub for sales enablement. docs/settings.md names its settings."""
    if "--help" in sys.argv:
        return
    command = context.invoked_subcommand
    context.obj = settings = Settings.from_environ(begin=command in UNBOUND | BEGIN)
    if command not in UNBOUND:
        app = create_app(settings)
        context.with_resource(app.app_context())
        context.call_on_close(app.extensions["hub.search"].close)
        context.call_on_close(app.extensions["hub.db"].dispose)
        if command not in BEGIN | {"doctor"}:  # doctor says it among other things
            schema.check()


@cli.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve pages on HUB_BIND, by gunicorn."""
    _prepare(settings)
    serving.serve(settings, create_app)


@cli.command()
@click.pass_obj
def worker(settings: Settings) -> None:
    """Run jobs: make files useful, keep search and figures up to date."""
    _prepare(settings)
    serving.work(settings, create_app)


@cli.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Serve pages and run jobs, supervised; the way to run a hub on one machine."""
    _prepare(settings)
    serving.run(settings, create_app)


def _prepare(settings: Settings) -> None:
    """Bring the schema up to date; on a hub where there is nobody, say how the first administrator comes in."""
    app = create_app(settings)
    with app.app_context():
        address = setup.prepare()
        app.extensions["hub.search"].close()
        app.extensions["hub.db"].dispose()  # `run` forks: nothing may be open then
    if address:
        click.echo(f"\nNobody is here yet. This link makes the first administrator:\n\n    {address}\n")


for command in (user, import_command, reindex, migrate, migration, demo, doctor):
    cli.add_command(command)


def main() -> None:
    """Run a command; the hub's own errors are told in words, with status 2."""
    os.umask(
        0o077
    )  # what the hub keeps on this machine (people, hashes of passwords, files) is for its own user alone
    try:
        cli()
    except HubError as error:
        click.echo(f"Hub: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
