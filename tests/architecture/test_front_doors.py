"""A border is crossed through the front door, or through the package's `events`."""

import grimp
import pytest

ROOMLESS = {"kit"}  # no business words, no door: its modules are its face


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("mercat")


def test_nobody_climbs_through_a_window(graph: grimp.ImportGraph) -> None:
    windows = [
        f"{importer} imports {imported}"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if (room := imported.split(".")[1:2]) and room != importer.split(".")[1:2] and room[0] not in ROOMLESS
        # a sub-package is a room with a door of its own
        if imported.count(".") > 1 and not imported.endswith(".events") and not graph.find_children(imported)
    ]
    assert windows == []


def test_the_doors_say_what_goes_through_them(graph: grimp.ImportGraph) -> None:
    domains = [name for name in graph.find_children("mercat") if graph.find_children(name)]
    for name in domains:
        if name in {"mercat.kit", "mercat.cli", "mercat.embedded"}:
            continue
        doc = __import__(name, fromlist=["__doc__"]).__doc__ or ""
        assert all(word in doc for word in ("Owns:", "Calls:", "Publishes:", "Listens:")), name
