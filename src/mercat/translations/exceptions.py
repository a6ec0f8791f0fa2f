"""How translations can refuse."""

from mercat.kit.problems import Conflict, Invalid, NotFound


class NothingToTranslate(NotFound):
    """No such thing, or it is none of the actor's business."""

    code = "translations.not_found"
    detail = "There is no such thing to translate."


class UnknownLocale(Invalid):
    """A language that texts are not kept in, or the one that they are written in."""

    code = "translations.unknown_locale"
    detail = "Texts are not translated into this language here."


class BadText(Invalid):
    """A field that the thing does not have, or a text that does not fit into it."""

    code = "translations.bad_text"
    detail = "Some of these texts cannot be taken."


class SlugTaken(Conflict):
    """Something else has the slug in this language, or had it once."""

    code = "translations.slug_taken"
    detail = "Something else has this address in this language already."
