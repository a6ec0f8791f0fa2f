"""What can go wrong, as RFC 9457 problems with a stable code.

Domains subclass a category with their own `code` and an English `detail` template; the constructor's keywords fill the
template and travel as extras. No status number appears in a domain. Categories: `Malformed` 400, `Unauthenticated` 401,
`PaymentRequired` 402, `Forbidden` 403, `NotFound` 404, `MethodNotAllowed` 405, `Conflict` 409, `PreconditionFailed`
412, `TooLarge` 413, `UnsupportedMedia` 415, `Invalid` 422, `TooMany` 429, `Unavailable` 503.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

TYPE_PREFIX = "urn:mercat:problem:"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of the request that could not be taken, with the reason but never with the value."""

    field: str
    message: str
    """In English; with `values`, a `str.format` template over them."""
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def told(self, say: Callable[[str], str] = str) -> str:
        """Return the reason as `say` puts it for a reader."""
        template = say(self.message)
        return template.format_map(_Lenient(self.values)) if self.values else template


class Problem(Exception):
    """A failure that a client is told about. `detail` is a `str.format` template over the keywords."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    detail: ClassVar[str] = "Something went wrong on our side."
    headers: ClassVar[Mapping[str, str]] = {}
    """What every answer of this kind carries in its head; `head()` adds what one refusal alone knows."""
    keeps_work: ClassVar[bool] = False
    """Whether the transaction is committed all the same: the refusal itself has consequences to keep."""

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **extras: object) -> None:
        super().__init__(self.code)
        self.errors = errors
        self.extras = extras

    @property
    def title(self) -> str:
        """The status in words, as RFC 9110 names it."""
        return HTTPStatus(self.status).phrase

    def head(self) -> Mapping[str, str]:
        """Return the header fields of the answer."""
        return self.headers

    def __str__(self) -> str:
        return f"{self.code}: {self.detail.format_map(_Lenient(self.extras))}"

    def to_wire(self, request_id: str, say: Callable[[str], str] = str) -> dict[str, object]:
        """Return the problem document; `say` puts a template into the reader's language."""
        return {
            **self.extras,
            "type": TYPE_PREFIX + self.code,
            "title": self.title,
            "status": self.status,
            "detail": say(self.detail).format_map(_Lenient(self.extras)),
            "code": self.code,
            "request_id": request_id,
            "errors": [{"field": e.field, "message": e.told(say), "code": e.code} for e in self.errors],
        }


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Malformed(Problem):
    """The request could not be understood at all."""

    status = 400
    code = "request.malformed"
    detail = "The request could not be read."


class Unauthenticated(Problem):
    """Nobody is signed in, or the proof of it is not valid."""

    status = 401
    code = "auth.unauthenticated"
    detail = "Sign in to do this."
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class PaymentRequired(Problem):
    """Money is missing."""

    status = 402
    code = "payments.required"
    detail = "A payment is needed first."


class Forbidden(Problem):
    """Signed in, but not allowed; only where the thing's existence is no secret."""

    status = 403
    code = "auth.forbidden"
    detail = "You are not allowed to do this."


class NotFound(Problem):
    """It does not exist, or not for this reader."""

    status = 404
    code = "request.not_found"
    detail = "There is nothing here."


class MethodNotAllowed(Problem):
    """The path exists, the method does not."""

    status = 405
    code = "request.method_not_allowed"
    detail = "This path does not take that method."


class Conflict(Problem):
    """The state of things does not allow it now."""

    status = 409
    code = "request.conflict"
    detail = "This conflicts with the current state."


class PreconditionFailed(Problem):
    """Somebody else changed it first."""

    status = 412
    code = "request.precondition_failed"
    detail = "This was changed by somebody else since you read it. Read it again."


class TooLarge(Problem):
    """The body is larger than this route takes."""

    status = 413
    code = "request.too_large"
    detail = "The body is larger than {limit} bytes."


class UnsupportedMedia(Problem):
    """The body is of a type that this route does not read."""

    status = 415
    code = "request.unsupported_media_type"
    detail = "This route does not read bodies of that type."


class Invalid(Problem):
    """Understood, but not acceptable."""

    status = 422
    code = "request.invalid"
    detail = "Some fields are not valid."


class TooMany(Problem):
    """More often than a limit allows; `retry_after` seconds later there is room for one more."""

    status = 429
    code = "request.too_many"
    detail = "Too many requests. Wait a little."

    def __init__(self, *, limit: int = 1, retry_after: int = 1) -> None:
        super().__init__(limit=limit, retry_after=retry_after)
        self.limit = limit
        self.retry_after = retry_after

    def head(self) -> Mapping[str, str]:
        """Say when to come back, and what the limit is."""
        wait = str(self.retry_after)
        return {
            **self.headers,
            "Retry-After": wait,
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": wait,
        }


class Unavailable(Problem):
    """Something that we need is away; trying again later helps."""

    status = 503
    code = "service.unavailable"
    detail = "The service is not available right now. Try again in a moment."
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


CONSTRAINTS: dict[str, type[Problem]] = {}
"""Database constraint name -> the problem it means. Domains add theirs in `exceptions.py`."""


def for_constraint(name: str | None) -> Problem:
    """Turn a violated constraint into what the client is told; an unknown one is a plain conflict."""
    return CONSTRAINTS.get(name or "", Conflict)()
