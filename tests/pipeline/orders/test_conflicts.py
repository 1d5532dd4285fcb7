from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewright.core.arrays import Index
from slatewright.pipeline import Query
from slatewright.pipeline.orders.conflicts import BUDGET, BY_SEARCH, Task, arranged, bounded, smallest_conflict
from slatewright.pipeline.orders.limits import Limit

from .test_searching import Problem, holds, kept, problems


def nothing(query: Query, items: Index) -> Index:
    raise AssertionError("codes are given")


def limits_of(problem: Problem) -> tuple[list[Limit], Task]:
    codes, windows, most, least, barred, places = problem
    rows = zip(windows.tolist(), most.tolist(), least.tolist(), barred.tolist(), strict=True)
    limits = [Limit("", nothing, window, many, few, first) for window, many, few, first in rows]
    return limits, Task(codes, places)


def problem_of(limits: list[Limit], task: Task, group: tuple[int, ...]) -> Problem:
    over = [limits[at].over(task.places) for at in group]
    columns: list[Any] = [
        np.array([getattr(one, name) for one in over]) for name in ("window", "most", "least", "barred")
    ]
    return task.codes[list(group)], columns[0], columns[1], columns[2], columns[3], task.places


def possible(limits: list[Limit], task: Task, group: tuple[int, ...]) -> bool:
    return next(kept(problem_of(limits, task, group)), None) is not None


@given(problems())
def test_the_group_is_the_smallest_that_cannot_hold(problem: Problem) -> None:
    limits, task = limits_of(problem)
    everything = tuple(range(len(limits)))
    if possible(limits, task, everything):
        assert arranged(limits, task)[1] == []
        return
    group, proved = smallest_conflict(limits, task)
    assert proved
    assert not possible(limits, task, group)
    for size in range(1, len(group)):
        assert all(possible(limits, task, smaller) for smaller in combinations(everything, size))


@given(problems())
def test_rules_are_eased_by_as_little_as_it_takes(problem: Problem) -> None:
    limits, task = limits_of(problem)
    positions, conflicts = arranged(limits, task)
    for one in conflicts:
        last = one.group[-1]
        before = limits[last]
        limits[last] = before.easier(one.by)
        assert possible(limits, task, one.group)
        if one.by > 1:
            assert not possible([*limits[:last], before.easier(one.by - 1), *limits[last + 1 :]], task, one.group)
    everything = tuple(range(len(limits)))
    assert positions.tolist() == next(kept(problem_of(limits, task, everything)))


@given(problems(), st.sampled_from([0, 10, 3 * BY_SEARCH, BUDGET]))
def test_an_answer_comes_within_its_budget(problem: Problem, budget: int) -> None:
    limits, task = limits_of(problem)
    positions, conflicts, broken = bounded(limits, Task(task.codes, task.places, budget))
    assert len(set(positions.tolist())) == task.places
    if budget == BUDGET:
        expected, same = arranged(limits, task)
        assert (positions.tolist(), conflicts, broken) == (expected.tolist(), same, ())
    if not conflicts:
        codes, windows, most, least, barred, _ = problem_of(limits, task, tuple(range(len(limits))))
        kept_to = [
            holds(codes[at][positions], windows[at], most[at], least[at], barred[at]) for at in range(len(codes))
        ]
        assert broken == tuple(at for at, kept in enumerate(kept_to) if not kept)
        if broken:  # those before the first that is broken hold together, and with it they could not, or not quickly
            assert possible(limits, task, tuple(range(broken[0])))
            assert not possible(limits, task, tuple(range(broken[0] + 1)))


def test_hard_conflicts_take_a_bounded_number_of_looks() -> None:
    rng = np.random.default_rng(2)
    brand, rare = rng.integers(0, 60, 500), np.where(rng.random(500) < 0.02, 0, -1)
    codes = np.stack([brand, rare, brand // 2, np.where(brand < 2, 0, -1)])[:, :, None].astype(np.int32)
    windows = [Limit("a", nothing, window=6, most=1), Limit("b", nothing, window=5, least=2)]
    limits = [*windows, Limit("c", nothing, window=19, most=1), Limit("d", nothing, least=8)]
    task = Task(codes, 20, BUDGET)
    positions, conflicts, broken = bounded(limits, task)
    assert task.budget > -400_000  # the last search may go beyond by itself only
    assert len(set(positions.tolist())) == 20
    assert conflicts or broken


def test_many_rules_give_a_group_that_shrinks_no_further() -> None:
    n = 12
    codes = np.where(np.eye(n, dtype=np.bool_), 0, -1).astype(np.int32)[:, :, None]  # rule i wants item i
    limits = [Limit(str(at), nothing, least=1) for at in range(n)]
    group, proved = smallest_conflict(limits, Task(codes, n - 1))
    assert group == tuple(range(n))  # any eleven hold
    assert proved
    group, _ = smallest_conflict([*limits[:-1], replace(limits[-1], least=2)], Task(codes, n))
    assert group == (n - 1,)  # one item cannot be two
