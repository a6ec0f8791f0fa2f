"""Threads share a few heaps."""

import os
import subprocess
import sys

from surroundings import python_path

PROGRAM = """
import ctypes, sys, threading
from mercat.kit.memory import bound_arenas
if "bound" in sys.argv:
    bound_arenas()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fdopen.restype = ctypes.c_void_p
together = threading.Barrier(6)
def take():
    libc.malloc(50_000)
    together.wait()
threads = [threading.Thread(target=take) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
out = libc.fdopen(1, b"w")
libc.malloc_info(0, ctypes.c_void_p(out))
libc.fflush(ctypes.c_void_p(out))
"""


def heaps(*words: str, **more: str) -> int:
    """Return how many heaps a process has after six threads have worked at once."""
    kept = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    kept["PYTHONPATH"] = python_path()
    command = [sys.executable, "-c", PROGRAM, *words]
    done = subprocess.run(command, env={**kept, **more}, capture_output=True, text=True, check=True)
    return done.stdout.count("<heap nr=")


def test_threads_share_two_heaps() -> None:
    assert heaps() > 2
    assert heaps("bound") == 2


def test_the_environment_has_the_last_word() -> None:
    assert heaps("bound", MALLOC_ARENA_MAX="3") == 3
