"""Commands that look after the hub: migrate, reindex, the demo library."""

from __future__ import annotations

import click
from alembic import command

from hub.db import unit_of_work
from hub.discovery import documents
from hub.jobs import enqueue
from hub.operations import demo as demo_library
from hub.operations import doctor as examination
from hub.operations import setup
from hub.operations.findings import Verdict
from hub.operations.schema import alembic_config
from hub.search import advice, engine

ENQUEUES = ("search.rebuild",)


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date. `serve`, `worker` and `run` do this by themselves."""
    setup.migrate()
    click.echo("The schema is up to date.")


@click.command()
@click.argument("message")
def migration(message: str) -> None:
    """Write a migration from what changed in the models (for developers)."""
    setup.migrate()
    command.revision(alembic_config(), message=message, autogenerate=True)


@click.command()
@click.option(
    "--now",
    is_flag=True,
    help="Do it here instead of leaving it to the worker, which must not run meanwhile.",
)
def reindex(*, now: bool) -> None:
    """Make the search index anew from the database; searches keep answering from the old one."""
    if now:
        click.echo(f"{documents.rebuild(engine()):,} assets are indexed.")
    else:
        with unit_of_work() as session:
            enqueue(session, "search.rebuild")
        click.echo("The worker will make the index anew.")
    if advised := advice(engine()):
        click.echo(advised)


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look at each part of the hub and say what is well, what could be better and what ails; status 1 when something ails."""
    ails = False
    for finding in examination.examine():
        click.echo(str(finding))
        ails |= finding.verdict is Verdict.AILS
    context.exit(int(ails))


@click.command()
def demo() -> None:
    """Make the demo library, once, and print one-time sign-in links for its people."""
    setup.prepare()
    for line in demo_library.make():
        click.echo(line)
