"""What an entry says about the fields that changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import orjson

from mercat.kit.logs import SECRET_WORDS
from mercat.kit.money import Money

SECRET = (*SECRET_WORDS, "hash", "credential", "private_key", "recovery_code", "passwd")


class SecretField(ValueError):
    """A secret was about to be written where many will read it: a defect of ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field as it was and as it is: what JSON can say, ids, moments and money."""

    before: object
    after: object


Changes = Mapping[str, Change]
"""By field; only fields that changed."""
NONE: Changes = MappingProxyType({})


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, Change]:
    """Return what differs between two states. A field that one of them lacks is None there."""
    return {
        name: Change(before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def refuse_secrets(changes: Changes) -> None:
    """Refuse changes of fields that are named like secrets.

    Raises:
        SecretField: there is one.
    """
    for name in changes:
        if any(word in name.lower() for word in SECRET):
            raise SecretField(f"the audit log takes no field called {name!r}: record the action without its values")


def written(changes: Changes) -> dict[str, object]:
    """Return changes as the log keeps them."""
    return {name: {"before": change.before, "after": change.after} for name, change in changes.items()}


def as_json(value: object) -> str:
    """Write JSON of what changes may hold."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_UTC_Z).decode()


def _plain(value: object) -> object:
    if isinstance(value, Money):
        return value.wire()
    raise TypeError(f"{type(value).__name__} is nothing that the audit log can hold")
