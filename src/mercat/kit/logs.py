"""Logs: one JSON object a line with the request id, and no secrets."""

import json
import logging
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from typing import cast

import orjson
import structlog
from structlog.typing import EventDict, WrappedLogger

request_id_var: ContextVar[str] = ContextVar("request_id", default="")

SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "api_key")
logger = cast("structlog.stdlib.BoundLogger", structlog.get_logger("mercat"))


def _with_request_id(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if request_id := request_id_var.get():
        event["request_id"] = request_id
    return event


def _without_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        event[key] = _masked(key, value)
    return event


def _masked(key: object, value: object) -> object:
    name = str(key).lower().replace("-", "_")
    if any(word in name for word in SECRET_WORDS):
        return "***"
    if isinstance(value, Mapping):
        return {inner: _masked(inner, item) for inner, item in value.items()}
    return value


def _line(event: EventDict, **_: object) -> str:
    try:
        return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits: no reason to lose the line
        return json.dumps(event, default=str)


def configure(level: str) -> None:
    """Send every log line of the process, ours and the libraries', to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_request_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_line),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("uvicorn.access", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
