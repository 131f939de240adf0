"""Learning-rate schedules: η of the next step from the constant η and k, the number of the run's steps done."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol


class Schedule(Protocol):
    """A registered kind; `is_constant` lets the hot loop ask only once."""

    @property
    def kind(self) -> str: ...

    is_constant: ClassVar[bool]
    formula: ClassVar[str]
    reference: ClassVar[str]

    def rate(self, learning_rate: float, step: int) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Constant:
    """η as it is."""

    kind: Literal["constant"] = "constant"
    is_constant: ClassVar[bool] = True
    formula: ClassVar[str] = r"\eta_k = \eta"
    reference: ClassVar[str] = "Cauchy 1847, Méthode générale pour la résolution des systèmes d'équations simultanées"

    def rate(self, learning_rate: float, step: int) -> float:
        return learning_rate


SCHEDULES: tuple[type[Schedule], ...] = (Constant,)
