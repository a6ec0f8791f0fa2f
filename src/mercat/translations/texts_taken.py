"""What texts may be: fields that a thing has, in the length and form that its own texts are bound to."""

import re
from collections.abc import Mapping

from mercat.kit.field_messages import AT_MOST
from mercat.kit.markup import clean
from mercat.kit.problems import FieldError
from mercat.translations.kinds import Kind, TextField
from mercat.translations.sources import Source

NO_LINE = re.compile(r"[\x00-\x1f\x7f]")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def taken(
    kind: Kind, source: Source, given: Mapping[str, str | None]
) -> tuple[dict[str, str | None], tuple[FieldError, ...]]:
    """Return texts as they are kept, and what is wrong with the others. Empty ones are None: they fall back."""
    texts: dict[str, str | None] = {}
    errors: list[FieldError] = []
    for name, text in given.items():
        what = kind.field(name)
        if what is None or name not in source.texts:
            errors.append(FieldError(f"texts.{name[:100]}", "is not known here", "extra_forbidden"))
            continue
        kept = as_kept(what, text or "")
        error = _error(f"texts.{name[:100]}", what, kept)
        if error is None:
            texts[name] = kept or None
        else:
            errors.append(error)
    return texts, tuple(errors)


def as_kept(what: TextField, text: str) -> str:
    """Return a text as it is kept: without spaces around it, and HTML without anything that could run."""
    text = text.strip()
    return clean(text).strip() if what.html else text


def no_slug() -> FieldError:
    """Return why a slug is refused for things that have none."""
    return FieldError("slug", "is not known here", "extra_forbidden")


def _error(name: str, what: TextField, text: str) -> FieldError | None:
    if len(text) > what.longest:
        return FieldError(name, AT_MOST, "string_too_long", {"max_length": what.longest})
    if UNSTORABLE.search(text) or (not what.prose and NO_LINE.search(text)):
        return FieldError(name, "should be one line without control characters", "not_one_line")
    return None
