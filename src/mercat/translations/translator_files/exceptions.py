"""Errors of files for translators."""

from mercat.kit.problems import NotFound


class ImportNotFound(NotFound):
    """No such import, or somebody else's."""

    code = "translations.import_not_found"
    detail = "There is no such import."
