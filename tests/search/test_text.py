"""Words as they are split, folded, stemmed and read from a query; and those that a slip is away from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.search.text import analyzer, closest, code_runs, deletions, fold, parse, words

EN = analyzer("en")


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Crème", "creme"), ("BRÛLÉE", "brulee"), ("Straße", "strasse"), ("smørrebrød", "smorrebrod"), ("Łódź", "lodz"),
        ("Æther", "aether"), ("œuf", "oeuf"), ("ΑΘΉΝΑ", "αθηνα"), ("ёлка", "елка"), ("كِتَاب", "كتاب"), ("が", "が"),
        ("\uff46\uff55\uff4c\uff4c", "full"), ("İstanbul", "istanbul"), ("mug", "mug"), ("x" * 100, "x" * 64),
    ],
)  # fmt: skip
def test_a_word_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Half-dipped mug", [("half", "halfdipped"), ("dipped",), ("mug",)]),
        ("Potter's, potter\u2019s", [("potters",), ("potters",)]),
        ("Mugs & cups (2)", [("mugs",), ("cups",), ("2",)]),
        ("Grüne Öse", [("grune", "gruene"), ("ose", "oese")]),
        ("東京マグ mug 本", [("東京",), ("京マ",), ("マグ",), ("mug",), ("本",)]),
        ("100% a_b -- '", [("100",), ("a",), ("b",)]),
        ("\u202amu\u200dg\u200b tea\u00adpot", [("mug",), ("teapot",)]),
        ("", []),
    ],
)
def test_a_text_is_split_into_words_with_their_spellings(text: str, split: list[tuple[str, ...]]) -> None:
    assert list(words(text)) == split


def test_an_elision_is_left_out_where_the_language_has_it() -> None:
    assert list(words("l'eau d\u2019orange, aujourd'hui", "fr")) == [("eau",), ("orange",), ("aujourdhui",)]
    assert list(words("dell'acqua", "it")) == [("acqua",)]
    assert list(words("o'clock", "fr")) == [("oclock",)]


@pytest.mark.parametrize(
    ("locale", "forms"),
    [
        ("en", ("mug", "mugs")), ("en", ("knit", "knitted", "knitting")), ("de", ("tasse", "tassen")),
        ("de-AT", ("stuhl", "stuhle")), ("fr", ("brulee", "brulees")), ("es", ("taza", "tazas")),
        ("it", ("tazza", "tazze")), ("nl", ("mok", "mokken")), ("sv", ("mugg", "muggar")), ("ru", ("книга", "книги")),
    ],
)  # fmt: skip
def test_forms_of_a_word_meet_in_the_rules_of_its_language(locale: str, forms: tuple[str, ...]) -> None:
    assert len({analyzer(locale).stem(form) for form in forms}) == 1


def test_codes_numbers_and_unspaced_scripts_are_not_stemmed() -> None:
    assert [EN.stem(word) for word in ("12mugs", "東京s", "500s")] == ["12mugs", "東京s", "500s"]
    assert analyzer("xx").stem("mugs") == "mugs"


def test_a_code_is_found_by_every_run_of_its_parts() -> None:
    assert code_runs("MUG-grey/07") == {"mug", "grey", "07", "muggrey", "grey07", "muggrey07"}
    assert code_runs("4006381333931") == {"4006381333931"}
    assert code_runs("--") == set()
    assert len(code_runs("-".join(map(str, range(100))))) == 36


def written(text: str) -> tuple[list[list[list[str]]], list[list[str]], list[str], list[list[str]]]:
    """Return a query as plain lists: groups, phrases, and what is excluded."""
    query = parse(text, EN)
    return (
        [[[word.written for word in alternative] for alternative in group] for group in query.groups],
        [[spellings[0] for spellings in phrase.words] for phrase in query.phrases],
        [word.written for word in query.excluded],
        [[spellings[0] for spellings in phrase.words] for phrase in query.excluded_phrases],
    )


@pytest.mark.parametrize(
    ("text", "groups", "phrases", "excluded", "excluded_phrases"),
    [
        ("blue mug", [[["blue"]], [["mug"]]], [], [], []),
        ("bowl or garden OR cup", [[["bowl"], ["garden"], ["cup"]]], [], [], []),
        ("or mug or", [[["mug"]]], [], [], []),
        ('"stoneware mug" red', [[["red"]]], [["stoneware", "mug"]], [], []),
        ('"never closed', [], [["never", "closed"]], [], []),
        ('mug -red -"tide blue" semi-matt', [[["mug"]], [["semi", "matt"], ["semimatt"]]], [], ["red"],
         [["tide", "blue"]]),
        ("the mug for tea", [[["mug"]], [["tea"]]], [], [], []),
        ("the", [[["the"]]], [], [], []),
        ("-07", [], [], ["07"], []),
        ("- & | ! <-> : * ( ) ' \\ %", [], [], [], []),
        ("", [], [], [], []),
    ],
)  # fmt: skip
def test_a_query_is_read(
    text: str,
    groups: list[list[list[str]]],
    phrases: list[list[str]],
    excluded: list[str],
    excluded_phrases: list[list[str]],
) -> None:
    assert written(text) == (groups, phrases, excluded, excluded_phrases)


def test_only_so_many_words_count() -> None:
    assert len(parse(" ".join(f"word{n}" for n in range(100)), EN).groups) == 16


@given(st.text(max_size=200), st.sampled_from(["en", "de", "fr", "ja", "ar", "xx"]))
def test_whatever_is_typed_is_a_query_of_plain_words(text: str, locale: str) -> None:
    query = parse(text, analyzer(locale))

    for word in [word for group in query.groups for alternative in group for word in alternative] + [*query.excluded]:
        assert word.spellings
        assert all(part and len(part) <= 64 for part in word.spellings + word.stems)
        assert not any(character in part for part in word.spellings + word.stems for character in "=~#'\\ \0")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teapott", "teapot"), ("mgu", "mug"), ("beanei", "beanie"), ("stonwear", "stoneware"), ("tepot", "teapot"),
        ("blankte", "blanket"), ("mog", "mug"),
    ],
)  # fmt: skip
def test_slips_share_a_key_with_what_was_meant(typed: str, meant: str) -> None:
    assert deletions(typed) & deletions(meant)
    assert closest(typed, [(meant, 1), ("something", 100)]) == [meant]


def test_the_closest_comes_first_and_of_equals_the_most_frequent() -> None:
    assert closest("mgs", [("mug", 9), ("mugs", 1), ("eggs", 50)]) == ["mugs"]
    assert closest("cat", [("hat", 5), ("car", 1), ("cut", 7)]) == ["cut", "car"]
    assert closest("eramic", [("ceramic", 1)]) == ["ceramic"]
    assert closest("ab", [("abc", 1)]) == closest("b07", [("b08", 1)]) == []
