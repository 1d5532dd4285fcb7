"""The three engines behind one door: what is compiled, how a step is taken, how an answer is computed."""

from slatewright.models.neural.engine.choosing import keras_engine
from slatewright.models.neural.engine.engine import Engine, State, chosen_engine

__all__ = ["Engine", "State", "chosen_engine", "keras_engine"]
