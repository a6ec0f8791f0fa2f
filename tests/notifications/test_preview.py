"""All mail can be looked at beforehand, and is written for every kind in every language."""

import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from mercat import i18n
from mercat.cli.mail import server
from mercat.notifications import preview
from mercat.notifications.composer import Subject, compose
from mercat.notifications.own_words import OwnText
from mercat.notifications.preview import KINDS
from mercat.notifications.samples import SUBJECT, VALUES, sample
from mercat.notifications.table import MAILS, SUBJECTS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_kind_is_written_in_every_language(kind: str, locale: str) -> None:
    letter = sample(kind, locale)

    assert letter.html.startswith("<!doctype html>")
    assert f'lang="{locale}" dir="ltr"' in letter.html
    assert "color-scheme" in letter.html
    assert "mj-" not in letter.html.replace("mj-column", "").replace("mj-outlook", "")
    for leftover in ("{{", "{%", "<script", "http://fonts", "https://fonts"):
        assert leftover not in letter.html
        assert leftover not in letter.text
    assert "-- \n" in letter.text
    assert letter.text.rpartition("-- \n")[2].partition("\n")[0].endswith("Mercat.")
    assert letter.subject
    english = sample(kind, "en").text
    assert (letter.text == english) == (locale == "en")


def test_languages_from_right_to_left_turn_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mercat.i18n.translate", lambda _locale, text: text)
    own = OwnText(closing="\u0634\u0643\u0631\u0627")
    letter = compose("order_placed", "ar", Subject(SUBJECTS["order_placed"], SUBJECT), VALUES, own)

    assert 'lang="ar" dir="rtl"' in letter.html
    assert "direction:rtl" in letter.html
    assert "text-align:right" in letter.html
    assert "direction:ltr" not in letter.html


def test_folders_take_the_pages(tmp_path: Path) -> None:
    assert preview.write_to(tmp_path / "new") == len(KINDS) * len(i18n.LOCALES) * 2 + 1
    index = (tmp_path / "new" / "index.html").read_text(encoding="utf-8")
    assert all(f'href="{path}"' in index for path in preview.paths())


def test_the_page_is_served_on_this_computer_only() -> None:
    with server(0) as listening:
        host, port = listening.server_address[:2]
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            base = f"http://127.0.0.1:{port}"
            with urllib.request.urlopen(f"{base}/") as answer:  # noqa: S310 - our own server
                assert b"Mail of this marketplace" in answer.read()
            with urllib.request.urlopen(f"{base}/order_paid.de.html") as answer:  # noqa: S310 - our own server
                assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            for path in ("nothing", "../config.py", "order_paid.xx.html", "layout.en.html"):
                with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                    urllib.request.urlopen(f"{base}/{path}")  # noqa: S310 - our own server
                refused.value.close()
        finally:
            listening.shutdown()
            thread.join()
    assert host == "127.0.0.1"


def test_every_row_has_templates_that_are_rendered_and_handlers_with_names_of_their_own() -> None:
    assert {template for row in MAILS for template in row.templates} == set(KINDS)
    names = [row.name for row in MAILS]
    assert sorted(set(names)) == sorted(names)
