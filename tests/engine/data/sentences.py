"""Problems in words, as a pupil reads them."""

from app.engine.data.problems import Problem
from app.texts import text


def told(problems: tuple[Problem, ...]) -> list[str]:
    """The sentences of all problems; KeyError where a text is missing, or asks for a value that is."""
    return [text(problem.key, language="en", **problem.values) for problem in problems]
