"""Python runs this first in every process of a measured gate: modules of the product are loaded with their probes.

Nothing is imported that a process would not have anyway: tests look at what is loaded. See `probes.py`.
"""

import builtins
import marshal
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType

PACKAGE = "mercat"


class Probed(SourceFileLoader):
    """Loads a module as it was compiled with probes."""

    code = ""

    def get_code(self, fullname: str) -> CodeType | None:
        """Return what the gate has compiled; the module's own cache of bytecode stays as it is."""
        del fullname
        with open(self.code, "rb") as file:  # noqa: PTH123 - pathlib is not loaded yet
            return marshal.load(file)  # type: ignore[no-any-return]  # noqa: S302 - the gate has just written it


class Finder:
    """Finds the modules of the product that have probes."""

    def __init__(self, folder: str, names: dict[str, str]) -> None:
        self._folder = folder
        self._names = names

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return where a module is; None for whatever is not measured."""
        if fullname.partition(".")[0] != PACKAGE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)  # type: ignore[arg-type]  # as the import system gave them
        if spec is not None and spec.origin in self._names:
            loader = Probed(fullname, spec.origin)
            loader.code = f"{self._folder}/{self._names[spec.origin]}"
            spec.loader = loader
        return spec


def begin(folder: str) -> None:
    """Let this process count into what all processes share; one that may not read it is not measured."""
    import mmap  # noqa: PLC0415 - for measured processes only

    try:
        with open(f"{folder}/names", "rb") as file:  # noqa: PTH123 - pathlib is not loaded yet
            names = marshal.load(file)  # noqa: S302 - the gate has just written it
        with open(f"{folder}/hits", "r+b") as file:  # noqa: PTH123 - pathlib is not loaded yet
            builtins._probes_ = mmap.mmap(file.fileno(), 0)  # type: ignore[attr-defined]
    except OSError:
        return
    sys.meta_path.insert(0, Finder(folder, names))  # type: ignore[arg-type]  # it need not be able to forget


if "COVERAGE_PROBES" in os.environ:
    begin(os.environ["COVERAGE_PROBES"])
