"""LibreOffice: where it is, and one conversion by it, in a folder of its own, without network and macros."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from hub.media.confine import PIPES, die_with_parent
from hub.media.faults import MediaFault, Unusable
from hub.media.limits import Limits
from hub.media.task import Task

_PDF = {
    "slides": 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}',
    "document": "pdf:writer_pdf_Export",
}
# In the profile that is made for each file: nothing in a document runs, and nothing it names is fetched.
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
)
_BUILD = re.compile(r"^buildid=(\S+)", re.MULTILINE)
_ITEM = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{}</oor:items>'
)


def find_office(limits: Limits) -> Path | None:
    """The setting, then PATH. Raises MediaFault for a wrong setting; "none" asks for none."""
    if limits.libreoffice.lower() == "none":
        return None
    if limits.libreoffice:
        named = shutil.which(limits.libreoffice)
        if named is None:
            raise MediaFault(
                f"HUB_LIBREOFFICE names {limits.libreoffice}, which is no program. Correct it or leave it unset."
            )
        return Path(named).resolve()
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(found).resolve() if found else None


def to_pdf(task: Task) -> Path:
    """The file as PDF. Raises Unusable when LibreOffice makes none."""
    return _converted(task, _PDF["slides" if task.family == "slides" else "document"], "pdf")


def to_xlsx(task: Task) -> Path:
    """The workbook as XLSX. Raises Unusable when LibreOffice makes none."""
    return _converted(task, "xlsx:Calc MS Excel 2007 XML", "xlsx")


def _converted(task: Task, target: str, ending: str) -> Path:
    # Output folders of their own: files of equal names would overwrite each other.
    profile, output = _profile(task), task.scratch / "converted"
    _write_profile(profile, task.office)
    output.mkdir(exist_ok=True)
    command = [
        str(task.office),
        f"-env:UserInstallation={profile.as_uri()}",
        *("--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        *("--convert-to", target, "--outdir", str(output), str(task.path)),
    ]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=task.scratch,
            preexec_fn=die_with_parent,  # noqa: PLW1509 -- the child that calls this has one thread
        )
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise MediaFault(f"LibreOffice could not be started: {error}") from error
    try:
        log = process.communicate(timeout=task.limits.office_seconds)[0][-2000:].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        process.kill()  # what it started ends with us: the supervisor ends all of our group
        raise Unusable(
            _not_converted(task), f"LibreOffice took more than {task.limits.office_seconds} s"
        ) from None
    made = next(
        (path for path in output.iterdir() if path.suffix == f".{ending}" and path.stat().st_size), None
    )
    if made is None:
        raise Unusable(_not_converted(task), f"LibreOffice ended with {process.returncode}. {log}")
    return made


def sweep(task: Task) -> None:
    """Remove the socket that LibreOffice leaves, for it may not remove anything there; by its parent, when it has ended."""
    if task.office is None:
        return
    digest = hashlib.md5(_profile(task).as_uri().encode("utf-16-le"), usedforsecurity=False).digest()
    for left in PIPES.glob(f"OSL_PIPE_*SingleOfficeIPC_{''.join(f'{byte:x}' for byte in digest)}"):
        if left.is_socket():
            left.unlink(missing_ok=True)


def _profile(task: Task) -> Path:
    return task.scratch / "profile"


def _write_profile(profile: Path, office: Path | None) -> None:
    user = profile / "user"
    user.mkdir(parents=True, exist_ok=True)
    items = "".join(_ITEM.format(*setting) for setting in _SETTINGS)
    (user / "registrymodifications.xcu").write_text(_PROFILE.format(items), encoding="utf-8")
    # Without its own build's mark in a profile LibreOffice cleans up first and starts anew, which its own socket then forbids.
    version = office.with_name("versionrc") if office else profile
    build = _BUILD.search(version.read_text("utf-8", "replace")) if version.is_file() else None
    if build:
        (user / "extensions").mkdir(exist_ok=True)
        (user / "extensions" / "buildid").write_text(build[1], encoding="utf-8")


def _not_converted(task: Task) -> str:
    if task.family == "sheet":
        return f"Hub could not look inside this {task.label}. Save it as .xlsx and upload that to have it searched."
    return f"Hub could not turn this {task.label} into pictures of its pages. Save it as PDF and upload that to have it shown."
