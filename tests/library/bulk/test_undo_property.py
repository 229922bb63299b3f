"""Whatever marketers change in bulk and by hand: undo gives back what it took and overwrites nothing of anybody else's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.library.bulk.change import NO_DAY, Change, Difference, Values, undone

TERMS = st.integers(1, 6)
TERM_SETS = st.frozensets(TERMS, max_size=6)
DAYS = st.sampled_from(["2027-01-01", "2027-02-02", "2027-03-03"])
STATES = st.sampled_from(["draft", "in_review", "published", "archived"])
TEAMS = st.frozensets(st.integers(1, 3), max_size=3).map(sorted)
SINGLE = ("owner", "review_by", "expires_on", "external", "audience", "state")

VALUES = st.fixed_dictionaries(
    {
        "terms": TERM_SETS.map(sorted),
        "owner": st.integers(1, 4),
        "review_by": st.none() | DAYS,
        "expires_on": st.none() | DAYS,
        "external": st.booleans(),
        "audience": TEAMS,
        "state": STATES,
        "collections": st.frozensets(st.integers(1, 3), max_size=3).map(sorted),
    }
)
CHANGES = st.builds(
    Change,
    add_terms=TERM_SETS.map(tuple),
    remove_terms=TERM_SETS.map(tuple),
    owner=st.none() | st.integers(1, 4),
    review_by=st.sampled_from(["", NO_DAY]) | DAYS,
    expires_on=st.sampled_from(["", NO_DAY]) | DAYS,
    external=st.none() | st.booleans(),
    audience=st.sampled_from(["", "everyone", "teams"]),
    teams=st.frozensets(st.integers(1, 3), min_size=1).map(tuple),
    state=st.just("") | STATES,
    collection=st.none() | st.integers(1, 3),
)


@given(VALUES, CHANGES)
def test_what_nobody_touched_comes_back_whole(before: Values, change: Change) -> None:
    after = change.on(before)
    back = undone(after, Difference.between(before, after))
    assert back.values == before
    assert back.left == ()


@given(VALUES, CHANGES)
def test_doing_it_again_changes_nothing(before: Values, change: Change) -> None:
    after = change.on(before)
    assert change.on(after) == after
    assert not Difference.between(after, change.on(after))


@given(VALUES, CHANGES)
def test_a_change_that_was_kept_is_the_same_change(before: Values, change: Change) -> None:
    assert Change.kept(change.as_json()).on(before) == change.on(before)


@given(VALUES, CHANGES, VALUES, st.sets(st.sampled_from([*SINGLE, "collections"])), TERM_SETS, TERM_SETS)
def test_undo_never_overwrites_what_somebody_else_changed(
    before: Values,
    change: Change,
    theirs: Values,
    touched: set[str],
    added: frozenset[int],
    removed: frozenset[int],
) -> None:
    after = change.on(before)
    now = {**after, **{name: theirs[name] for name in touched}}
    now["terms"] = sorted(set(after["terms"]) - removed | added)
    back = undone(now, Difference.between(before, after), touched, added | removed)
    for name in SINGLE:
        assert back.values[name] == (now[name] if name in touched else before[name])
    for term in range(1, 7):
        expected = now if term in added | removed else before
        assert (term in back.values["terms"]) == (term in expected["terms"])
    for name in touched & set(SINGLE):
        was_ours = before[name] != after[name]
        assert (name in back.left) == (was_ours and now[name] != before[name])
