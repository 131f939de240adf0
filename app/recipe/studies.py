"""Long work about a session that a client may ask for: what each kind takes, with its bounds."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, Len

from app.engine.fields import LOG, LearningRate
from app.engine.optimizers.driver import Decay
from app.recipe.kinds import OneOf
from app.recipe.recipe import RunName
from app.recipe.windows import Coordinate
from app.shapes import Shape

Name = Annotated[str, Len(1, 40)]
Cells = Annotated[int, Ge(3), Le(101)]
Steps = Annotated[int, Ge(1), Le(10_000), LOG]


@dataclass(frozen=True, kw_only=True)
class BasinsAsked:
    """A run from every point of a window of a plane, whose id is known or which is a sort of plane that `/surface` has.

    Without a window it is that of a surface, or a function's usual one. A run has arrived where its gradient norm stays
    at or below `tolerance` of the median over the starts.
    """

    kind: Literal["basins"] = "basins"
    run: RunName | None = None
    plane: Name = "parameters"
    x: Name | None = None
    y: Name | None = None
    x_min: Coordinate | None = None
    x_max: Coordinate | None = None
    y_min: Coordinate | None = None
    y_max: Coordinate | None = None
    resolution: Cells = 41
    steps: Steps = 500
    tolerance: Annotated[float, Ge(1e-8), Le(0.1), LOG] = 1e-4
    formula: ClassVar[str] = r"\theta_0 \mapsto \lim_{k \to \infty} \theta_k"
    reference: ClassVar[str] = "Nusse and Yorke 1996, Basins of attraction, Science 271"


@dataclass(frozen=True, kw_only=True)
class SweepAsked:
    """A run from the start for every learning rate and momentum; both axes are logarithmic, that of μ in 1 − μ.

    Without a range of learning rates it is a thirtieth to thirty times that in force.
    """

    kind: Literal["sweep"] = "sweep"
    run: RunName | None = None
    learning_rate_min: LearningRate | None = None
    learning_rate_max: LearningRate | None = None
    momentum_min: Decay = 0.0
    momentum_max: Decay = 0.99
    resolution: Cells = 31
    steps: Steps = 100
    formula: ClassVar[str] = r"(\eta, \mu) \mapsto \mathcal{L}(\theta_k)"
    reference: ClassVar[str] = "Goh 2017, Why momentum really works, Distill"


@dataclass(frozen=True, kw_only=True)
class CostRaceAsked:
    """The time of a gradient each way, on so many networks, each about twice as large as the one before."""

    kind: Literal["cost_race"] = "cost_race"
    networks: Annotated[int, Ge(2), Le(8)] = 8
    formula: ClassVar[str] = r"(P + 1)\, t_{\mathcal{L}} \;\text{or}\; t_{\nabla \mathcal{L}}"
    reference: ClassVar[str] = "Griewank and Walther 2008, Evaluating derivatives, chapter 4 (cheap gradients)"


StudyAsked = BasinsAsked | SweepAsked | CostRaceAsked
STUDIES: tuple[type[StudyAsked], ...] = (BasinsAsked, SweepAsked, CostRaceAsked)
AnyStudy = Annotated[StudyAsked, OneOf(STUDIES, None)]
STUDY: Shape[StudyAsked] = Shape(AnyStudy)
