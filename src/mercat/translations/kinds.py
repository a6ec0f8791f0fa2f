"""What can be translated: each room says of its own things which texts they have, and who may translate them.

A room calls `register(Kind(...))` in its front door, as data; routes, lists, export and import follow by themselves.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy.ext.asyncio import AsyncSession

from mercat.auth import Actor, Permission
from mercat.kit.problems import FieldError, Invalid

LONGEST_NAME = 255
LONGEST_PROSE = 50_000
LONGEST_TEXT = 200_000
"""No text of any kind is longer."""


@dataclass(frozen=True, slots=True)
class TextField:
    """What a text may be: its length in characters, and whether it is a line, prose, or HTML to be sanitised."""

    longest: int = LONGEST_NAME
    prose: bool = False
    """Line breaks are part of it."""
    html: bool = False


NAME = TextField()
HTML = TextField(LONGEST_PROSE, prose=True, html=True)


@dataclass(frozen=True, slots=True)
class Slugs:
    """That a kind has an address of its own in each language, made of a text."""

    of: str
    """The field that it is made of."""
    instead: str
    """What it is made of if no letter of that can be written in one."""
    taken: LiteralString
    """Statement that returns (slug, key) of things that have, or had, one of `%s` in the source language."""
    reserved: Collection[str] = ()
    """Words that mean something else where slugs stand."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind, and their texts.

    `sources` is a SELECT of all that are not deleted, without an order, with the columns `id`, `owner_id` and `texts`:
    whose each is (a vendor, an author, null: the marketplace's), and JSON of what was written, by field; a field in
    which nothing is written is the empty text. Statements are made around it, so conditions on its columns must be able
    to use indexes. `locked` returns the ids among `%s` that are there and locks them against being purged, in their
    order; None where nothing is.
    """

    name: str
    path: str
    """Where things of the kind are in the API."""
    parameter: str
    """What the key is called in paths."""
    tag: str
    fields: Mapping[str, TextField]
    """By name; one that ends in `*` is for all fields that begin so."""
    sources: LiteralString
    locked: LiteralString | None = None
    by_id: bool = True
    """Whether keys are ids; otherwise they are names, equal whatever the case of their letters."""
    slugs: Slugs | None = None
    owned_by: Callable[[AsyncSession, Actor], Awaitable[Collection[UUID] | None]] | None = None
    """Returns the owners whose things the actor may translate, None for all; without it only operators translate."""
    permissions: tuple[Permission, ...] = (Permission.products_sell,)
    """Those that somebody who owns things may have, besides `translations:write`."""
    by_people: bool = False
    """Whether owners are people who write in their own name: everybody with an account may, and the log can forget."""
    made: Callable[[Mapping[str, str]], Mapping[str, str]] | None = None
    """Returns what is made of texts and kept beside them: HTML of `content` is called `content.html`. May take long."""
    selling: Callable[[AsyncSession, UUID], Awaitable[None]] | None = None
    """Refuses for a vendor that may not change its things at the moment; operators are not asked."""
    prepare: Callable[[AsyncConnection[TupleRow]], Awaitable[dict[str, object]]] | None = None
    """Returns further parameters of `sources`."""
    handles: LiteralString | None = None
    """Statement that returns (handle, key, vendor_id) of those among `%s`: what other shops' files name them by."""

    def field(self, name: str) -> TextField | None:
        """Return what a field may hold, or None if things of this kind have none of this name."""
        prefix, dot, _ = name.partition(".")
        return self.fields.get(f"{prefix}.*" if dot else name)

    def key(self, written: str) -> str:
        """Return a key as it is kept."""
        return written.lower() if self.by_id else written.casefold()

    @property
    def type(self) -> LiteralString:
        """PostgreSQL's type of `sources.id`."""
        return "uuid" if self.by_id else "text"


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let things of a kind be translated from now on; a name is one kind's."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"there are two kinds called {kind.name!r}")


def kinds() -> list[Kind]:
    """Return all kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]


def kind_called(name: str) -> Kind | None:
    """Return a kind, or None if there is none of this name."""
    return _kinds.get(name)


def kinds_asked_for(name: str | None) -> list[Kind]:
    """Return the kind of this name, or all of them if none is named.

    Raises:
        Invalid: there is none of this name.
    """
    if name is None:
        return kinds()
    kind = kind_called(name)
    if kind is None:
        raise Invalid(errors=(FieldError("kind", "is not known here", "unknown"),))
    return [kind]
