"""Answers kept under their ETag."""

import pytest

from app.api import caching
from app.api.caching import RecentAnswers, tag


def test_a_tag_is_one_of_all_that_an_answer_is_made_from() -> None:
    tags = {tag("id", 1, 0, b"since=3"), tag("id", 2, 0, b"since=3"), tag("id", 1, 1, b"since=3"), tag("id", 1, 0, b"")}
    assert len(tags) == 4
    assert tag("id", 1, 0, b"since=3") in tags
    assert all(one[0] == one[-1] == '"' and one[1:-1].isalnum() for one in tags)


def test_tags_of_another_release_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    before = tag("id", 1)
    monkeypatch.setattr(caching, "__version__", "99.0")
    assert tag("id", 1) != before


def test_an_answer_is_made_once() -> None:
    recent, made = RecentAnswers(), []

    def make() -> bytes:
        made.append(1)
        return b"body"

    assert [recent.get('"a"', make) for _ in range(3)] == [b"body"] * 3
    assert recent.get('"b"', make) == b"body"
    assert len(made) == 2


def test_large_answers_are_not_kept_and_the_oldest_make_room() -> None:
    recent = RecentAnswers()
    recent.get('"large"', lambda: bytes(caching.MOST_BYTES_OF_ONE + 1))
    assert recent.kept_bytes == 0
    for number in range(200):
        recent.get(f'"{number}"', lambda: bytes(caching.MOST_BYTES_OF_ONE))
        assert recent.kept_bytes <= caching.MOST_KEPT_BYTES
    assert recent.get('"199"', lambda: b"made again") != b"made again"
    assert recent.get('"0"', lambda: b"made again") == b"made again"
