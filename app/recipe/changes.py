"""Changes of what is in force: how they merge, and what they amount to.

Objects merge field by field, except that another `kind` replaces its object; lists and plain values are replaced,
`null` is a value. Entries of `runs` are matched by their name.
"""

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from app.engine.layout import Layout, ParameterError
from app.engine.optimizers.optimizer import Settings
from app.engine.plan import ByHand, Event
from app.errors import BadInput, shown
from app.recipe.recipe import RUN_SETTINGS, EventRecipe, RunRecipe, RunSettings, below
from app.shapes import encoded

Json = dict[str, Any]
CHANGEABLE = ("optimizer", "schedule", "batch_size", "gradient")


def merged(current: Any, change: Any) -> Any:
    """What is in force after a change; neither is altered.

    >>> merged({"kind": "momentum", "learning_rate": 0.1, "momentum": 0.9}, {"learning_rate": 0.05})
    {'kind': 'momentum', 'learning_rate': 0.05, 'momentum': 0.9}
    >>> merged({"kind": "momentum", "learning_rate": 0.1}, {"kind": "adam"})
    {'kind': 'adam'}
    """
    if not (isinstance(current, Mapping) and isinstance(change, Mapping)):
        return change
    if _is_another(current, change):
        return {"kind": current.get("kind"), **change}
    both = {key: merged(value, change[key]) if key in change else value for key, value in current.items()}
    return both | {key: value for key, value in change.items() if key not in current}


def _is_another(current: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
    """Whether a change asks for another kind of thing; functions of x and y are told apart by their name."""
    names = ("kind", "name") if current.get("kind") == "function" else ("kind",)
    return any(name in change and change[name] != current.get(name) for name in names)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Json:
    """The least change that makes `after` of `before`: whole objects where the kind differs, else single fields."""
    change: Json = {}
    for key, value in after.items():
        old: Any = before.get(key)
        if value == old:
            continue
        same_kind = isinstance(value, dict) and isinstance(old, dict) and value.get("kind") == old.get("kind")
        change[key] = difference(old, value) if same_kind else value
    return change


def settings_json(run: RunSettings) -> Json:
    """The changeable part of a run as JSON."""
    values = {name: getattr(run, name) for name in CHANGEABLE}
    return {name: asdict(value) if hasattr(value, "kind") else value for name, value in values.items()}


def settings_at(run: RunRecipe, step: int) -> RunSettings:
    """What is in force for a run between `step` and the next; BadInput where one of its events does not fit."""
    settings: RunSettings = run
    for index, event in enumerate(run.events):
        if event.at <= step:
            settings = _after(settings, event, f"events[{index}].set")
    return settings


def resolved(run: RunRecipe, layout: Layout) -> list[Event]:
    """The events of a run as the engine takes them, each with the settings that follow from all before it."""
    settings: RunSettings = run
    events = []
    for index, event in enumerate(run.events):
        where = f"events[{index}].set"
        settings = _after(settings, event, where)
        changed = engine_settings(settings) if event.set.keys() - {"parameters"} else None
        by_hand = (
            assignment(event.set["parameters"], layout, f"{where}.parameters") if "parameters" in event.set else None
        )
        events.append(Event(event.at, changed, by_hand))
    return events


def engine_settings(settings: RunSettings) -> Settings:
    """The same in the engine's terms."""
    return Settings(**{name: getattr(settings, name) for name in CHANGEABLE})


def assignment(values: Any, layout: Layout, where: str) -> ByHand:
    """Parameters set by hand: arrays by name, or scalars by address; BadInput where they do not fit."""
    if not isinstance(values, Mapping) or not values:
        raise BadInput.at(where, "bad.parameters_wanted")
    theta = np.full(layout.size, np.nan)
    for name, value in values.items():
        try:
            layout.put(theta, str(name), value)
        except ParameterError as error:
            raise BadInput.at(f"{where}.{shown(name)}", error.key, **error.values) from None
    places = np.flatnonzero(~np.isnan(theta))
    return ByHand(places, theta[places])


def _after(settings: RunSettings, event: EventRecipe, where: str) -> RunSettings:
    """The settings after an event; `where` it stands is put before the places of what is wrong in it."""
    change = {name: value for name, value in event.set.items() if name != "parameters"}
    if not event.set:
        raise BadInput.at(where, "bad.empty_change")
    try:
        return _settings(encoded(merged(settings_json(settings), change)))
    except BadInput as error:
        raise below(where, error) from None


@lru_cache(maxsize=4096)
def _settings(document: bytes) -> RunSettings:
    """The same few settings come again with every request of a long run."""
    return RUN_SETTINGS.from_json(document)
