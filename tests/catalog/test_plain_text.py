"""Descriptions as plain text: what stands apart on a page stands apart there too."""

import pytest

from mercat.catalog.plain_text import plain_text
from mercat.kit.markup import clean


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("<h1>Care</h1>Wash cold", "Care\nWash cold"),
        ("Soft cotton<h2>Care</h2>Wash cold", "Soft cotton\nCare\nWash cold"),
        ("<H1 class='x'>Care</H1><p>Wash</p>", "Care\nWash"),
        ("<table><tr><th>Size</th><td>S</td></tr><tr><th>Fit</th><td>slim</td></tr></table>", "Size S\nFit slim"),
        ("<section>One</section><section>Two</section>", "One\nTwo"),
        ("<ul><li>One</li><li>Two</li></ul>Three", "One\nTwo\nThree"),
        ("<dl><dt>Size</dt><dd>S</dd></dl>", "Size\nS"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<figure><img src='x'><figcaption>Seen from above</figcaption></figure>Text", "Seen from above\nText"),
        ("One <b>bold</b>word", "One boldword"),
        ("Fish &amp; chips", "Fish & chips"),
        ("<header>Top</header>Text", "Top\nText"),
        ("<preface>kept</preface>", "kept"),
    ],
)
def test_blocks_and_cells_stay_apart(written: str, plain: str) -> None:
    assert plain_text(clean(written)) == plain


@pytest.mark.parametrize(
    "text", ["<h1 onclick=alert(1)>x</h1>", "<section style='x'>y</section>", "<h1><script>z</script>"]
)
def test_what_is_renamed_is_cleaned_as_well(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not {"onclick", "style", "script"} & set(cleaned.replace("=", " ").replace("<", " ").split())
