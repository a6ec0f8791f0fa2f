"""What may be read from a replica is a list, each with the reason why an old answer does no harm there."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "mercat"
CATALOGUE = "public, and placing an order decides about price and stock anew"
MAY_BE_OLD = {
    "search/router.py:list_products": CATALOGUE,
    "search/router.py:search_products": CATALOGUE,
    "search/router.py:suggest_products": "public, and only completes what somebody types",
    "content/navigation/router.py:read_menu": "public, and a replica is only asked when it has what the primary has",
    "content/pages/router.py:list_pages": "public, and a replica is only asked when it has what the primary has",
    "content/pages/router.py:read_page": "public, and a replica is only asked when it has what the primary has",
    "content/posts/router.py:list_posts": "public, and a replica is only asked when it has what the primary has",
    "content/posts/router.py:read_post": "public, and a replica is only asked when it has what the primary has",
    "recommendations/of_product.py:recommend": "public, and placing an order decides about price and stock anew",
    "catalog/router.py:list_categories": "public, and counts of products are nobody's decision",
    "catalog/router.py:read_product": CATALOGUE + "; what the replica does not know the primary is asked for",
    "catalog/vendor_page_router.py:read_vendor": "public: what a shop says of itself",
    "reviews/router.py:list_reviews_of_product": "public: opinions",
    "health.py:ready": "asks whether the replica is there, and reads nothing",
}
WAYS = {"ReplicaSession", "get_replica_session", "replica_session", "replica", "cached"}
OWN = {SOURCE / "kit" / "database.py", SOURCE / "kit" / "cache" / "requests.py"}


def uses(path: Path) -> dict[str, str]:
    """Return the outermost functions of a file that use the replica, with their docstrings; `` for the module."""
    found = {}
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        named = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        named |= {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
        if named & WAYS:
            of_a_function = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
            name = statement.name if of_a_function else ""
            said = ast.get_docstring(statement) if of_a_function else ""
            found[f"{path.relative_to(SOURCE).as_posix()}:{name}"] = said or ""
    return found


USES = {use: said for path in sorted(SOURCE.rglob("*.py")) if path not in OWN for use, said in uses(path).items()}


def test_whatever_reads_from_the_replica_has_a_reason() -> None:
    assert set(USES) == set(MAY_BE_OLD)
    assert all(MAY_BE_OLD.values())


def test_each_of_them_says_so() -> None:
    assert [use for use, said in USES.items() if "replica" not in said] == []
