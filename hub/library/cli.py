"""`python -m hub import`: a folder of stories into the library. Needs an app context."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click
from flask import current_app
from tqdm import tqdm

from hub.db import now
from hub.errors import HubError
from hub.library.importing import Options, run_import
from hub.library.importing.folder import Found
from hub.library.importing.report import Report, printable
from hub.library.importing.source import Source, source_of
from hub.library.importing.watching import Watch
from hub.library.kinds import Kind

PROBLEMS = 1  # exit code: the import went through, and something is to be mended


class Refused(click.ClickException):
    """The import cannot begin: said in words, with status 2."""

    exit_code = 2


def watched(files: Sequence[Found]) -> Iterable[Found]:
    """The files with a progress bar on standard error; none when that is no terminal."""
    return tqdm(files, desc="Importing", unit="file", disable=None)


@click.command("import")
@click.argument("folder")
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="YAML file: which keys and values mean what."
)
@click.option(
    "--as",
    "as_email",
    default="",
    metavar="EMAIL",
    help="Who will own the assets; else the first marketer or administrator.",
)
@click.option(
    "--publish/--draft",
    default=False,
    help="Let everybody see what comes in, or keep it for marketers (the default).",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option(
    "--overwrite",
    is_flag=True,
    help="Where file and asset both changed, let the file win; the asset's versions stay.",
)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), help="Kind of whatever does not say its own."
)
@click.option(
    "--source", default="", metavar="NAME", help="Name of the folder in later runs; else the folder's own."
)
@click.option("--files", is_flag=True, help="Make an asset of every other file too, with the file attached.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path),
    help="Write the report to FILE.json or FILE.csv as well.",
)
@click.option("--watch", is_flag=True, help="Go on: take up what is new or changed in FOLDER, until stopped.")
@click.option(
    "--every",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    help="With --watch: seconds between two looks.",
)
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    help="With --watch: seconds without a change after which a file counts as whole.",
)
def import_command(
    folder: str,
    mapping: Path | None,
    as_email: str,
    publish: bool,
    dry_run: bool,
    overwrite: bool,
    kind: str | None,
    source: str,
    files: bool,
    report_file: Path | None,
    watch: bool,
    every: float,
    settle: float,
) -> None:
    """Bring the stories in FOLDER into the library: Markdown, MDX, HTML and YAML, with front matter.

    FOLDER may also be a table, .csv or .xlsx, with an asset a row and files beside it, or a prefix of a bucket,
    s3:BUCKET/PREFIX, on the server that HUB_S3_ENDPOINT names.

    Running it again changes only what changed in the folder. Ends with 0 when all is well, 1 when there is something
    to mend, 2 when it cannot begin.
    """
    if report_file is not None:
        _check_report(report_file)
    if watch and dry_run:
        raise click.UsageError(
            "--watch and --dry-run do not go together: a watch would tell the same again and again."
        )
    options = Options(
        mapping, as_email, publish, dry_run, overwrite, Kind(kind) if kind else None, source, files
    )
    try:
        place = source_of(folder, current_app.extensions["hub.settings"], current_app.extensions["hub.s3"])
        options = place.named(options)
        if watch:
            place.bring()
            watching = Watch(place.folder, options, 0.0 if place.remote else settle)
            go_on(watching, place, every, lambda report: _tell(report, report_file))
            return
        for note in place.bring():
            click.echo(printable(f"Left out: {note}"))
        report = run_import(place.folder, options, watched)
    except HubError as error:
        raise Refused(str(error)) from error
    click.echo(report.words())
    if report_file is not None:
        report.write(report_file)
    if not report.ok:
        click.get_current_context().exit(PROBLEMS)


def go_on(
    watch: Watch,
    place: Source,
    every: float,
    tell: Callable[[Report], None],
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Look again and again, until SIGINT or SIGTERM; what goes wrong on the way is said once, and looked at again.

    Raises:
        HubError: the very first look fails.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    said, first = "", True
    click.echo(f"Watching {place.name}: a look every {every:g} s. Ctrl+C ends it.")
    try:
        while True:
            try:
                notes = [] if first else place.bring()
                report = watch.look()
                wrong = " ".join(f"Left out: {note}" for note in notes)
            except (HubError, OSError) as error:
                if first:
                    raise
                report, wrong = None, str(error)
            first = False
            if wrong and wrong != said:
                click.echo(printable(f"{_moment()} {wrong}"), err=True)
            said = wrong
            if report is not None:
                tell(report)
                if report.interrupted:
                    break
            wait(min(every, watch.settle + 0.1) if watch.holding else every)
    except KeyboardInterrupt:
        pass
    click.echo("Stopped.")


def _tell(report: Report, report_file: Path | None) -> None:
    click.echo(f"{_moment()}\n{report.words()}")
    if report_file is not None:
        report.write(report_file)


def _moment() -> str:
    return f"{now():%Y-%m-%d %H:%M:%S} UTC"


def _check_report(path: Path) -> None:
    if path.suffix.lower() not in {".json", ".csv"}:
        raise click.BadParameter("the report is a .json or a .csv file", param_hint="--report")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}", param_hint="--report")
