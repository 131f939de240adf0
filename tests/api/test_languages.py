"""What the API says in words comes in the language that is asked for; what it computes does not depend on it."""

from app.texts import text
from tests.service import Service

GERMAN = {"Accept-Language": "de"}
DIVERGING = {"optimizer": {"kind": "gradient_descent", "learning_rate": 2.5}}


def test_advice_comes_in_the_language_asked_for_with_its_numbers(service: Service) -> None:
    session = service.start(runs=[DIVERGING])
    session.step(500)
    path = f"{session.path}/trajectory"
    german, english = service.call("GET", path, headers=GERMAN), service.call("GET", path)
    advice = german.json()["runs"][0]["advice"]
    assert advice["text"].startswith("Die Lernrate 2,5 liegt hier über 2/λ = ")
    assert english.json()["runs"][0]["advice"]["text"].startswith("The learning rate 2.5 is above 2/λ = ")
    assert advice["values"] == english.json()["runs"][0]["advice"]["values"]
    assert german.headers["etag"] != english.headers["etag"]
    assert german.headers["vary"] == "Accept-Language"


def test_errors_catalogue_and_figures_come_in_the_language_asked_for(service: Service) -> None:
    wrong = service.call(
        "POST", "/sessions", json={"problem": {"kind": "univariate_regression"}, "sed": 1}, headers=GERMAN
    )
    assert wrong.headers["content-language"] == "de"
    assert wrong.json()["errors"] == [
        {"where": "sed", "problem": text("bad.unknown_field_nearest", "de", nearest="seed")}
    ]
    catalogue = service.call("GET", "/catalogue", headers=GERMAN).json()
    assert catalogue["problems"][0]["title"] == text("problem.univariate_regression.title", "de")
    figure = service.call("GET", f"{service.start().path}/figures/contour", headers=GERMAN).json()
    assert figure["layout"]["title"]["text"] == text("stage.title", "de")
    assert figure["layout"]["separators"] == ", "


def test_planes_are_called_the_same_whoever_asked_first(service: Service) -> None:
    session = service.start("two_layer_sigmoid")
    surface = service.call("GET", f"{session.path}/surface?plane=random&resolution=5", headers=GERMAN).json()
    assert surface["plane"]["x_label"] == text("plane.random.x", "en")
