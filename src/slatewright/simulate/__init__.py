"""Simulate: shops with known right answers."""

from slatewright.simulate.shop import SimulatedShop, Simulation, Truth, simulate
from slatewright.simulate.worlds import World, checkerboard, town_of_two_tastes

__all__ = ["SimulatedShop", "Simulation", "Truth", "World", "checkerboard", "simulate", "town_of_two_tastes"]
