"""How a study is shown; its result is JSON already."""

from dataclasses import asdict
from typing import Any

import orjson

from app.recipe.studies import StudyAsked
from app.sessions.study_records import Kept, Status
from app.texts import for_reading, text

Json = dict[str, Any]
NOTES: dict[Status, str] = {
    "cancelled": "study.note.cancelled",
    "failed": "study.note.failed",
    "out of time": "study.note.out_of_time",
}


def asked_json(asked: StudyAsked) -> Json:
    """What was asked for, every field, as it can be sent again."""
    return asdict(asked)


def brief(kept: Kept) -> Json:
    """How it stands."""
    key = NOTES.get(kept.status)
    values = {"seconds": for_reading(round(kept.seconds, 1)), "percent": f"{100 * kept.progress:.0f}"}
    return {
        "id": kept.id,
        "kind": kept.kind,
        "status": kept.status,
        "progress": kept.progress,
        "seconds": kept.seconds,
        "note": text(key, **values) if key else None,
        **kept.about,
        "asked": kept.asked,
    }


def study_view(kept: Kept) -> Json:
    """The same with what is known of the result."""
    return brief(kept) | {"result": orjson.Fragment(kept.result)}
