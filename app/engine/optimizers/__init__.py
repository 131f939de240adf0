"""The optimizers, neighbours written alike so that two of them can be compared by eye."""

from app.engine.optimizers.adam import Adam, AdamW, AMSGrad
from app.engine.optimizers.adam_relatives import Adamax, NAdam, RAdam
from app.engine.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from app.engine.optimizers.first_order import GradientDescent, Momentum, Nesterov
from app.engine.optimizers.optimizer import Optimizer, Settings, UnsuitableError

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
)

__all__ = [
    "OPTIMIZERS",
    "AMSGrad",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "GradientDescent",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Settings",
    "UnsuitableError",
]
