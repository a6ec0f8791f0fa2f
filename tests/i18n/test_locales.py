"""Which languages texts are kept in, and where a reader's language falls back to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mercat import i18n
from mercat.i18n.locales import LocaleSettings
from mercat.kit.settings_memory import read_anew


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCAT_LOCALES", "en, de,DE_at,pt-br,zh-hant-tw,ar")
    read_anew()


def test_one_language_is_what_texts_are_in_by_default() -> None:
    assert i18n.content_locales() == ("en",)
    assert i18n.fallbacks("en") == i18n.fallbacks("de") == ("en",)


@pytest.mark.usefixtures("many")
def test_languages_are_a_setting_and_are_written_as_bcp_47_does() -> None:
    assert i18n.content_locales() == ("en", "de", "de-AT", "pt-BR", "zh-Hant-TW", "ar")
    assert i18n.source_locale() == "en"


@pytest.mark.parametrize(
    "tags", ["", " , ", "e", "english", "en,EN", "de_", "en-", "de-AT-AT", "../en", "en\x00", "x" * 99]
)
def test_what_is_no_list_of_languages_is_refused(monkeypatch: pytest.MonkeyPatch, tags: str) -> None:
    if "\x00" not in tags:
        monkeypatch.setenv("MERCAT_LOCALES", tags)
        with pytest.raises(ValidationError):
            LocaleSettings()
    with pytest.raises(ValidationError):
        LocaleSettings(locales=tags)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("locale", "chain"),
    [
        ("en", ("en",)),
        ("de", ("de", "en")),
        ("de-AT", ("de-AT", "de", "en")),
        ("pt-BR", ("pt-BR", "en")),
        ("zh-Hant-TW", ("zh-Hant-TW", "en")),
        ("ja", ("en",)),
    ],
)
def test_a_text_falls_back_to_the_nearest_language(locale: str, chain: tuple[str, ...]) -> None:
    assert i18n.fallbacks(locale) == chain


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("de", "de"),
        ("DE", "de"),
        ("de-at", "de-AT"),
        ("de_AT", "de-AT"),
        ("de-CH", "de"),
        ("en-GB", "en"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("pt", None),
        ("ja", None),
        ("", None),
        ("*", None),
        ("de-" * 40, None),
        ("de;drop table", None),
    ],
)
def test_a_reader_gets_the_nearest_language_that_is_kept(wanted: str, found: str | None) -> None:
    assert i18n.content_locale(wanted) == found


@pytest.mark.usefixtures("many")
@given(st.text(max_size=60))
def test_no_text_is_too_strange_for_a_language(wanted: str) -> None:
    assert i18n.content_locale(wanted) in {None, *i18n.content_locales()}


def test_some_languages_are_written_from_right_to_left() -> None:
    assert [
        tag for tag in ("ar", "he-IL", "fa", "uz-Arab", "en", "az-Latn", "ku-Latn") if i18n.is_right_to_left(tag)
    ] == [
        "ar",
        "he-IL",
        "fa",
        "uz-Arab",
    ]


def test_a_header_is_read_by_what_is_wanted_most() -> None:
    assert i18n.preferences("fr;q=0.2, de-AT, en;q=0, ja;q=0.9, x;q=2") == ("de-AT", "ja", "fr")
