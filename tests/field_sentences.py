"""Finds the sentences about fields that the code says, for the catalogues."""

import ast
from pathlib import Path

import mercat
from mercat.kit.field_messages import MESSAGES, ONE

SOURCE = Path(mercat.__file__).parent
FOR_OPERATORS = {"config.py", "edge.py", "limits.py"}
"""Settings: whoever starts the process reads them in English."""
SAYS = {"PydanticCustomError": 1, "refused": 1, "FieldError": 1, "NotAnAmount": 0}
"""Which argument of what is a sentence about a field."""
HANDED_ON = {
    "kit/errors.py: template",
    "kit/money.py: self.template",
    "exchange/service.py: error.template",
    "files/service.py: refusal.detail",
    "files/upload_reader.py: AT_MOST",
    "translations/texts_taken.py: AT_MOST",
    "kit/shapes.py: A_WHOLE_NUMBER",
    "kit/shapes.py: A_MOMENT",
    "content/posts/schemas.py: AT_LEAST",
}
"""Arguments that are no literals, each of which is in a table that is looked through."""


def sentences() -> tuple[set[str], set[str]]:
    """Return the sentences about fields that our code says, and the arguments that are none."""
    said, other = set[str](), set[str]()
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name in FOR_OPERATORS or path.name == "field_messages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            at = SAYS.get(getattr(node.func, "id", ""))
            if at is None or len(node.args) <= at:
                continue
            sentence = node.args[at]
            either = [sentence.body, sentence.orelse] if isinstance(sentence, ast.IfExp) else [sentence]
            for one in either:
                if isinstance(one, ast.Constant):
                    said.add(str(one.value))
                else:
                    other.add(f"{path.relative_to(SOURCE).as_posix()}: {ast.unparse(one)}")
    return said, other


def every_field_message() -> dict[str, str]:
    """Return all of them, for whoever compares the catalogues."""
    said, _ = sentences()
    return {f"a field: {text}": text for text in {*said, *MESSAGES.values(), *ONE.values()}}
