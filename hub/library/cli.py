"""`python -m hub import`: a folder of stories into the library. Needs an app context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from tqdm import tqdm

from hub.errors import HubError
from hub.library.importing import Options, run_import
from hub.library.importing.folder import Found
from hub.library.kinds import Kind

PROBLEMS = 1  # exit code: the import went through, and something is to be mended


class Refused(click.ClickException):
    """The import cannot begin: said in words, with status 2."""

    exit_code = 2


def watched(files: Sequence[Found]) -> Iterable[Found]:
    """The files with a progress bar on standard error; none when that is no terminal."""
    return tqdm(files, desc="Importing", unit="file", disable=None)


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
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
def import_command(
    folder: Path,
    mapping: Path | None,
    as_email: str,
    publish: bool,
    dry_run: bool,
    overwrite: bool,
    kind: str | None,
    source: str,
    files: bool,
    report_file: Path | None,
) -> None:
    """Bring the stories in FOLDER into the library: Markdown, MDX, HTML and YAML, with front matter.

    FOLDER may also be a table, .csv or .xlsx, with an asset a row and files beside it.

    Running it again changes only what changed in the folder. Ends with 0 when all is well, 1 when there is something
    to mend, 2 when it cannot begin.
    """
    if report_file is not None:
        _check_report(report_file)
    options = Options(
        mapping, as_email, publish, dry_run, overwrite, Kind(kind) if kind else None, source, files
    )
    try:
        report = run_import(folder, options, watched)
    except HubError as error:
        raise Refused(str(error)) from error
    click.echo(report.words())
    if report_file is not None:
        report.write(report_file)
    if not report.ok:
        click.get_current_context().exit(PROBLEMS)


def _check_report(path: Path) -> None:
    if path.suffix.lower() not in {".json", ".csv"}:
        raise click.BadParameter("the report is a .json or a .csv file", param_hint="--report")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}", param_hint="--report")
