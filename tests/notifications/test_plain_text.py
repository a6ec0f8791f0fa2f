"""Markdown in the text version of mail: every word and address of the HTML, in an order that can be read."""

import pytest

from mercat.kit.markup import render
from mercat.notifications.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("one  \ntwo\nthree", "one\ntwo three"),
        ("# Head\ntext", "Head\n\ntext"),
        ("a **b**c *d*.", "a bc d."),
        ("- one\n\n  more\n- two\n  - inner\n\nafter", "- one\n\n  more\n- two\n  - inner\n\nafter"),
        ("3. x\n4. y", "1. x\n2. y"),
        ("```\ncode\n  more\n```\nafter", "code\n  more\n\nafter"),
        ("| a | b |\n|--|--|\n| 1 | 2 |", "a   b\n1   2"),
        ("[here](https://x.example/a?b=1&c=2)", "here (https://x.example/a?b=1&c=2)"),
        ("<https://x.example> <me@x.example>", "https://x.example me@x.example"),
        ("![logo](/media/a.png) text", "logo text"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("--  \nb", "--\nb"),  # no signature begins here
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
    ],
)
def test_markdown_as_text(markdown: str, text: str) -> None:
    assert plain_text(render(markdown)) == text
