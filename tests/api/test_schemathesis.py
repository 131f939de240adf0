"""The description of the API against the service: whatever it allows is answered as it says, what it forbids refused.

Only that what it allows is also accepted cannot be held: a recipe may fit its schema and not its data.
`make fuzz` makes more of it.
"""

from os import environ
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from app.main import create_app
from app.sessions.memory_store import MemoryStore
from app.settings import Settings
from tests.service import API

EXAMPLES = int(environ.get("FUZZ_EXAMPLES", "4"))
MANY = 50
STUDY = f"{API}/sessions/{{session_id}}/studies/{{study}}"
"""Its first DELETE ends the work and keeps what is known, only the next forgets it."""
KEPT = {"use_after_free": {"enabled": False}}
HOST = {"Host": "localhost"}


def configuration() -> SchemathesisConfig:
    document: dict[str, Any] = {
        "headers": HOST,
        "generation": {"max-examples": EXAMPLES},
        "checks": {"positive_data_acceptance": {"enabled": False}},
        "operations": [{"include-path": STUDY, "include-method": "GET", "checks": KEPT}],
        "phases": {"coverage": {"enabled": EXAMPLES >= MANY}},  # ten thousand requests
    }
    return SchemathesisConfig.from_dict(document if EXAMPLES >= MANY else {"seed": 0, **document})


def what_was_found(event: events.EngineEvent) -> list[str]:
    """Failures in words, with the request that shows them."""
    if isinstance(event, events.FatalError | events.NonFatalError):
        return [str(event.__dict__ if hasattr(event, "__dict__") else event)]
    if not isinstance(event, events.ScenarioFinished):
        return []
    return [
        f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def test_calls_do_what_their_description_says_alone_and_one_after_the_other() -> None:
    app = create_app(Settings(), MemoryStore())
    schema = schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, config=configuration(), headers=HOST)
    tried, found = set(), []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished) and event.recorder.cases:
            tried.add(event.phase.value)
        found += what_was_found(event)
    assert found == []
    assert tried >= {"examples", "fuzzing", "stateful"}
