"""What the description of the API says beyond what follows from signatures: links, examples, bodies that merge."""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from app.api.described import PROBLEM_SCHEMA
from app.api.examples import REQUESTS, answers
from app.recipe.studies import AnyStudy

Json = dict[str, Any]

SESSIONS = "/api/v1/sessions"
OBJECT: Json = {"type": "object"}
OF_EVENTS = ("optimizer", "schedule", "batch_size", "gradient")
PARAMETERS: Json = {
    "type": "object",
    "description": "whole arrays by name, or scalars by address: `W1[0,2]`",
    "minProperties": 1,
}


SECURITY_SCHEMES: Json = {
    "token": {"type": "http", "scheme": "bearer", "description": "The access token, where a server has one."},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "descent_access", "description": "What signing in gives."},
}


def complete(document: Json) -> Json:
    """The document as FastAPI makes it, with all that is missing; it is changed in place."""
    schemas = document["components"]["schemas"]
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    schemas["ProblemDetails"] = PROBLEM_SCHEMA
    schemas["ConfigChange"] = _config_change(schemas)
    schemas["NewRun"] = {"anyOf": [{"$ref": "#/components/schemas/RunRecipe"}, _fork(schemas)]}
    _set_body(document, f"{SESSIONS}/{{session_id}}/config", "patch", "ConfigChange")
    schemas["StudyAsked"] = _study(schemas)
    _set_body(document, f"{SESSIONS}/{{session_id}}/runs", "post", "NewRun")
    _set_body(document, f"{SESSIONS}/{{session_id}}/studies", "post", "StudyAsked")
    _close(schemas, document)
    _show_examples(document)
    _link(document)
    return document


def _config_change(schemas: Json) -> Json:
    """PATCH merges: every object may be told in part, so of their fields only the names are said here."""
    run = schemas["RunRecipe"]["properties"]
    entry: Json = {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "description": "which run"},
            "rename": run["name"]["anyOf"][0],
            "start": OBJECT,
            "optimizer": OBJECT,
            "schedule": OBJECT,
            "batch_size": run["batch_size"],
            "gradient": run["gradient"],
            "parameters": PARAMETERS,
        },
    }
    recipe = schemas["Recipe"]["properties"]
    return {
        "title": "ConfigChange",
        "type": "object",
        "description": "Objects merge, another `kind` replaces its object, entries of `runs` are matched by name.",
        "additionalProperties": False,
        "properties": {
            "at_step": {**schemas["RewindBody"]["properties"]["step"], "title": "the step to go back to first"},
            "format": recipe["format"],
            "seed": recipe["seed"],
            "problem": OBJECT,
            "start": {"type": ["object", "null"]},
            "runs": {"type": "array", "items": entry},
        },
    }


def _fork(schemas: Json) -> Json:
    run = schemas["RunRecipe"]["properties"]
    name, step = run["name"]["anyOf"][0], schemas["RewindBody"]["properties"]["step"]
    return {
        "title": "Fork",
        "type": "object",
        "description": "A copy of a run up to a step, with changes from there on.",
        "required": ["fork"],
        "additionalProperties": False,
        "properties": {
            "fork": {
                "type": "object",
                "description": "the run to copy, and up to which step",
                "required": ["run", "step"],
                "additionalProperties": False,
                "properties": {"run": name, "step": step},
            },
            "name": name,
            **{name: OBJECT if name in ("optimizer", "schedule") else run[name] for name in OF_EVENTS},
            "parameters": PARAMETERS,
        },
    }


def _study(schemas: Json) -> Json:
    """Any kind of study; the schemas of the kinds are added."""
    document = TypeAdapter(AnyStudy).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= document.pop("$defs")
    return {"title": "StudyAsked", **document}


def _set_body(document: Json, path: str, method: str, schema: str) -> None:
    content = document["paths"][path][method]["requestBody"]["content"]["application/json"]
    content["schema"] = {"$ref": f"#/components/schemas/{schema}"}


def _close(schemas: Json, document: Json) -> None:
    """Objects that are sent hold no other fields; the schemas that bodies lead to, however deep."""
    for operation in _operations(document):
        for reference in _references(operation.get("requestBody", {}), schemas, set()):
            if schemas[reference].get("type") == "object":
                schemas[reference].setdefault("additionalProperties", False)


def _references(part: Any, schemas: Json, seen: set[str]) -> set[str]:
    """The names of all schemas that a part of the document leads to."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            _references(schemas[name], schemas, seen)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _references(inner, schemas, seen)
    return seen


def _show_examples(document: Json) -> None:
    for operation in _operations(document):
        name = operation["operationId"]
        if name in REQUESTS:
            content = operation["requestBody"]["content"]["application/json"]
            content["examples"] = {title: {"value": body} for title, body in REQUESTS[name].items()}
        if name in answers():
            success = next(status for status in operation["responses"] if status.startswith("2"))
            operation["responses"][success]["content"]["application/json"]["example"] = answers()[name]


def _link(document: Json) -> None:
    """From the creation of a session to every call that takes its id; to GETs with the view id as well."""
    links: Json = {}
    for path, methods in document["paths"].items():
        is_of_session = path.startswith(f"{SESSIONS}/{{session_id}}") and "{study}" not in path
        for method, operation in methods.items() if is_of_session else ():
            name = operation["operationId"]
            links[name] = _to(name, session_id="$response.body#/id")
            if "{name}" in path:
                links[name]["parameters"]["name"] = "$response.body#/runs/0/name"
            if method == "get":
                links[f"{name}_by_view_id"] = _to(name, session_id="$response.body#/view_id")
    document["paths"][SESSIONS]["post"]["responses"]["201"]["links"] = links
    began = document["paths"][f"{SESSIONS}/{{session_id}}/studies"]["post"]["responses"]["202"]
    began["links"] = {
        name: _to(name, session_id="$request.path.session_id", study="$response.body#/id")
        for name in ("study", "end_study")
    }
    on_plane = _to("trajectory", session_id="$request.path.session_id", plane="$response.body#/plane/id")
    surface = document["paths"][f"{SESSIONS}/{{session_id}}/surface"]["get"]
    surface["responses"]["200"]["links"] = {"trajectory_on_this_plane": on_plane}


def _to(operation: str, **parameters: str) -> Json:
    return {"operationId": operation, "parameters": parameters}


def _operations(document: Json) -> Iterator[Json]:
    for methods in document["paths"].values():
        yield from methods.values()
