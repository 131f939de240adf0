"""Equations with their numbers for every kind of problem there is, in either notation."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.driving import MINUS, ask, open_descent, select, settled

READ = """
() => {
  const known = new Set([...document.querySelectorAll(".passes li[data-quantity]")].map((row) => row.dataset.quantity));
  return [...document.querySelectorAll(".passes li[data-quantity]")].map((row) => ({
    id: row.dataset.quantity,
    equation: row.querySelector("math").textContent,
    strangers: [...row.querySelectorAll("math [data-quantity]")].map((part) => part.getAttribute("data-quantity"))
      .filter((id) => !known.has(id)),
    scalar: row.querySelector(".scalar")?.textContent ?? null,
    brackets: [...row.querySelectorAll(".brackets > *")].map((cell) => cell.textContent),
    heat: [row.querySelector("canvas.heat")].filter(Boolean).map(({ height, width }) => [height, width])[0] ?? null,
  }));
}
"""


def number(words: str) -> float:
    return float(words.replace(MINUS, "-"))


def flat(values: Any) -> list[float]:
    return [each for row in values for each in flat(row)] if isinstance(values, list) else [values]


def check_against(shown: list[dict[str, Any]], told: list[dict[str, Any]]) -> None:
    """Every quantity has its row, in the order of computation, with its own numbers, and names no symbol unknown."""
    passes = [each["id"] for part in ("forward", "backward", "update") for each in told if each["pass"] == part]
    assert [row["id"] for row in shown] == passes
    by_id = {each["id"]: each for each in told}
    for row in shown:
        quantity = by_id[row["id"]]
        assert row["equation"]
        assert row["strangers"] == []
        numbers = flat(quantity["values"])
        if row["scalar"] is not None:
            assert number(row["scalar"]) == pytest.approx(numbers[0], rel=6e-3, abs=6e-4)
        elif row["heat"] is not None:
            height, width = row["heat"]
            assert height * width == len(numbers)
        else:
            assert [number(cell) for cell in row["brackets"]] == pytest.approx(numbers, rel=6e-3, abs=6e-4)


def test_every_kind_of_problem_has_its_equations_in_either_notation(page: Page, server: str) -> None:
    open_descent(page, server)
    page.locator("#equations-now").scroll_into_view_if_needed()
    kinds = page.evaluate("descent.store.state.catalogue.problems.map(({ kind }) => kind)")
    models = [kind for kind in dict.fromkeys(kinds) if kind != "function"] + ["rosenbrock"]
    assert len(models) >= 7
    for model in models:
        select(page, "Model", model)
        page.locator("#equations-now").scroll_into_view_if_needed()
        notations = ("apart", "folded") if page.locator('[name="notation"]').first.is_visible() else ("folded",)
        for notation in notations:
            if len(notations) > 1:
                page.locator(f'[name="notation"][value="{notation}"]').check()
            settled(page)
            told = ask(page, server, f"/anatomy?step=0&notation={notation}&digits=4")
            check_against(page.evaluate(READ), told["quantities"])
        page.mouse.wheel(0, -3000)
