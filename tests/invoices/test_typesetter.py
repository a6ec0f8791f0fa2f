"""The compiler of documents lives in a process of its own, which goes when it is not needed."""

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from invoices.documents import a_document, line
from mercat.invoices.pdf import draw
from mercat.invoices.typesetting import TYPESETTER, Typesetter

MUG = line("Stoneware mug", 2, 1850)


@pytest.fixture
def typesetter() -> Iterator[Typesetter]:
    """One that ends at once when it is idle."""
    made = Typesetter(idle_seconds=0.0)
    yield made
    made.end()


def lives(pid: int | None) -> bool:
    """Whether there is such a process."""
    if pid is None:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_a_document_took_goes_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "typst", raising=False)  # another test may have loaded it
    first = draw(a_document(MUG))
    pid = TYPESETTER.pid

    assert lives(pid)
    assert "typst" not in sys.modules

    TYPESETTER.end()

    assert not lives(pid)
    assert draw(a_document(MUG)) == first


def test_a_process_that_was_killed_is_replaced() -> None:
    first = draw(a_document(MUG))
    killed = TYPESETTER.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)

    assert draw(a_document(MUG)) == first
    assert lives(TYPESETTER.pid)
    assert TYPESETTER.pid != killed


def test_the_process_ends_when_there_is_nothing_to_draw(typesetter: Typesetter) -> None:
    with pytest.raises(RuntimeError, match="could not be drawn"):
        typesetter.draw({"form": "pdf", "ppi": None, "day": "2030-01-31", "sheet": "no JSON"})
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join()

    assert typesetter.pid is None


def test_what_cannot_be_drawn_is_said_and_the_next_is_drawn() -> None:
    first = draw(a_document(MUG))

    with pytest.raises(RuntimeError, match="could not be drawn"):
        TYPESETTER.draw({"form": "pdf", "ppi": None, "day": "2030-01-31", "sheet": "no JSON"})

    assert draw(a_document(MUG)) == first
