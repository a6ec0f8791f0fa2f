"""The ground floor: no business words, only what every domain stands on.

Unlike a domain, the kit has no single front door: its modules are imported
by name (`from mercat.kit.money import Money`).
"""
