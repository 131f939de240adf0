"""What holds for every test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.service import Service

settings.register_profile("descent", deadline=None, derandomize=True)  # a slow machine is no failure, a red run repeats
settings.load_profile("descent")


@pytest.fixture(scope="session")
def service() -> "Iterator[Service]":
    """The application with its default settings, for all tests that leave nothing behind but sessions of their own."""
    from tests.service import Service

    with closing(Service()) as started:
        yield started


@pytest.fixture
def new_service() -> "Iterator[Callable[..., Service]]":
    """Services with settings or a store of their own."""
    from tests.service import Service

    with ExitStack() as stack:

        def start(*details: Any, **more: Any) -> "Service":
            return stack.enter_context(closing(Service(*details, **more)))

        yield start
