"""Errors of synonyms."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class SynonymNotFound(NotFound):
    """No such entry."""

    code = "search.synonym_not_found"
    detail = "There are no such synonyms."


class SynonymTaken(Conflict):
    """Another entry says the same."""

    code = "search.synonym_taken"
    detail = "Another entry says the same."


class TooManySynonyms(Conflict):
    """As many entries as there may be."""

    code = "search.too_many_synonyms"
    detail = "There can be at most {limit} entries of synonyms."


class NoSynonymFile(Invalid):
    """The file is no CSV of synonyms."""

    code = "search.no_synonym_file"
    detail = "The file is no CSV in UTF-8 with the columns locale, terms and finds."


CONSTRAINTS["uq_search_synonyms_locale_key"] = SynonymTaken
