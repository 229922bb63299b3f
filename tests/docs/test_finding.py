"""docs/finding.md tells the formula, the orders and the words of the box as they are in force."""

from __future__ import annotations

from pathlib import Path

from hub.discovery.asking import EXAMPLES
from hub.discovery.merit import WEIGHTS
from hub.discovery.orders import ORDERS
from hub.usage import remembered, trends

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "finding.md").read_text(encoding="utf-8")


def test_the_formula_is_the_one_in_force() -> None:
    assert (
        f"(1 + {WEIGHTS.stars:.2f} · stars) × (1 + {WEIGHTS.help:.2f} · help) × (1 + {WEIGHTS.use:.2f} · use)"
        in PAGE
    )
    assert f"1 + {WEIGHTS.fit:.2f} for the stage and {WEIGHTS.fit:.2f} for the vertical" in PAGE
    assert f"1 − {WEIGHTS.age:.2f} · (1 − 2^(−age / {WEIGHTS.half_life:.0f} days))" in PAGE
    least = (1 - WEIGHTS.stars) * (1 - WEIGHTS.age)
    most = (1 + WEIGHTS.stars) * (1 + WEIGHTS.help) * (1 + WEIGHTS.use) * (1 + 2 * WEIGHTS.fit)
    assert f"between {least:.2f} and {most:.2f}" in PAGE


def test_orders_and_conditions_are_told() -> None:
    assert all(ordering.label.lower() in PAGE.lower() for ordering in ORDERS.values())
    assert all(f"`{example}`" in PAGE for example in EXAMPLES.values())
    assert trends.HALF_LIFE_DAYS == 7
    assert f"{['', 'one', 'two', 'three'][remembered.PEOPLE_LEAST]} people looked for" in PAGE
