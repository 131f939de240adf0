import pytest
from fastapi import FastAPI

from tests.api.small_routes import small_app


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return small_app()
