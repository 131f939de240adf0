"""The optimizers, neighbours written alike so that two of them can be compared by eye."""

from app.engine.optimizers.adam import Adam, AdamW, AMSGrad
from app.engine.optimizers.adam_relatives import Adamax, NAdam, RAdam
from app.engine.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from app.engine.optimizers.first_order import GradientDescent, Momentum, Nesterov
from app.engine.optimizers.gradient_free import NelderMead, RandomSearch
from app.engine.optimizers.line_search import Backtracking, ConjugateGradient
from app.engine.optimizers.optimizer import Optimizer, Settings, UnsuitableError
from app.engine.optimizers.second_order import BFGS, Newton

OPTIMIZERS: tuple[type[Optimizer], ...] = (
    GradientDescent,
    Momentum,
    Nesterov,
    Adagrad,
    RMSprop,
    Adadelta,
    Adam,
    AMSGrad,
    Adamax,
    NAdam,
    RAdam,
    AdamW,
    Backtracking,
    ConjugateGradient,
    Newton,
    BFGS,
    RandomSearch,
    NelderMead,
)

__all__ = [
    "BFGS",
    "OPTIMIZERS",
    "AMSGrad",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Backtracking",
    "ConjugateGradient",
    "GradientDescent",
    "Momentum",
    "NAdam",
    "NelderMead",
    "Nesterov",
    "Newton",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "RandomSearch",
    "Settings",
    "UnsuitableError",
]
