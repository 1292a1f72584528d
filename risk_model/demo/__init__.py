"""The invented LA "Exampleshire", written in the official file formats.

Nothing in it is real: no school, trust, place, number or person. The layouts and the national rows are facts.
"""

from risk_model.demo.make import DEMO_AS_AT, make_demo

__all__ = ["DEMO_AS_AT", "make_demo"]
