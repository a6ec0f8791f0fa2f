"""How imports of shops can refuse."""

from mercat.kit.problems import NotFound


class ImportNotFound(NotFound):
    """No such import, or another shop's."""

    code = "catalog.import_not_found"
    detail = "There is no such import."
