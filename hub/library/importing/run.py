"""One import: the folder is read file by file, and kept in small units of work, so that a run cut short loses nothing."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.models import User
from hub.db import make_public_id, unit_of_work
from hub.errors import HubError
from hub.library.importing import draft as drafting
from hub.library.importing import folder as folders
from hub.library.importing import keeping, reader, row, table
from hub.library.importing.draft import Draft, Setting
from hub.library.importing.folder import Beside, Found
from hub.library.importing.keeping import Plan, Stored
from hub.library.importing.mapping import Mapping
from hub.library.importing.mapping_file import load
from hub.library.importing.notation import Entry
from hub.library.importing.options import Options, root_of, source_name
from hub.library.importing.owner import Roster, importer
from hub.library.importing.reader import Item
from hub.library.importing.report import Line, Problem, Report, Status
from hub.library.importing.values import Values
from hub.library.importing.vocabulary import Vocabulary
from hub.library.models import Asset
from hub.library.uploading import leftovers, names
from hub.storage import storage

BATCH = 50  # items kept in one unit of work

ENQUEUES = keeping.ENQUEUES

Watch = Callable[[Sequence[Found]], Iterable[Found]]
Tell = Callable[[Report], None]


def run_import(folder: Path, options: Options, watch: Watch = iter, tell: Tell = lambda _: None) -> Report:
    """Bring a folder, or a table with files beside it, into the library, and tell what was done. Needs an app context.

    `watch` sees each file go by, and may keep some back; `tell` is given the report as it grows.

    Raises:
        Invalid: there is no such folder or table, the mapping cannot be used, or there is nobody to own what comes in.
    """
    root = root_of(folder)
    source = source_name(options.source or (root.stem if root.is_file() else root.name))
    with unit_of_work(write=False) as session:
        user = importer(session, options.as_email)
        vocabulary, roster = Vocabulary.of(session), Roster.of(session)
    mapping = load(options.mapping, vocabulary) if options.mapping else Mapping()
    run = _Run(root, user, options, Setting(source, mapping, vocabulary, options.kind, roster), tell)
    try:
        run.go(watch)
    except KeyboardInterrupt:
        run.report.interrupted = True
    return run.report


class _Run:
    """State of one run: what was seen, what waits to be kept."""

    def __init__(self, root: Path, user: User, options: Options, setting: Setting, tell: Tell) -> None:
        self.root = root.parent if root.is_file() else root
        self.table = _table(root, self.root, options) if root.is_file() else None
        self.user, self.options, self.setting, self.tell = user, options, setting, tell
        self.beside = Beside(self.root, options.held)
        self.report = Report(setting.source, options.dry_run, options.publish)
        self._waiting: list[Draft] = []
        self._ids: dict[str, str] = {}
        self._seen: dict[str, str] = {}  # source of an item → what it is called
        self._unread: set[str] = set()
        self._gone: set[str] = set()
        self._moved: set[str] = set()

    def go(self, watch: Watch) -> None:
        besides = self.options.mapping.resolve() if self.options.mapping else None
        files = self._files(besides)
        known = self._known_sources()
        there = {found.relative for found in files}
        self._gone = {source for source in known if not _stands(source, self.setting.source, there)}
        self._unread |= there  # until it is read: nothing of a file that is kept back is gone
        for found in watch(files):
            if found.relative in self.options.held:
                continue
            self._unread.discard(found.relative)
            for draft in self._drafts(found):
                self._wait_for(draft)
                if len(self._waiting) >= BATCH:
                    self._keep()
        self._keep()
        self._tell_gone(known)

    def _files(self, besides: Path | None) -> list[Found]:
        """What is to be read: a table alone, where one leads; else every text, and the other files where they are wanted."""
        if self.table is not None:
            return [self.table]
        scan = folders.scan(self.root, self.setting.mapping.ignores, besides)
        self.report.problems += scan.problems
        leading = folders.lead_by_table(scan)
        if leading is not None:
            return [leading]
        self.report.lines += scan.passed
        if self.options.files:
            return [*scan.files, *scan.others]
        self.report.left_out = scan.left_out
        return scan.files

    def _known_sources(self) -> list[str]:
        prefix = f"{self.setting.source}/"
        with unit_of_work(write=False) as session:
            query = select(Asset.import_source).where(Asset.import_source.startswith(prefix, autoescape=True))
            found = session.scalars(query.where(Asset.archived_at.is_(None)).order_by(Asset.import_source))
            return [source for source in found if source is not None and source.startswith(prefix)]

    def _drafts(self, found: Found) -> Iterator[Draft]:
        """The drafts in a file; whatever is wrong with one of them goes into the report."""
        for item in self._items(found):
            if isinstance(item, Problem):
                self.report.problems.append(item)
                if item.serious:
                    self._unread.add(found.relative)
                continue
            made = self._made(item)
            if made is not None:
                yield made

    def _items(self, found: Found) -> Iterator[Item | Problem]:
        if found.form == table.FORM:
            yield from table.items(found, self.setting.mapping)
            return
        if found.form == "file":
            yield Item(found, Entry())
            return
        reading = reader.read(found, self.setting.mapping)
        yield from reading.problems
        if reading.reason:
            self.report.lines.append(Line(Status.SKIPPED, found.relative, reason=reading.reason))
        yield from reading.items

    def _made(self, item: Item) -> Draft | None:
        """The draft of an item, unless it is a double, holds nothing or cannot be taken."""
        source = drafting.source_of(self.setting.source, item.name)
        double = self._double(item, source)
        if double is not None:
            self.report.problems.append(double)
            self._unread.add(item.found.relative)
            return None
        try:
            if item.found.form in {table.FORM, "file"}:
                made: Draft | str = self._literal(item)
            else:
                made = drafting.make(item, self.setting)
        except (HubError, OSError) as error:
            words = (
                (error.message, error.remedy)
                if isinstance(error, HubError)
                else (f"It cannot be read ({error.strerror}).", "")
            )
            self.report.problems.append(Problem(item.file, item.entry.line, *words))
            self._unread.add(item.name)
            return None
        if isinstance(made, str):
            self.report.lines.append(Line(Status.SKIPPED, item.told, reason=made))
            return None
        return made

    def _literal(self, item: Item) -> Draft:
        """What is taken as it stands: a row of a table, or a file."""
        if item.found.form == table.FORM:
            return row.make(item, self.setting, self.beside)
        return row.of_file(item, self.setting)

    def _wait_for(self, made: Draft) -> None:
        self._seen[made.source] = made.item.told
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
        brought = [(what.draft, path) for what in plans if not what.settled and (path := self._brings(what))]
        keys = [f"files/{make_public_id()}/{names.storage_name(path.name)}" for _, path in brought]
        leftovers.announce(keys)
        stored = {
            draft.source: kept
            for (draft, path), key in zip(brought, keys, strict=True)
            if (kept := self._store(draft, path, key))
        }
        self._write(to_write, stored)
        self.tell(self.report)

    def _write(self, drafts: list[Draft], stored: dict[str, Stored]) -> None:
        made: list[tuple[Line, list[Problem]]] = []
        with unit_of_work() as session:
            user = session.get_one(User, self.user.id)
            for draft in drafts:
                what = self._plan(session, draft, lock=True)
                wanted = what.asset is None or what.new_file
                picture = stored.pop(draft.source, None) if wanted else None
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
            self._moved.add(made.asset.import_source or "")
            self._gone.discard(made.asset.import_source or "") if lock else None
        return made

    def _brings(self, what: Plan) -> Path | None:
        """The file that an item brings, or the picture of a new story."""
        draft = what.draft
        if what.new_file and draft.file is not None:
            return draft.file.path
        if what.asset is not None or draft.file is not None or draft.item.anchor:
            return None
        return folders.picture_beside(self.root, draft.found, draft.pictures)

    def _store(self, draft: Draft, path: Path, key: str) -> Stored | None:
        """Put a file into storage, before any transaction."""
        try:
            filename = names.clean_filename(path.name)
            kept = storage().put(key, path, mimetypes.guess_type(filename)[0] or "application/octet-stream")
        except (HubError, OSError) as error:
            remedy = error.remedy if isinstance(error, HubError) else "Add it in the hub."
            message = f"Its {'file' if draft.file else 'picture'} {path.name} could not be kept."
            self.report.problems.append(Problem(draft.item.file, draft.item.entry.line, message, remedy))
            return None
        return Stored(key, filename, kept.size, draft.file.sha256 if draft.file else None)

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
        prefix = f"{self.setting.source}/"
        for source in known:
            name = source.removeprefix(prefix)
            if (
                source in self._seen
                or source in self._moved
                or name in self._unread
                or name.partition("#")[0] in self._unread
            ):
                continue
            self.report.lines.append(Line(Status.GONE, self._called(name)))

    def _called(self, name: str) -> str:
        """What a report calls an item of an earlier run: like those of this one, when it was of the same table."""
        file, mark, anchor = name.partition("#")
        ours = self.table is not None and self.table.is_of(file)
        return f"{self.options.called}{mark}{anchor}" if ours else name


def _table(path: Path, root: Path, options: Options) -> Found:
    return Found(path, folders.shown(path, root), table.FORM, called=options.called)


def _stands(source: str, name: str, there: set[str]) -> bool:
    path = source.removeprefix(f"{name}/")
    return path in there or path.rpartition("#")[0] in there
