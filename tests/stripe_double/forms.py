"""Forms, as Stripe reads them: `a[b]=1` is a field of `a`, `a[0]=1` is one of its elements."""

import re
from typing import Any
from urllib.parse import parse_qsl

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decode(text: str) -> dict[str, Any]:
    """Return what a form or a query says; every leaf is a string."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found = NAME.fullmatch(name)
        first, rest = found.groups() if found else (name, "")
        *way, last = [first, *re.findall(r"\[([^\[\]]*)\]", rest)]
        node = tree
        for step in way:
            node = node.setdefault(step, {})
        node[last or str(len(node))] = value
    return {name: _listed(value) for name, value in tree.items()}


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if all(name.isdecimal() for name in node):
        return [_listed(node[name]) for name in sorted(node, key=int)]
    return {name: _listed(value) for name, value in node.items()}
