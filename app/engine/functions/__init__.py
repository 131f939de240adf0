"""The classic test functions of two parameters, by family; each file has formulas with their derivatives beneath."""

from typing import get_args

from app.engine.functions.bowls import Booth, Matyas, MonkeySaddle, QuadraticBowl, Saddle
from app.engine.functions.several_minima import GoldsteinPrice, Himmelblau, McCormick, StyblinskiTang
from app.engine.functions.valleys import Beale, BukinN6, Plateau, Ravine, Rosenbrock
from app.engine.functions.waves import Ackley, LeviN13, Rastrigin
from app.engine.functions.wells import SixHumpCamel, ThreeHumpCamel, TwoWells

Function = (
    QuadraticBowl
    | Booth
    | Matyas
    | Saddle
    | MonkeySaddle
    | Rosenbrock
    | Ravine
    | Plateau
    | Beale
    | BukinN6
    | Himmelblau
    | StyblinskiTang
    | ThreeHumpCamel
    | SixHumpCamel
    | TwoWells
    | McCormick
    | GoldsteinPrice
    | Rastrigin
    | Ackley
    | LeviN13
)
"""All of them, told apart by `name`."""

FUNCTIONS: dict[str, type[Function]] = {kind.name: kind for kind in get_args(Function)}
