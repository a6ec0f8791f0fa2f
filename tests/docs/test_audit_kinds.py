"""The operations guide names every action that the audit log can hold."""

import ast
import re
from collections.abc import Iterator

from docs.documents import ROOT

ACTION = re.compile(r"([a-z][a-z_]*)\.([a-z][a-z_]*)")
ROW = re.compile(r"^\| ((?:`[a-z_]+`(?:, )?)+) \| (.*) \|$", re.MULTILINE)


def written() -> Iterator[tuple[str, str]]:
    """Yield the actions that are spelt out where the log is written."""
    for path in sorted((ROOT / "src" / "mercat").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("audit.record"):
                continue
            for part in ast.walk(ast.Module([ast.Expr(argument) for argument in node.args[2:3]], [])):
                if isinstance(part, ast.Constant) and (found := ACTION.fullmatch(str(part.value))):
                    yield found[1], found[2]


def test_every_action_of_the_audit_log_is_in_the_guide() -> None:
    page = (ROOT / "docs/guides/operations.md").read_text(encoding="utf-8")
    part = page[page.index("## Audit log") : page.index("The log cannot be changed")]
    told = {
        (kind, action)
        for kinds, text in ROW.findall(part)
        for kind in re.findall(r"`(\w+)`", kinds)
        for action in re.findall(r"`(\w+)`", text)
    }
    actions = set(written())
    assert len(actions) > 60
    assert sorted(actions - told) == []
