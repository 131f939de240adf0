"""The small routes behind the real server; it prints its address once it listens."""

from app.cli import listen, serve
from app.settings import Settings
from tests.api.small_routes import small_app

if __name__ == "__main__":
    settings = Settings(port=0)
    serve(small_app(settings), settings, listen(settings))
