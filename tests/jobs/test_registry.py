"""Names are known before the hub starts: what is queued is declared, what is declared is defined."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

import hub
from hub.errors import HubError
from hub.jobs import JobRegistry, JobSpec, UnknownJob, job
from tests.jobs import chores

SOURCE = Path(hub.__file__).parent


def module(name: str, **contents: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(contents)
    return made


def test_specs_are_found_by_name_and_told_about() -> None:
    registry = JobRegistry([chores])
    assert registry["chores.note"] is chores.note
    assert registry["chores.note"].about == "Leave a mark."
    assert [spec.name for spec, _ in registry.scheduled] == ["chores.daily"]
    assert "chores.nothing" not in registry


def test_a_declared_name_nobody_defines_fails_at_start() -> None:
    careless = module("careless", ENQUEUES=("search.index", "chores.note"))
    with pytest.raises(UnknownJob, match=r"search\.index \(in careless\)") as failure:
        JobRegistry([chores, careless])
    assert isinstance(failure.value, HubError)
    assert "@job" in failure.value.remedy


def test_two_jobs_of_one_name_fail_at_start() -> None:
    @job("chores.note")
    def other() -> None: ...

    with pytest.raises(ValueError, match=r"chores\.note"):
        JobRegistry([chores, module("other", spec=other)])


def test_a_job_imported_into_a_second_module_is_still_one_job() -> None:
    assert len(list(JobRegistry([chores, module("second", note=chores.note)]))) == len(
        list(JobRegistry([chores]))
    )


def test_a_scheduled_job_that_asks_for_arguments_fails_at_start() -> None:
    @job("chores.greedy", every=timedelta(hours=1))
    def greedy(number: int) -> None: ...

    with pytest.raises(TypeError, match="number"):
        JobRegistry([module("greedy", spec=greedy)])


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"lease": 0}, {"lease": 3600}, {"every": timedelta(0)}, {"lane": "middle"}]
)
def test_a_senseless_definition_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"job chores|is not a valid Lane"):
        job("chores.wrong", **wrong)(lambda: None)  # type: ignore[arg-type]


def test_calling_a_spec_calls_its_function() -> None:
    seen = []

    @job("chores.called")
    def called(number: int) -> None:
        seen.append(number)

    assert isinstance(called, JobSpec)
    called(number=4)
    assert seen == [4]


# What follows reads the hub's own source.


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if getattr(called, "id", getattr(called, "attr", "")) == name:
                yield node


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def declared(tree: ast.Module) -> set[str]:
    """The literals in `ENQUEUES = (…)`."""
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == "ENQUEUES" for target in targets):
            return {
                found
                for node in ast.walk(statement)
                if isinstance(node, ast.expr) and (found := literal(node))
            }
    return set()


@pytest.fixture(scope="module")
def sources() -> dict[Path, ast.Module]:
    own = SOURCE / "jobs"
    return {
        path.relative_to(SOURCE): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if own not in path.parents
    }


def test_every_name_queued_in_the_source_is_a_literal_that_its_feature_declares(
    sources: dict[Path, ast.Module],
) -> None:
    known: dict[str, set[str]] = {}
    for path, tree in sources.items():
        known.setdefault(path.parts[0], set()).update(declared(tree))
    wrong = []
    for path, tree in sources.items():
        for call in calls(tree, "enqueue"):
            name = literal(call.args[1]) if len(call.args) > 1 else None
            if name is None or name not in known[path.parts[0]]:
                wrong.append(f"{path}:{call.lineno} queues {name or 'something that is not a literal'}")
    assert not wrong, "add the name to ENQUEUES of the module that queues it"


def test_every_name_declared_in_the_source_is_defined_there(sources: dict[Path, ast.Module]) -> None:
    defined = {literal(call.args[0]) for tree in sources.values() for call in calls(tree, "job") if call.args}
    wrong = {str(path): names for path, tree in sources.items() if (names := declared(tree) - defined)}
    assert not wrong
