"""Log lines, as a process of its own writes them: configuring them changes the whole process."""

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

from surroundings import python_path

START = """
import logging
from mercat.kit.logs import configure, logger, request_id_var
configure("INFO")
"""


def lines_of(code: str) -> list[dict[str, Any]]:
    """Run code in a new process and return what it logged; every line must be a JSON object."""
    done = subprocess.run(
        [sys.executable, "-c", START + textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_a_json_object_with_what_a_reader_needs() -> None:
    [line] = lines_of('logger.info("order_placed", number="M-1", lines=3)')

    assert line["event"] == "order_placed"
    assert (line["number"], line["lines"]) == ("M-1", 3)
    assert (line["level"], line["logger"]) == ("info", "mercat")
    assert line["timestamp"].endswith("Z")
    assert "request_id" not in line


def test_a_line_carries_the_id_of_its_request() -> None:
    first, second, third = lines_of(
        """
        token = request_id_var.set("r-1")
        logger.info("ours")
        logging.getLogger("a.library").warning("theirs %s", "x")
        request_id_var.reset(token)
        logger.info("after")
        """
    )

    assert first["request_id"] == second["request_id"] == "r-1"
    assert (second["event"], second["logger"], second["level"]) == ("theirs x", "a.library", "warning")
    assert "request_id" not in third


def test_no_secret_is_written_however_deep_or_however_spelt() -> None:
    [line] = lines_of(
        """
        logger.info(
            "x", password="hunter2", new_password="hunter2", access_token="hunter2", client_secret="hunter2",
            Authorization="hunter2", cookie="hunter2", api_key="hunter2",
            headers={"X-Api-Key": "hunter2", "Set-Cookie": "hunter2", "inner": {"Password": "hunter2", "kept": 1}},
        )
        """
    )

    assert "hunter2" not in json.dumps(line)
    assert line["password"] == line["headers"]["X-Api-Key"] == line["headers"]["inner"]["Password"] == "***"
    assert line["headers"]["inner"]["kept"] == 1


def test_what_was_bound_to_the_context_is_masked_too() -> None:
    [line] = lines_of(
        """
        import structlog
        structlog.contextvars.bind_contextvars(refresh_token="hunter2", user="u-1")
        logger.info("x")
        """
    )

    assert (line["refresh_token"], line["user"]) == ("***", "u-1")


def test_a_trace_is_one_line_and_holds_no_values() -> None:
    [line] = lines_of(
        """
        def buy(password):
            raise ValueError("no")
        try:
            buy("hunter2")
        except ValueError:
            logger.exception("unhandled_error")
        """
    )

    assert line["level"] == "error"
    assert "ValueError: no" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_text_cannot_forge_a_line() -> None:
    [line] = lines_of(r"""logger.info('x\n{"event": "forged"}', name='a\r\nb')""")

    assert line["event"] == 'x\n{"event": "forged"}'
    assert line["name"] == "a\r\nb"


def test_no_value_costs_the_line() -> None:
    lines = lines_of(
        r"""
        import uuid, decimal
        logger.info("surrogate", value="\ud800")
        logger.info("big", value=2**80)
        logger.info("keys", value={1: "a"})
        logger.info("odd", value=[decimal.Decimal("1.5"), uuid.UUID(int=0), object, {1, 2}, b"x"])
        """
    )

    assert [line["event"] for line in lines] == ["surrogate", "big", "keys", "odd"]
    assert lines[0]["value"] == "\ud800"
    assert lines[1]["value"] == 2**80
    assert lines[2]["value"] == {"1": "a"}


def test_the_level_is_kept_and_chatter_is_not() -> None:
    lines = lines_of(
        """
        logger.debug("fine detail")
        logging.getLogger("uvicorn.access").info("GET /?token=hunter2")
        logging.getLogger("procrastinate.worker").info("chatter")
        logging.getLogger("uvicorn.error").info("started")
        """
    )

    assert [line["event"] for line in lines] == ["started"]


def test_configuring_twice_does_not_double_the_lines() -> None:
    assert len(lines_of('configure("INFO"); logger.info("once")')) == 1
