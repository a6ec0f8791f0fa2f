"""Every failure leaves the process as one shape: `application/problem+json`, in the reader's language.

No value of the request is echoed: a 422 names fields and reasons, so that no password ends in an answer. An unknown
field is named only if it looks like the name of one.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import orjson
import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from mercat.kit.field_messages import reason
from mercat.kit.logs import logger, request_id_var
from mercat.kit.methods import methods_at
from mercat.kit.problems import (
    CONSTRAINTS,
    MEDIA_TYPE,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotFound,
    PaymentRequired,
    PreconditionFailed,
    Problem,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
    for_constraint,
)


class Languages(Protocol):
    """Knows which language a reader wants, and our sentences in it."""

    def locale(self, accept_language: str) -> str:
        """Return the locale for an `Accept-Language` header."""

    def text(self, locale: str, template: str) -> str:
        """Return a template in a locale."""


BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        Malformed,
        Unauthenticated,
        PaymentRequired,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        PreconditionFailed,
        TooLarge,
        UnsupportedMedia,
        Invalid,
        TooMany,
        Unavailable,
    )
}


A_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


class Busy(Conflict):
    """The database chose this transaction to give way; nothing of it happened."""

    code = "request.busy"
    detail = "Somebody else was changing the same things. Nothing happened; try again."
    headers = {"Retry-After": "1"}  # noqa: RUF012 - a mapping that nobody changes


class Errors:
    """Renders problems; one instance per application."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    def response(self, problem: Problem, scope: Scope) -> Response:
        """Write a problem document for the reader behind `scope`."""
        language = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"accept-language"), "")
        locale = self._languages.locale(language)
        body = problem.to_wire(request_id_var.get(), partial(self._languages.text, locale))
        headers = {**problem.head(), "Content-Language": locale, "Cache-Control": "no-store"}
        return Response(_json(body), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE)

    def refuse(self, problem: Problem, scope: Scope) -> ASGIApp:
        """Answer from a middleware, before any route."""
        return self.response(problem, scope)

    def last_resort(self, error: Exception, request_id: str) -> ASGIApp:
        """Answer for what came up outside of every route: of a defect the log gets the trace, the client an id."""
        problem = error if isinstance(error, Problem) else translate_database_error(error)
        if problem is None:
            logger.error("unhandled_error", exc_info=error)
            problem = Problem()
        document = problem.to_wire(request_id)
        return Response(
            _json(document),
            status_code=problem.status,
            headers={**problem.head(), "Cache-Control": "no-store"},
            media_type=MEDIA_TYPE,
        )

    def install(self, app: FastAPI) -> None:
        """Register the handlers."""

        def on_problem(request: Request, error: Exception) -> Response:
            if not isinstance(error, Problem):
                raise error
            return self.response(error, request.scope)

        def on_validation(request: Request, error: Exception) -> Response:
            if not isinstance(error, RequestValidationError):
                raise error
            form = "form" in request.headers.get("content-type", "")
            return self.response(from_validation(error.errors(), form=form), request.scope)

        def on_http(request: Request, error: Exception) -> Response:
            if not isinstance(error, HTTPException):
                raise error
            return self._of_framework(error, request, app)

        def on_database(request: Request, error: Exception) -> Response:
            problem = translate_database_error(error)
            if problem is None:
                raise error
            return self.response(problem, request.scope)

        app.add_exception_handler(Problem, on_problem)
        app.add_exception_handler(RequestValidationError, on_validation)
        app.add_exception_handler(HTTPException, on_http)
        for kind in (DBAPIError, PoolExhausted, psycopg.Error, OSError):
            app.add_exception_handler(kind, on_database)

    def _of_framework(self, error: HTTPException, request: Request, app: FastAPI) -> Response:
        other = Malformed if 400 <= error.status_code < 500 else Problem
        response = self.response(BY_STATUS.get(error.status_code, other)(), request.scope)
        response.headers.update(error.headers or {})
        if error.status_code == MethodNotAllowed.status:
            response.headers["Allow"] = ", ".join(sorted(methods_at(app.routes, request.scope["path"])))
        return response


def translate_database_error(error: Exception) -> Problem | None:
    """Return the problem a database failure means to a client, or None if it is a defect of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error) and isinstance(error.__cause__, psycopg.Error):
        cause = error.__cause__  # the job queue wraps what its driver raised
    problem: Problem | None = None
    if isinstance(error, PoolExhausted | ConnectionError):
        problem = Unavailable()
    elif isinstance(cause, psycopg.IntegrityError):
        problem = _violated(cause)
    elif isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        problem = Busy()
    elif isinstance(cause, psycopg.errors.QueryCanceled | psycopg.errors.ReadOnlySqlTransaction):
        problem = Unavailable()
    elif isinstance(cause, psycopg.errors.NumericValueOutOfRange | psycopg.errors.CharacterNotInRepertoire):
        problem = Invalid()
    elif isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        problem = Unavailable()
    if isinstance(problem, Unavailable):
        logger.warning("database_unavailable", error=type(error).__name__)
    return problem


def _violated(error: psycopg.IntegrityError) -> Problem | None:
    """Return what a violated constraint means; a NULL or a CHECK that no domain expects is a defect of ours."""
    constraint = error.diag.constraint_name
    expected = isinstance(error, psycopg.errors.UniqueViolation | psycopg.errors.ForeignKeyViolation)
    return for_constraint(constraint) if expected or constraint in CONSTRAINTS else None


def from_validation(found: Sequence[Any], *, form: bool = False) -> Problem:
    """Turn Pydantic's findings into an `Invalid` whose fields carry reasons and never input.

    The name of an unknown field is input too. Clients are told it if it looks like a name; of a form they are not: JSON
    that `curl -d` sends as one is all name, and so is the rest of a password behind an ampersand.
    """
    if any(item["type"] == "json_invalid" for item in found):
        return Malformed()
    if any(item["loc"] == ("body",) and isinstance(item.get("input"), bytes) for item in found):
        return UnsupportedMedia()  # FastAPI leaves a body as bytes when its type is not JSON
    return Invalid(errors=tuple(_field_error(item, form=form) for item in found[:50]))


def _field_error(item: Mapping[str, Any], *, form: bool) -> FieldError:
    location = item["loc"]
    if item["type"] == "extra_forbidden" and (form or not A_NAME.fullmatch(str(location[-1]))):
        location = location[:-1]
    template, values = reason(item)
    return FieldError(_field(location), template, str(item["type"]), values)


def _field(location: Sequence[object]) -> str:
    if location and location[0] in {"body", "query", "path", "header", "cookie"}:
        location = location[1:]
    return ".".join(str(part)[:100] for part in location)


def _json(document: dict[str, object]) -> bytes:
    # dataclasses come to `_plain`: money has a shape of its own on the wire
    return orjson.dumps(document, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    wire = getattr(value, "wire", None)
    return wire() if wire is not None else str(value)
