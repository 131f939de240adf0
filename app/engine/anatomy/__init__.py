"""One step taken apart into the quantities of the derivation, and one gradient entry into its examples' shares."""

from app.engine.anatomy.contributions import Contributions, contributions
from app.engine.anatomy.quantity import Name, Quantity
from app.engine.anatomy.step import Anatomy, anatomy

__all__ = ["Anatomy", "Contributions", "Name", "Quantity", "anatomy", "contributions"]
