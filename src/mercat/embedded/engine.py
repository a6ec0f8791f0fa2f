"""What a server on a folder of its own has in common with the other one."""

import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import ClassVar, Self

from mercat.embedded import processes


class Engine(ABC):
    """One server on one folder; the folder keeps the data, the password (0600) and the log.

    A restart of the same object keeps the port and so the URL. Usable as a context manager.
    """

    name: ClassVar[str]
    log_name: ClassVar[str]
    stopping: ClassVar[tuple[signal.Signals, float]]
    """The signal that stops the server in good order, and the seconds that it usually gets for it."""
    insisting: ClassVar[tuple[tuple[signal.Signals, float], ...]] = ()
    """Harder signals, each with its seconds, before it is killed."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] = MappingProxyType({}),
        port: int | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.port = port
        self.log = log or folder / self.log_name
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: processes.FolderLock | None = None

    @property
    def running(self) -> bool:
        """Whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it does not run."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def exit_code(self) -> int | None:
        """How the process ended, below zero by a signal; None while it runs, or if none was started."""
        return self._process.poll() if self._process is not None else None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the server is reached, with its password; known once started."""

    @abstractmethod
    def _begin(self) -> None:
        """Start the server and wait until it answers; the folder is ours alone."""

    def start(self) -> str:
        """Start and wait until the server answers; returns the URL.

        Raises:
            EngineError: it cannot be started, or somebody else works on the folder.
        """
        if self.running:
            return self.url
        self.folder = processes.own_folder(self.folder)
        self._lock = self._lock or processes.FolderLock(self.folder, self.name)
        self._lock.acquire()
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise
        return self.url

    def stop(self, seconds: float | None = None) -> None:
        """Write everything back and stop, within `seconds` or by force; a second call does nothing."""
        number, usual = self.stopping
        if self._process is not None:
            processes.stop(self._process, (number, usual if seconds is None else seconds), *self.insisting)
            self._process = None
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
