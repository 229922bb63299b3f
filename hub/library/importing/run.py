"""One import: the folder is read file by file, and kept in small units of work, so that a run cut short loses nothing."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import make_public_id, unit_of_work
from hub.errors import HubError, Invalid
from hub.library import uploads
from hub.library.importing import draft as drafting
from hub.library.importing import folder as folders
from hub.library.importing import keeping, reader
from hub.library.importing.draft import Draft, Setting
from hub.library.importing.folder import Found
from hub.library.importing.keeping import Plan, Stored
from hub.library.importing.mapping import Mapping
from hub.library.importing.mapping_file import load
from hub.library.importing.owner import importer
from hub.library.importing.reader import Item
from hub.library.importing.report import Line, Problem, Report, Status
from hub.library.importing.values import Values
from hub.library.importing.vocabulary import Vocabulary
from hub.library.kinds import Kind
from hub.library.models import Asset
from hub.storage import storage

BATCH = 50  # items kept in one unit of work
SOURCE_NAME_LIMIT = 80

ENQUEUES = keeping.ENQUEUES

Watch = Callable[[Sequence[Found]], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Options:
    """How a folder is imported. `source`: the name it goes by in later runs, the folder's own when empty."""

    mapping: Path | None = None
    as_email: str = ""
    publish: bool = False
    dry_run: bool = False
    overwrite: bool = False
    kind: Kind | None = None
    source: str = ""


def run_import(folder: Path, options: Options, watch: Watch = iter) -> Report:
    """Bring a folder into the library, and tell what was done. Needs an app context; `watch` sees each file go by.

    Raises:
        Invalid: there is no such folder, the mapping cannot be used, or there is nobody to own what comes in.
    """
    root = _root(folder)
    source = _source(options.source or root.name)
    with unit_of_work(write=False) as session:
        user = importer(session, options.as_email)
        vocabulary = Vocabulary.of(session)
    mapping = load(options.mapping, vocabulary) if options.mapping else Mapping()
    run = _Run(root, user, options, Setting(source, mapping, vocabulary, options.kind))
    try:
        run.go(watch)
    except KeyboardInterrupt:
        run.report.interrupted = True
    return run.report


class _Run:
    """State of one run: what was seen, what waits to be kept."""

    def __init__(self, root: Path, user: User, options: Options, setting: Setting) -> None:
        self.root, self.user, self.options, self.setting = root, user, options, setting
        self.report = Report(setting.source, options.dry_run, options.publish)
        self._waiting: list[Draft] = []
        self._ids: dict[str, str] = {}
        self._seen: dict[str, str] = {}  # source of an item → its name
        self._unread: set[str] = set()
        self._gone: set[str] = set()

    def go(self, watch: Watch) -> None:
        besides = self.options.mapping.resolve() if self.options.mapping else None
        scan = folders.scan(self.root, self.setting.mapping.ignores, besides)
        self.report.lines += scan.passed
        self.report.problems += scan.problems
        self.report.left_out = scan.left_out
        known = self._known_sources()
        there = {found.relative for found in scan.files}
        self._gone = {source for source in known if not _stands(source, self.setting.source, there)}
        for found in watch(scan.files):
            self._read(found)
            if len(self._waiting) >= BATCH:
                self._keep()
        self._keep()
        self._tell_gone(known)

    def _known_sources(self) -> list[str]:
        prefix = f"{self.setting.source}/"
        with unit_of_work(write=False) as session:
            query = select(Asset.import_source).where(Asset.import_source.startswith(prefix, autoescape=True))
            found = session.scalars(query.where(Asset.archived_at.is_(None)).order_by(Asset.import_source))
            return [source for source in found if source is not None and source.startswith(prefix)]

    def _read(self, found: Found) -> None:
        reading = reader.read(found, self.setting.mapping)
        self.report.problems += reading.problems
        if any(problem.serious for problem in reading.problems):
            self._unread.add(found.relative)
        if reading.reason:
            self.report.lines.append(Line(Status.SKIPPED, found.relative, reason=reading.reason))
        for item in reading.items:
            self._take(item)

    def _take(self, item: Item) -> None:
        """Make a draft of an item, unless it is a double or holds nothing."""
        source = drafting.source_of(self.setting.source, item.name)
        double = self._double(item, source)
        if double is not None:
            self.report.problems.append(double)
            self._unread.add(item.file)
            return
        try:
            made = drafting.make(item, self.setting)
        except HubError as error:
            self.report.problems.append(Problem(item.file, item.entry.line, error.message, error.remedy))
            self._unread.add(item.file)
            return
        if isinstance(made, str):
            self.report.lines.append(Line(Status.SKIPPED, item.name, reason=made))
            return
        self._seen[source] = item.name
        self.report.problems += made.problems
        if not made.verticals:
            self.report.unfiled.update(made.industries)
        self._waiting.append(made)

    def _double(self, item: Item, source: str) -> Problem | None:
        if source in self._seen:
            message = f"Its name is that of {self._seen[source]} once both are written alike."
            return Problem(item.file, 0, message, "Rename one of the two.")
        values = Values(item, self.setting.mapping)
        said = values.text("id").strip("/").casefold()
        if item.anchor or not said:
            return None
        first = self._ids.setdefault(said, item.file)
        if first == item.file:
            return None
        message = f"The id “{said[:80]}” is that of {first} already; only the first went in."
        return Problem(item.file, values.line("id"), message, "Give one of the two another id.")

    def _keep(self) -> None:
        """Plan what waits; write only where there is something to write."""
        batch, self._waiting = self._waiting, []
        with unit_of_work(write=False) as session:
            plans = [self._plan(session, draft) for draft in batch]
            lines = [keeping.line_of(what, what.asset, published=what.publish) for what in plans]
        self.report.lines += [
            line for what, line in zip(plans, lines, strict=True) if what.settled or self.options.dry_run
        ]
        for what in plans:
            if what.status is Status.CONFLICT:
                self._tell_conflict(what)
        to_write = [what.draft for what in plans if not what.settled]
        if self.options.dry_run or not to_write:
            return
        stored = {
            what.draft.source: kept
            for what in plans
            if what.asset is None and (kept := self._store(what.draft))
        }
        self._write(to_write, stored)

    def _write(self, drafts: list[Draft], stored: dict[str, Stored]) -> None:
        made: list[tuple[Line, list[Problem]]] = []
        with unit_of_work() as session:
            user = session.get_one(User, self.user.id)
            for draft in drafts:
                what = self._plan(session, draft, lock=True)
                picture = stored.pop(draft.source, None) if what.asset is None else None
                made.append(keeping.carry_out(session, user, what, picture))
        for line, problems in made:
            self.report.lines.append(line)
            self.report.problems += problems
        for unused in stored.values():
            storage().delete(unused.key)

    def _plan(self, session: Session, draft: Draft, *, lock: bool = False) -> Plan:
        made = keeping.plan(
            session,
            draft,
            publish=self.options.publish,
            overwrite=self.options.overwrite,
            gone=self._gone,
            lock=lock,
        )
        if made.status is Status.MOVED and made.asset is not None:
            self._gone.discard(made.asset.import_source or "") if lock else None
        return made

    def _store(self, draft: Draft) -> Stored | None:
        """Put the picture of a new story into storage, before any transaction."""
        picture = (
            folders.picture_beside(self.root, draft.found, draft.pictures) if not draft.item.anchor else None
        )
        if picture is None:
            return None
        filename = uploads.clean_filename(picture.name)
        key = f"files/{make_public_id()}/{uploads.storage_name(filename)}"
        try:
            kept = storage().put(
                key, picture, mimetypes.guess_type(filename)[0] or "application/octet-stream"
            )
        except (HubError, OSError) as error:
            remedy = error.remedy if isinstance(error, HubError) else "Add it in the hub."
            message = f"Its picture {filename} could not be kept."
            self.report.problems.append(Problem(draft.item.file, draft.item.entry.line, message, remedy))
            return None
        return Stored(key, filename, kept.size)

    def _tell_conflict(self, what: Plan) -> None:
        message = f"Not overwritten: {what.reason}."
        remedy = (
            "Make the change in the hub by hand, or let the file win with --overwrite; the versions stay."
        )
        self.report.problems.append(
            Problem(what.draft.item.file, what.draft.item.entry.line, message, remedy)
        )

    def _tell_gone(self, known: list[str]) -> None:
        """Report assets whose file, or item of a file, is no longer there. A file that could not be read keeps its own."""
        moved = {
            line.reason.removeprefix("it was ") for line in self.report.lines if line.status is Status.MOVED
        }
        prefix = f"{self.setting.source}/"
        for source in known:
            name = source.removeprefix(prefix)
            if (
                source in self._seen
                or source in moved
                or name in self._unread
                or name.partition("#")[0] in self._unread
            ):
                continue
            self.report.lines.append(Line(Status.GONE, name))


def _root(folder: Path) -> Path:
    try:
        root = folder.expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise Invalid(
            "folder", f"There is no folder {folder}.", "Name the folder that holds the stories."
        ) from error
    if not root.is_dir():
        raise Invalid("folder", f"{folder} is no folder.", "Name the folder that holds the stories.")
    return root


def _source(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > SOURCE_NAME_LIMIT or any(c in "/#" or not c.isprintable() for c in name):
        limit = f"1 to {SOURCE_NAME_LIMIT} characters without / and #"
        raise Invalid(
            "source", f"“{name[:80]}” cannot be the name of a source.", f"Give one with --source: {limit}."
        )
    return name


def _stands(source: str, name: str, there: set[str]) -> bool:
    path = source.removeprefix(f"{name}/")
    return path in there or path.rpartition("#")[0] in there
