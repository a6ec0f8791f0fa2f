"""What the process keeps of memory: the C library of what was given back, the collector of what was imported."""

import ctypes
import gc
import os

M_ARENA_MAX = -8
MOST_ARENAS = 2


def bound_arenas() -> None:
    """Let all threads share two heaps of glibc; elsewhere there is nothing to do.

    By default each thread gets a heap of its own, up to eight for each core, and each keeps what its largest work
    took: a worker that draws invoices and pictures in threads grew by 25 MB in six hundred orders. Call it before
    there are threads. `MALLOC_ARENA_MAX` in the environment is left as it is.
    """
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None and "MALLOC_ARENA_MAX" not in os.environ:
        choose(M_ARENA_MAX, MOST_ARENAS)


def keep_imported() -> None:
    """Let the garbage collector pass over everything that is there by now; for the end of the last import.

    Three hundred thousand objects of code stay until the process ends: looking through them held up whatever was being
    answered at the time for a tenth of a second, and was done once more when the process ended.
    """
    gc.freeze()
