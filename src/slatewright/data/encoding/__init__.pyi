from .facts import FactsEncoder, FactsModel
from .learning import fit_categories, fit_numbers

__all__ = ["FactsEncoder", "FactsModel", "fit_categories", "fit_numbers"]
