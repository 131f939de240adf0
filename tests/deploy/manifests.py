"""The files of `deploy/kubernetes` and `compose.yaml` as data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
Manifest = dict[str, Any]


def read(path: Path) -> list[Manifest]:
    return [document for document in yaml.safe_load_all(path.read_text(encoding="utf-8")) if document]


def manifests() -> list[Manifest]:
    return [document for path in sorted(FOLDER.rglob("*.yaml")) for document in read(path)]


def one(kind: str, name: str = "descent") -> Manifest:
    """The manifest of a kind and name."""
    (found,) = [each for each in manifests() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def workloads() -> list[Manifest]:
    return [each for each in manifests() if each["kind"] in {"Deployment", "StatefulSet"}]


def container(workload: Manifest) -> Any:
    (only,) = workload["spec"]["template"]["spec"]["containers"]
    return only


def labels(workload: Manifest) -> Manifest:
    """Of its pods."""
    found: Manifest = workload["spec"]["template"]["metadata"]["labels"]
    return found


def selectors(node: Any) -> Iterator[Manifest]:
    """Every set of labels that picks pods, wherever it stands in a manifest."""
    if isinstance(node, list):
        for each in node:
            yield from selectors(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in {"selector", "podSelector", "labelSelector"}:
                yield value.get("matchLabels", value)
            else:
                yield from selectors(value)


def compose() -> Manifest:
    (document,) = read(ROOT / "compose.yaml")
    return document
