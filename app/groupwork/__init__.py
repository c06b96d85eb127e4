"""Group work: tables answer the facilitator's questions on cards, which become themes and agreements.

A session is led from a phone through a few states; every screen in the room derives from them, and
what was agreed is asked about again after months.
"""
