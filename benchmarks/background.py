"""What goes on beside a measurement: several people who do something again and again, each over a connection."""

import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from typing import Self

Act = Callable[[HTTPConnection], bool]
"""One request and its answer; returns whether it counts, and raises when it is none that may come."""
PATIENCE_SECONDS = 120.0


class Background:
    """They begin together, and go on until the end of the `with` block; what one of them raises is raised there."""

    def __init__(self, port: int, acts: Sequence[Act]) -> None:
        self._port = port
        self._stopped = threading.Event()
        self._done = 0
        self._failed: Exception | None = None
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._repeat, args=(act,)) for act in acts]
        self._begun = 0.0
        self.rate = 0.0
        """What counted, of all of them, each second; known at the end."""

    def __enter__(self) -> Self:
        self._begun = time.perf_counter()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self.rate = self._done / (time.perf_counter() - self._begun)
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        if self._failed is not None:
            raise self._failed

    def _repeat(self, act: Act) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            while not self._stopped.is_set():
                counts = act(connection)
                with self._lock:
                    self._done += counts
        except Exception as error:  # noqa: BLE001 - raised where the measurement ends
            self._failed = error
        finally:
            connection.close()
