"""Texts leave as files for translators and come back: unchanged files change nothing, changed ones what they say."""

import csv
import io
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mercat.auth import Actor
from mercat.translations.events import TranslationsChanged
from mercat.translations.translator_files import BadFile, csv_file, open_rows, take_rows, xliff_writer
from mercat.translations.translator_files.rows import Exported, Row
from shopping import Item, Person, Shop

HOSTILE = [
    "plain", ' "quoted", with commas; and\ttabs ', "two\nlines", "two\r\nlines\r", "=1+1", "'=1+1", "''-x", "@SUM(A1)",
    "\u200frtl \u202emarks\u202c", "emoji \U0001f469\u200d\U0001f680", "<![CDATA[ x ]]>", "]]>", "&amp; &lt; &#65; &x;",
    "<p title=\"a'b\">HTML</p>", "<!-- -- -->", "<?pi?>", "\x01\x08\x1f bell\x7f", "\ufffe\uffff", "\u2028\u0085",
    "a\u0301", "-5",
    "{name} %s {{x}}", "_3c_", ":", "é" * 300,
]  # fmt: skip
SPREADSHEET = {"header": ["kind", "key", "field", "locale", "source", "translation", "state"]}
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NAME = TEXT.filter(lambda text: text != "")


def rows_of(row: Exported) -> list[Row]:
    """Write a row in both forms, and read it again."""
    document = xliff_writer.head("en", row.locale) + xliff_writer.opening(row.kind) + xliff_writer.written([row])
    document += xliff_writer.CLOSING + xliff_writer.TAIL
    ET.fromstring(document)  # noqa: S314 - our own
    found = []
    for content in (csv_file.written([row], header=True), document):
        [back] = list(open_rows(io.BytesIO(content.encode())))
        assert isinstance(back, Row)
        found.append(back)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_survive_both_forms(text: str) -> None:
    row = Exported("attribute", text, f"values.{text}", "de", text, text, "translated")

    for back in rows_of(row):
        assert (back.kind, back.key, back.field, back.locale) == (row.kind, row.key, row.field, row.locale)
        assert (back.source, back.text, back.done) == (text, text, True)


@given(NAME, NAME, TEXT, TEXT)
def test_any_text_survives_both_forms(key: str, field: str, source: str, text: str) -> None:
    for back in rows_of(Exported("attribute", key, field, "de", source, text, "outdated")):
        assert (back.key, back.field, back.source, back.text, back.done) == (key, field, source, text, False)


def test_no_cell_is_a_formula_and_every_unit_has_a_valid_id() -> None:
    rows = [Exported("attribute", text, f"values.{text}", "de", text, text, "missing") for text in HOSTILE]

    for cells in csv.reader(io.StringIO(csv_file.written(rows), newline="")):
        assert not any(re.match(r"[=+\-@\t\r]", cell) for cell in cells)
    ids = re.findall(r'<unit id="([^"]*)"', xliff_writer.written(rows))
    assert len(set(ids)) == len(HOSTILE)
    assert all(re.fullmatch(r"[\w.:-]+", one, re.ASCII) for one in ids)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xliff>&b;</xliff>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xliff>&a;</xliff>'
XLIFF = 'xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en"'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "document type"), (OUTSIDE, "document type"), ("<xliff", "no XML"), ("<xliff/>", "no XLIFF 2"),
        ('<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2"/>', "no XLIFF 2"),
        (f"<xliff {XLIFF}/>", "which language"), (f'<xliff {XLIFF} trgLang="de">' + "<a>" * 60, "too deeply"),
        (f'<xliff {XLIFF} trgLang="de"><file><unit id="a:b:c"><source>{"x" * 2_100_000}', "too long"),
        ("a,b,c\n1,2,3\n", "no columns"), ("", "no columns"), ("kind,key\x00,", "no columns"),
    ],
)  # fmt: skip
def test_files_that_are_none_are_refused(content: str, why: str) -> None:
    with pytest.raises(BadFile, match=why):
        list(open_rows(io.BytesIO(content.encode())))
    with pytest.raises(BadFile):
        list(open_rows(io.BytesIO(b"kind,key,field,locale,source,translation\n\xff\xfe,,,,,\n")))


def test_a_unit_that_was_cut_into_segments_is_one_text() -> None:
    unit = (
        f'<xliff {XLIFF} trgLang="de"><file id="f"><unit id="product:1:name"><segment state="final">'
        "<source>Mug. </source><target>Becher. </target></segment>"
        "<ignorable><source> </source><target> </target></ignorable>"
        '<segment state="{state}"><source>Blue.</source>{target}</segment></unit></file></xliff>'
    )

    whole, half = (
        next(open_rows(io.BytesIO(unit.format(state=state, target=target).encode())))
        for state, target in (("reviewed", '<target><mrk id="m1">Blau</mrk>.</target>'), ("initial", ""))
    )

    assert isinstance(whole, Row)
    assert isinstance(half, Row)
    assert (whole.source, whole.text, whole.done) == ("Mug.  Blue.", "Becher.  Blau.", True)
    assert (half.text, half.done) == ("", False)


async def exported(shop: Shop, person: Person, **params: Any) -> httpx2.Response:
    return await shop.client.get("/translations/export", params={"locale": "de", **params}, headers=person.headers)


async def imported(shop: Shop, person: Person, content: bytes) -> dict[str, Any]:
    sent = await shop.client.post("/translations/import", files={"file": ("t", content)}, headers=person.headers)
    assert sent.status_code == 202, sent.text
    await shop.handle_events()
    read = await shop.client.get(f"/translations/imports/{sent.json()['id']}", headers=person.headers)
    assert read.json()["state"] == "done", read.text
    report: dict[str, Any] = read.json()["report"]
    return report


async def put(shop: Shop, item: Item, texts: dict[str, Any], locale: str = "de") -> None:
    path = f"/products/{item.product_id}/translations/{locale}"
    answer = await shop.client.put(path, json={"texts": texts}, headers=(await shop.admin()).headers)
    assert answer.status_code == 200, answer.text


async def kept(shop: Shop) -> list[tuple[Any, ...]]:
    texts = await shop.rows("SELECT xmin::text, * FROM translations ORDER BY 2, 3, 4")
    slugs = await shop.rows("SELECT * FROM translated_slugs ORDER BY 1, 2, 3")
    events = await shop.rows("SELECT count(*) FROM events WHERE name = %s", TranslationsChanged.name)
    return [*texts, *slugs, *events, *await shop.rows("SELECT count(*) FROM audit_log")]


async def filled(shop: Shop) -> list[Item]:
    """Make products with hostile texts, translated, outdated and missing."""
    admin = await shop.admin()
    items = [await shop.item(name=f"Mug {n}") for n in range(3)]
    for item, text in zip(items, ["=1+1", "<p>a</p> ]]> &amp;", "\u202e\x01"], strict=True):
        body = {"description": text, "seo": {"title": text, "description": "two\r\nlines"}, "brand": "K & Ö"}
        changed = await shop.client.patch(f"/products/{item.product_id}", json=body, headers=admin.headers)
        assert changed.status_code == 200, changed.text
        await put(
            shop,
            item,
            {"name": f"Becher {text[:1]}"[:8], "description_html": text, "seo_description": "zwei\r\nZeilen"},
        )
    await shop.client.patch(f"/products/{items[0].product_id}", json={"name": "Cup"}, headers=admin.headers)
    return items


@pytest.mark.parametrize("form", ["csv", "xliff"])
async def test_an_export_that_is_imported_again_changes_nothing(shop: Shop, form: str) -> None:
    admin = await shop.admin()
    await filled(shop)
    before = await kept(shop)

    answer = await exported(shop, admin, format=form)
    assert answer.status_code == 200, answer.text
    report = await imported(shop, admin, answer.content)

    assert (report["applied"], report["refused"], report["broken"]) == (0, 0, None), report
    assert report["unchanged"] == report["read"] > 10
    assert await kept(shop) == before
    assert (await exported(shop, admin, format=form)).content == answer.content


async def test_what_a_translator_wrote_is_taken_and_the_rest_stays(shop: Shop) -> None:
    admin = await shop.admin()
    cup, mug, _ = await filled(shop)
    lines = list(csv.DictReader(io.StringIO((await exported(shop, admin, only="missing")).text, newline="")))
    assert {line["state"] for line in lines} == {"missing", "outdated"}
    mine = {(line["key"], line["field"]): line for line in lines}
    mine[cup.product_id, "name"]["state"] = "translated"  # it still fits
    mine[mug.product_id, "seo_title"]["translation"] = "Titel"
    one = mine[mug.product_id, "seo_title"]
    more = [
        {**one, "key": mug.product_id, "field": "price", "translation": "1"},
        {**one, "key": "nothing", "field": "name", "translation": "1"},
        {**one, "kind": "secret", "translation": "1"},
        {**one, "locale": "it", "translation": "1"},
        {**one, "key": mug.product_id, "field": "name", "translation": "two\nlines"},
        {**one, "key": mug.product_id, "field": "name", "source": "Before", "translation": "Humpen"},
    ]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, SPREADSHEET["header"], delimiter=";")
    writer.writeheader()
    writer.writerows([*lines, *more])

    report = await imported(shop, admin, b"\xef\xbb\xbf" + buffer.getvalue().encode())

    assert (report["applied"], report["refused"]) == (3, 5), report
    assert {one["code"] for one in report["refusals"]} == {
        "extra_forbidden", "not_found", "unknown_kind", "translations.unknown_locale", "not_one_line"
    }  # fmt: skip
    assert all(one["line"] > len(lines) for one in report["refusals"])
    read = [
        (await shop.client.get(f"/products/{one.product_id}/translations/de", headers=admin.headers)).json()["fields"]
        for one in (cup, mug)
    ]
    assert read[0]["name"]["outdated"] is False
    assert read[1]["seo_title"]["text"] == "Titel"
    assert (read[1]["name"]["text"], read[1]["name"]["outdated"]) == ("Humpen", True)  # of another source
    again = await imported(shop, admin, buffer.getvalue().encode())
    assert again["applied"] == 0


async def test_a_broken_end_keeps_what_was_before(shop: Shop) -> None:
    admin, mug = await shop.admin(), await shop.item(name="Mug")
    good = csv_file.written(
        [Exported("product", mug.product_id, "name", "de", "Mug", "Becher", "translated")], header=True
    )

    report = await imported(shop, admin, good.encode() + b'product,"never closed')

    assert report["applied"] == 1
    assert report["broken"].startswith("the file is no CSV")


@pytest.mark.parametrize("status", ["failed", "cancelled"])
async def test_an_import_whose_job_was_given_up_has_failed_until_it_is_run_again(shop: Shop, status: str) -> None:
    admin, mug = await shop.admin(), await shop.item(name="Mug")
    await shop.handle_events()
    rows = [Exported("product", mug.product_id, "name", "de", "Mug", "Becher", "translated")]
    file = {"file": ("texts.csv", csv_file.written(rows, header=True).encode(), "text/csv")}
    brought = await shop.client.post("/translations/import", files=file, headers=admin.headers)
    assert (brought.status_code, brought.json()["failure"]) == (202, None)
    path = f"/translations/imports/{brought.json()['id']}"

    async def put(state: str) -> None:
        await shop.rows(
            "UPDATE procrastinate_jobs SET status = %s WHERE task_name = 'translations.take_in_import' RETURNING 1",
            state,
        )

    async def told(**headers: str) -> dict[str, Any]:
        return dict((await shop.client.get(path, headers={**admin.headers, **headers})).json())

    assert (await told())["state"] == "waiting"
    await put(status)
    found = await told(**{"Accept-Language": "de"})
    assert (found["state"], found["report"], found["finished_at"]) == ("failed", None, None)
    assert found["failure"]["code"] == "translations.import_given_up"
    assert found["failure"]["message"].startswith("Die Datei konnte mehrmals nicht")
    await put("todo")
    assert (await told())["state"] == "waiting"
    await shop.handle_events()
    done = await told()
    assert (done["state"], done["failure"], done["report"]["applied"]) == ("done", None, 1)


async def test_vendors_export_and_import_what_is_theirs(shop: Shop) -> None:
    kiln, vendor_id = await shop.seller("north-kiln")
    loom, _ = await shop.seller("loom")
    mine, other = await shop.item(vendor="north-kiln", name="Mug"), await shop.item(vendor="loom", name="Rug")
    theirs = Exported("product", other.product_id, "name", "de", "Rug", "Teppich", "translated")
    own = Exported("product", mine.product_id, "name", "de", "Mug", "Becher", "translated")
    brand = Exported("brand", other.product_id, "name", "de", "Rug", "Teppich", "translated")

    text = (await exported(shop, kiln)).text
    assert mine.product_id in text
    assert other.product_id not in text
    report = await imported(shop, kiln, csv_file.written([theirs, own, brand], header=True).encode())

    assert (report["applied"], [one["code"] for one in report["refusals"]]) == (1, ["not_found", "unknown_kind"][::-1])
    assert await shop.rows("SELECT key FROM translations") == [(mine.product_id,)]
    [(import_id,)] = await shop.rows("SELECT id FROM translation_imports")
    for person, status in ((loom, 404), (await shop.buyer(), 403), (await shop.admin(), 200)):
        answer = await shop.client.get(f"/translations/imports/{import_id}", headers=person.headers)
        assert answer.status_code == status
    await shop.rows("UPDATE vendors SET status = 'suspended' WHERE id = %s RETURNING 1", vendor_id)
    file = csv_file.written([replace(own, text="Tasse")], header=True)
    stopped = await imported(shop, kiln, file.encode())
    assert (stopped["applied"], stopped["refused"]) == (0, 1)


@pytest.mark.parametrize(
    "params", [{"locale": "en"}, {"locale": "it"}, {"format": "exe"}, {"kind": "nothing"}, {"only": "some"}]
)
async def test_exports_refuse_what_they_do_not_know(shop: Shop, params: dict[str, Any]) -> None:
    assert (await exported(shop, await shop.admin(), **params)).status_code == 422


async def test_shopify_s_translations_are_taken_by_handle(shop: Shop) -> None:
    admin = await shop.admin()
    body = {"name": "Mug", "price": "1", "variants": [{"options": {"Size": "Large"}}]}
    made = (await shop.client.post("/products", json=body, headers=admin.headers)).json()
    other = await shop.item(name="Becher")  # whose own slug is becher
    header = "Type,Identification,Field,Locale,Market,Status,Default content,Translated content\r\n"
    lines = [
        "PRODUCT,'67,title,de,,,Mug,Becher", "PRODUCT,'67,handle,de,,,mug,becher", "PRODUCT,'67,body_html,de,,,,",
        "PRODUCT,'67,title,de,Austria,,Mug,Häferl", "PRODUCT,'67,product_type,de,,,Mug,Becher",
        "PRODUCT_OPTION,'8,name,de,,,Size,Größe", "PRODUCT_OPTION_VALUE,'9,name,de,,,Large,Groß",
        "PRODUCT,'70,title,de,,,Gone,Fort",
    ]  # fmt: skip

    content = (header + "\r\n".join(lines) + "\r\n").encode()
    report = await imported(shop, admin, content)

    assert (report["applied"], report["unchanged"]) == (4, 1), report
    assert [one["code"] for one in report["refusals"]] == ["market", "unknown_field", "not_found"]
    read = (await shop.client.get(f"/products/{made['id']}/translations/de", headers=admin.headers)).json()
    assert (read["fields"]["name"]["text"], read["slug"]) == ("Becher", "becher-2")
    size = (await shop.client.get("/attributes/size/translations/de", headers=admin.headers)).json()["fields"]
    assert (size["name"]["text"], size["values.Large"]["text"]) == ("Größe", "Groß")
    assert other.slug == "becher"
    before = await kept(shop)
    assert (await imported(shop, admin, content))["applied"] == 0
    assert [row[1:] for row in await kept(shop)] == [row[1:] for row in before]


async def test_many_products_come_and_go_in_few_statements(shop: Shop, asked: list[str]) -> None:
    admin = await shop.admin()
    await shop.item(name="One", vendor="north-kiln")
    await shop.rows(
        "INSERT INTO products (id, vendor_id, handle, slug, name, status) "
        "SELECT gen_random_uuid(), p.vendor_id, 'm' || n, 'm' || n, 'Mug ' || n, 'draft' "
        "FROM products p, generate_series(1, 2000) n RETURNING 1"
    )
    lines = list(csv.reader(io.StringIO((await exported(shop, admin, kind="product")).text, newline="")))
    assert len(lines) == 2002
    content = io.StringIO()
    csv.writer(content).writerows([lines[0], *([*line[:5], "Gleicher Name", "translated"] for line in lines[1:])])
    await shop.handle_events()
    asked.clear()
    with io.BytesIO(content.getvalue().encode()) as file:
        report = await take_rows(shop.database, open_rows(file), Actor.system(), {"product": None})
        first = len(asked)
        asked.clear()
        file.seek(0)
        again = await take_rows(shop.database, open_rows(file), Actor.system(), {"product": None})
        second = len(asked)

    assert (report.applied, report.refused, again.applied, again.unchanged) == (2001, 0, 0, 2001)
    assert first < 80
    assert second < 20
    kept = "SELECT (SELECT count(DISTINCT slug) FROM translated_slugs), (SELECT count(*) FROM translations)"
    assert await shop.rows(kept) == [(2001, 2001)]
    keys = "SELECT sum(jsonb_array_length(payload->'keys'))::int FROM events WHERE name = %s"
    assert await shop.rows(keys, TranslationsChanged.name) == [(2001,)]


def test_a_cell_may_be_as_long_as_everywhere_and_reading_changes_that_for_nobody() -> None:
    """The limit is one of the process: catalogues that are read beside it rely on it."""
    head = ",".join(csv_file.COLUMNS)
    before = csv.field_size_limit()
    row = [*csv_file.read(io.BytesIO(f"{head}\nproduct,1,name,de,{'x' * before},Tasse,\n".encode()))]
    assert len(row) == 1
    with pytest.raises(BadFile, match=str(before)):
        list(csv_file.read(io.BytesIO(f"{head}\nproduct,1,name,de,{'x' * (before + 1)},Tasse,\n".encode())))
    assert csv.field_size_limit() == before == 131_072
