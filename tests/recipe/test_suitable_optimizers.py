"""What does not suit an optimizer is refused where it stands in the recipe, in words, before anything runs."""

from typing import Any

import pytest

from app.catalogue import catalogue
from app.engine.plan import Plan
from app.errors import BadInput
from app.recipe.build import build, plan
from app.recipe.recipe import RECIPE, completed
from app.settings import Settings
from app.texts import texts

OPTIMIZERS = {entry["kind"]: entry for entry in catalogue(Settings())["optimizers"]}
FULL_BATCH = [kind for kind, entry in OPTIMIZERS.items() if not entry["goes_with"]["batches"]]
UNSCHEDULED = [kind for kind, entry in OPTIMIZERS.items() if entry["goes_with"]["schedules"] == ["constant"]]
EXACT = [kind for kind, entry in OPTIMIZERS.items() if entry["goes_with"]["gradients"] == ["backprop"]]
BOUNDED = {kind: entry["goes_with"]["parameters"] for kind, entry in OPTIMIZERS.items()}
NETWORK = {"kind": "two_layer_sigmoid", "dataset": {"kind": "line", "samples": 30}}


def planned(run: dict[str, Any], problem: dict[str, Any] | None = None, settings: Settings | None = None) -> Plan:
    limits = settings or Settings()
    recipe = completed(RECIPE.from_value({"problem": problem or {"kind": "univariate_regression"}, "runs": [run]}))

    def no_table(identifier: str) -> Any:
        raise KeyError(identifier)

    return plan(recipe, recipe.runs[0], build(recipe.problem, no_table, limits), limits, "runs[0]")


def refusal(run: dict[str, Any], **others: Any) -> tuple[str, str]:
    """Where, and the sentence."""
    with pytest.raises(BadInput) as refused:
        planned(run, **others)
    (error,) = refused.value.errors
    return error.where, texts()[error.key].format(**error.values)


@pytest.mark.parametrize("kind", list(OPTIMIZERS))
def test_every_optimizer_can_be_asked_for_by_its_kind_alone(kind: str) -> None:
    assert planned({"optimizer": {"kind": kind}}).settings.optimizer.kind == kind


@pytest.mark.parametrize("kind", list(OPTIMIZERS))
def test_what_the_catalogue_says_goes_with_an_optimizer_is_accepted(kind: str) -> None:
    goes_with = OPTIMIZERS[kind]["goes_with"]
    for schedule in goes_with["schedules"]:
        for gradient in goes_with["gradients"]:
            run = {"optimizer": {"kind": kind}, "schedule": {"kind": schedule}, "gradient": gradient}
            planned(run | ({"batch_size": 5} if goes_with["batches"] else {}))


@pytest.mark.parametrize("kind", FULL_BATCH)
def test_mini_batches_are_refused_where_losses_of_the_whole_are_compared(kind: str) -> None:
    where, said = refusal({"optimizer": {"kind": kind}, "batch_size": 10})
    assert where == "runs[0].batch_size"
    assert said.startswith("must be null")
    assert kind in said


@pytest.mark.parametrize("kind", UNSCHEDULED)
def test_a_schedule_is_refused_where_there_is_no_learning_rate(kind: str) -> None:
    where, said = refusal({"optimizer": {"kind": kind}, "schedule": {"kind": "cosine"}})
    assert where == "runs[0].schedule"
    assert "no learning rate" in said


@pytest.mark.parametrize("kind", EXACT)
def test_differences_are_refused_where_they_are_of_no_use(kind: str) -> None:
    where, said = refusal({"optimizer": {"kind": kind}, "gradient": "forward_difference"})
    assert where == "runs[0].gradient"
    assert said.startswith("must be backprop")


@pytest.mark.parametrize(("kind", "most"), [(kind, most) for kind, most in BOUNDED.items() if most])
def test_a_model_too_large_for_an_optimizer_is_refused_with_both_numbers(kind: str, most: int) -> None:
    hidden = most // 3 + 1  # 3k + 1 parameters
    where, said = refusal({"optimizer": {"kind": kind}}, problem=NETWORK | {"hidden": hidden})
    assert where == "runs[0].optimizer"
    assert str(most) in said
    assert str(3 * hidden + 1) in said


def test_a_step_of_too_much_work_is_refused_at_its_cause() -> None:
    small = Settings(max_step_work=1_000)
    problem = NETWORK | {"hidden": 30}
    where, said = refusal({"optimizer": {"kind": "newton"}}, problem=problem, settings=small)
    assert where == "runs[0].optimizer"
    assert "20000" in said
    where, said = refusal({"gradient": "central_difference"}, problem=problem, settings=small)
    assert where == "runs[0].gradient"
    planned({"optimizer": {"kind": "bfgs"}}, problem=problem, settings=small)


def test_what_an_event_makes_unsuitable_is_refused_at_the_event() -> None:
    events = [{"at": 5, "set": {"batch_size": 10}}, {"at": 9, "set": {"optimizer": {"kind": "newton"}}}]
    where, _ = refusal({"events": events})
    assert where == "runs[0].events[1].set.batch_size"
    events[1]["set"] = {"optimizer": {"kind": "newton"}, "batch_size": None}
    assert len(planned({"events": events}).events) == 2
