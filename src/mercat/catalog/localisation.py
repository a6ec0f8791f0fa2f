"""Products as readers of another language get them: the same rows with other texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mercat import i18n
from mercat.catalog.product_rows import ProductRow
from mercat.translations import Key, Texts


def things_of(products: Iterable[ProductRow]) -> set[Key]:
    """Return all that the texts of products are of: themselves, their brands and categories, and their attributes."""
    return {thing for product in products for thing in _things(product)}


def _things(product: ProductRow) -> Iterable[Key]:
    yield Key("product", str(product.id))
    if product.category_id is not None:
        yield Key("category", str(product.category_id))
    if product.brand_id is not None:
        yield Key("brand", str(product.brand_id))
    for name in (*product.option_names, *product.attributes):
        yield Key("attribute", name.casefold())


def is_translated(product: ProductRow, translated: set[Key]) -> bool:
    """Whether anything of a product is among what has texts in another language."""
    return not translated.isdisjoint(_things(product))


def slugs_of(product: ProductRow, texts: Texts) -> dict[str, str]:
    """Return a product's slug in every language; nothing where there is one language."""
    source, *others = i18n.content_locales()
    if not others:
        return {}
    own = Key("product", str(product.id))
    return {source: product.slug} | {locale: texts.of(own, locale).get("slug", product.slug) for locale in others}


def in_locale(product: ProductRow, texts: Texts, locale: str) -> ProductRow:
    """Return a product with the texts of a language; what has none there stays as it was written."""
    own = texts.of(Key("product", str(product.id)), locale)
    category = texts.of(Key("category", str(product.category_id)), locale)
    brand = texts.of(Key("brand", str(product.brand_id)), locale)
    words = {
        name: texts.of(Key("attribute", name.casefold()), locale)
        for name in (*product.option_names, *product.attributes)
    }
    names = distinct(product.option_names, {name: words[name].get("name") for name in product.option_names})
    values = [
        values_in_locale([variant.options[at] for variant in product.variants], words[name])
        for at, name in enumerate(product.option_names)
    ]
    attributes = distinct(list(product.attributes), {name: words[name].get("name") for name in product.attributes})
    return replace(
        product,
        slug=own.get("slug") or product.slug,
        name=own.get("name") or product.name,
        description_html=own.get("description_html") or product.description_html,
        seo_title=own.get("seo_title") or product.seo_title,
        seo_description=own.get("seo_description") or product.seo_description,
        category_name=category.get("name") or product.category_name,
        category_slug=category.get("slug") or product.category_slug,
        brand_name=brand.get("name") or product.brand_name,
        option_names=names,
        attributes={
            shown: words[name].get(f"values.{value}") or value
            for shown, (name, value) in zip(attributes, product.attributes.items(), strict=True)
        },
        images=[replace(image, alt=own.get(f"alt.{image.id}") or image.alt) for image in product.images],
        variants=[
            replace(variant, options=[known[value] for known, value in zip(values, variant.options, strict=True)])
            for variant in product.variants
        ],
    )


def values_in_locale(of_variants: Iterable[str], words: Mapping[str, str]) -> dict[str, str]:
    """Return how the values of an option are called, by what they are; `of_variants` in the order of the variants."""
    values = list(dict.fromkeys(of_variants))
    shown = distinct(values, {value: words.get(f"values.{value}") for value in values})
    return dict(zip(values, shown, strict=True))


def distinct(written: Sequence[str], translated: Mapping[str, str | None]) -> list[str]:
    """Return what names are called in another language, each only once: who must choose can tell them apart."""
    shown: list[str] = []
    for name in written:
        other = translated.get(name)
        free = other is not None and other not in shown and (other == name or other not in written)
        shown.append(other if free and other is not None else name)
    return shown
