"""Real data sets that come with Descent, a CSV file each in `tables/`; `tables/SOURCES.md` says where from."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from app.engine.data.csv_columns import read_columns
from app.engine.data.csv_table import choose
from app.engine.data.dataset import DatasetFields, Table, Task

TABLES = Path(__file__).parent / "tables"


@cache
def _load(name: str, x: tuple[str, ...], y: str) -> Table:
    columns = read_columns((TABLES / f"{name}.csv").read_bytes(), delimiter=",", header=True)
    return choose(columns, x=x, y=y)


@dataclass(frozen=True, kw_only=True)
class Anscombe(DatasetFields):
    """Four sets of eleven points with the same means, variances, correlation and fitted line, and little else."""

    kind: Literal["anscombe"] = "anscombe"
    set: Literal["I", "II", "III", "IV"] = "I"
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    formula: ClassVar[str] = r"\hat{y} \approx 0.500\,x + 3.00"
    reference: ClassVar[str] = "Anscombe 1973, Graphs in statistical analysis, The American Statistician 27"

    def table(self) -> Table:
        return replace(_load("anscombe", (f"x {self.set}",), f"y {self.set}"), x_names=("x",), y_names=("y",))


@dataclass(frozen=True, kw_only=True)
class Cars(DatasetFields):
    """Distance a car of the 1920s took to stop (ft) against its speed (mph), 50 trials."""

    kind: Literal["cars"] = "cars"
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    wants_standardize: ClassVar[bool] = True
    formula: ClassVar[str] = r"\hat{y} \approx 3.9324\,x - 17.5791"
    reference: ClassVar[str] = "Ezekiel 1930, Methods of Correlation Analysis; McNeil 1977, Interactive Data Analysis"

    def table(self) -> Table:
        return _load("cars", ("speed (mph)",), "distance (ft)")


@dataclass(frozen=True, kw_only=True)
class Galton(DatasetFields):
    """Height of 928 grown children against that of their parents (in), where the word regression comes from.

    `parents` is the mean of both; women's heights are multiplied by 1.08, and all are in classes of an inch.
    """

    kind: Literal["galton"] = "galton"
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    wants_standardize: ClassVar[bool] = True
    formula: ClassVar[str] = r"\hat{y} \approx 0.64629\,x + 23.94153"
    reference: ClassVar[str] = "Galton 1886, Regression towards mediocrity in hereditary stature"

    def table(self) -> Table:
        return _load("galton", ("parents (in)",), "child (in)")


@dataclass(frozen=True, kw_only=True)
class Hubble(DatasetFields):
    """Velocity (km/s) of 24 nebulae against their distance (Mpc) as it was thought to be in 1929."""

    kind: Literal["hubble"] = "hubble"
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 1
    formula: ClassVar[str] = r"\hat{y} \approx 454.16\,x - 40.78"
    reference: ClassVar[str] = (
        "Hubble 1929, A relation between distance and radial velocity among extra-galactic nebulae"
    )

    def table(self) -> Table:
        return _load("hubble", ("distance (Mpc)",), "velocity (km/s)")


@dataclass(frozen=True, kw_only=True)
class Longley(DatasetFields):
    """Employment in the United States 1947–1962 (thousands) against six measures that grow together.

    A test of arithmetic: on the data as they are, gradient descent is stable only below a learning rate of 6e-12.
    """

    kind: Literal["longley"] = "longley"
    task: ClassVar[Task] = "regression"
    feature_count: ClassVar[int | None] = 6
    wants_standardize: ClassVar[bool] = True
    formula: ClassVar[str] = r"y = w_1 x_1 + \dots + w_6 x_6 + b + \varepsilon"
    reference: ClassVar[str] = (
        "Longley 1967, An appraisal of least squares programs; NIST Statistical Reference Datasets"
    )

    def table(self) -> Table:
        x = ("GNP deflator", "GNP", "unemployed", "armed forces", "population", "year")
        return _load("longley", x, "employed")


@dataclass(frozen=True, kw_only=True)
class Iris(DatasetFields):
    """Sepals and petals of 150 irises of three species, in cm; all four measures or the two of one leaf."""

    kind: Literal["iris"] = "iris"
    measures: Literal["all", "sepal", "petal"] = "all"
    task: ClassVar[Task] = "classification"
    formula: ClassVar[str] = r"x \in \mathbb{R}^4 \to c \in \{\text{setosa}, \text{versicolor}, \text{virginica}\}"
    reference: ClassVar[str] = "Anderson 1935, The irises of the Gaspé Peninsula; Fisher 1936"

    def table(self) -> Table:
        leaves = ("sepal", "petal") if self.measures == "all" else (self.measures,)
        x = tuple(f"{leaf} {side} (cm)" for leaf in leaves for side in ("length", "width"))
        return _load("iris", x, "species")


@dataclass(frozen=True, kw_only=True)
class Penguins(DatasetFields):
    """Bill, flipper and mass of 342 penguins of three species (mm, g); all four measures or the two of the bill."""

    kind: Literal["penguins"] = "penguins"
    measures: Literal["all", "bill"] = "all"
    task: ClassVar[Task] = "classification"
    wants_standardize: ClassVar[bool] = True
    formula: ClassVar[str] = r"x \in \mathbb{R}^4 \to c \in \{\text{Adelie}, \text{Chinstrap}, \text{Gentoo}\}"
    reference: ClassVar[str] = "Gorman, Williams & Fraser 2014; Horst, Hill & Gorman 2020, palmerpenguins"

    def table(self) -> Table:
        bill = ("bill length (mm)", "bill depth (mm)")
        return _load(
            "penguins", bill if self.measures == "bill" else (*bill, "flipper length (mm)", "body mass (g)"), "species"
        )
