"""Errors of files for translators."""

from mercat.kit.problems import Conflict, NotFound


class ImportNotFound(NotFound):
    """No such import, or somebody else's."""

    code = "translations.import_not_found"
    detail = "There is no such import."


class ImportGivenUp(Conflict):
    """Why an import failed whose job was given up."""

    code = "translations.import_given_up"
    detail = "The file could not be read to its end, several times. Operators know why and can start it again."
