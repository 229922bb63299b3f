"""What jobs there are: definitions beside the code that runs, collected once when the app is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

from flask import current_app

from hub.errors import HubError
from hub.jobs.models import Lane

LEASE = timedelta(seconds=30)
LONGEST_LEASE = timedelta(minutes=5)  # how long work may lie idle after a worker was killed


class UnknownJob(HubError):
    """A name is queued, or said to be, that no job of this hub carries."""

    code = "unknown_job"


class GiveUp(HubError):
    """Raised by a job that no further try would help: it is dead at once, with these words."""

    code = "give_up"


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A job: its name, the function that does it, and how it is run. Calling it calls the function."""

    name: str
    run: Callable[..., None]
    attempts: int
    lease: timedelta
    lane: Lane
    every: timedelta | None
    gather: int = 1

    def __call__(self, **arguments: Any) -> None:
        self.run(**arguments)

    @property
    def about(self) -> str:
        """The first line of the function's docstring."""
        return (inspect.getdoc(self.run) or "").partition("\n")[0]

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Raise TypeError when the function does not take these arguments."""
        inspect.signature(self.run).bind(**self.merged([arguments]))

    def merged(self, arguments: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The arguments of one run: those of one job, or, when it gathers, `asset_id` of each as `asset_ids`.

        Raises:
            TypeError: a job that gathers was queued with other than one argument.
        """
        if self.gather == 1:
            (only,) = arguments
            return only
        names = {name for one in arguments for name in one}
        if len(names) != 1:
            raise TypeError(f"{self.name} gathers jobs of one argument each, not of {sorted(names)}")
        (name,) = names
        return {f"{name}s": [one[name] for one in arguments]}


def job(
    name: str,
    *,
    attempts: int = 5,
    lease: timedelta | float = LEASE,
    lane: Lane | str = Lane.SHORT,
    every: timedelta | None = None,
    gather: int = 1,
) -> Callable[[Callable[..., None]], JobSpec]:
    """Define a job. It takes ids, opens its own units of work, and can run twice.

    `attempts`: how often it is begun before it counts as dead. `lease`: seconds till a silent worker counts
    as dead; a living one extends it, so it need not cover the run. `lane`: "long" for what takes more than a
    few seconds, "heavy" for what keeps all processors busy for minutes or hours: one of those runs at a time.
    `every`: the worker queues it each time this much time has passed, without arguments.
    `gather`: up to so many jobs that wait are run in one call, which is given the values of their one argument
    as a list: queued with `asset_id=7`, run as `index(asset_ids=[7, 9])`.
    """
    length = lease if isinstance(lease, timedelta) else timedelta(seconds=lease)
    if attempts < 1 or (every is not None and every <= timedelta(0)):
        raise ValueError(f"job {name}: attempts and every must be above zero")
    if not timedelta(0) < length <= LONGEST_LEASE:
        raise ValueError(
            f"job {name}: the lease is from 0 to {LONGEST_LEASE.seconds} s; living workers extend it"
        )

    def define(run: Callable[..., None]) -> JobSpec:
        return JobSpec(name, run, attempts, length, Lane(lane), every, gather)

    return define


class JobRegistry:
    """Every job of the hub by name, gathered from the modules that define them.

    A module that queues jobs names them in `ENQUEUES = ("search.index", …)`.

    Raises:
        UnknownJob: a module declares a name that no module defines.
        ValueError: two jobs carry one name.
        TypeError: a scheduled job asks for arguments.
    """

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self._specs: dict[str, JobSpec] = {}
        self._declared: dict[str, set[str]] = {}
        for module in modules:
            self.add(module)
        missing = {name: places for name, places in self._declared.items() if name not in self._specs}
        if missing:
            told = "; ".join(
                f"{name} (in {', '.join(sorted(places))})" for name, places in sorted(missing.items())
            )
            raise UnknownJob(
                f"No job carries the name {told}.",
                remedy="Define it with @job and give its module to the registry.",
            )

    def add(self, module: ModuleType) -> None:
        """Take in a module's jobs and the names it declares to queue."""
        for spec in vars(module).values():
            if not isinstance(spec, JobSpec):
                continue
            if self._specs.setdefault(spec.name, spec) is not spec:
                raise ValueError(f"two jobs are named {spec.name}: the second is in {module.__name__}")
            if spec.every is not None:
                spec.check({})
        for name in getattr(module, "ENQUEUES", ()):
            self._declared.setdefault(name, set()).add(module.__name__)

    def __getitem__(self, name: str) -> JobSpec:
        try:
            return self._specs[name]
        except KeyError:
            raise UnknownJob(f"No job carries the name {name}.") from None

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def __iter__(self) -> Iterator[JobSpec]:
        return iter(self._specs.values())

    @property
    def scheduled(self) -> list[tuple[JobSpec, timedelta]]:
        """The jobs that run by the clock, and how often."""
        return [(spec, spec.every) for spec in self if spec.every is not None]


def registry() -> JobRegistry:
    """The registry of the app whose context we are in."""
    found: JobRegistry = current_app.extensions["hub.jobs"]
    return found
