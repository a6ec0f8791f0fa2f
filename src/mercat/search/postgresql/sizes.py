"""How many documents match, before anybody looks for them: from kept totals, else by a sample.

What may be found by more than some thousands is counted in a sample first, so that nothing is read that grows with
the catalogue. Each document has a lot, drawn by a hash of its product's id. Those with low lots have indexes of their
own, each a quarter of the one before, and the largest one is taken that stays below a bound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from mercat.kit.database import Reads
from mercat.search.engine import Request
from mercat.search.postgresql.conditions import EVERYTHING, Conditions
from mercat.search.postgresql.kept_counts import FREQUENT
from mercat.search.postgresql.terms import Match, scored

EXACT = 10_000
"""Documents up to which what is found is counted; beyond, it is estimated unless it is kept."""
LOTS = 1024
SAMPLES = (64, 16, 4, 1)
"""Lots below which documents are indexed by themselves."""
MOST_SAMPLED = 4_000
"""Documents of a sample."""
TOTALS = """
SELECT s.term, sum(s.total)::int FROM search_counts s WHERE s.locale = %s AND s.term = ANY(%s::text[])
GROUP BY s.term HAVING bool_or(s.is_base)
"""
Terms = Sequence[Sequence[str]]
"""Of which terms a document has one each."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many documents match: about so many, by those of a sample, or at most so many, if none was asked."""

    documents: int
    lot: int = 0
    """Documents with lower lots were counted; none were, if it is 0."""

    @property
    def is_estimate(self) -> bool:
        """Whether nobody counts, because it is too much."""
        return bool(self.lot) and self.documents > EXACT


class Sizes:
    """What is known of the sizes of a request's conditions."""

    def __init__(self, reads: Reads, conditions: Conditions, request: Request, totals: dict[str, int]) -> None:
        self._reads = reads
        self._conditions = conditions
        self._only = len(request.filters.only)
        self._totals = totals
        self._facets: dict[str, Size] = {}

    @classmethod
    async def of(cls, reads: Reads, conditions: Conditions, request: Request) -> "Sizes":
        """Read the totals that are kept of whatever a request asks for."""
        matches = scored(request.query) if request.query else ()
        terms = {term for match in matches for group in match.terms for term in group}
        terms.update(term for group in conditions.values for term in group)
        rows = await reads.rows(TOTALS, (request.locale, [EVERYTHING, *terms]))
        return cls(reads, conditions, request, {row[0]: row[1] for row in rows})

    @property
    def everything(self) -> int:
        """How many documents there are; 0 where there are too few to keep their counts."""
        return self._totals.get(EVERYTHING, 0)

    async def of_matches(self, matches: Sequence[Match], *, with_total: bool) -> list[Size]:
        """Return how many documents match in each of several ways; a guess does where nobody asks for a total."""
        conditions = self._conditions.copy()
        if not with_total:
            return [self._guessed([*match.terms, *conditions.values], match.found) for match in matches]
        known = [self._known([*match.terms, *conditions.values], match.found) for match in matches]
        if self._conditions.kept(but_for_left_out=True) is not None:
            return known
        asked = [n for n, size in enumerate(known) if size.documents > EXACT]
        wheres = [conditions.where(words=matches[n].found) for n in asked]
        for n, size in zip(asked, await self._sampled(conditions, wheres), strict=True):
            known[n] = replace(size, documents=min(size.documents, known[n].documents))
        self._facets[""] = known[-1]
        return known

    async def without(self, facets: Sequence[str]) -> list[Size]:
        """Return how many match if what is chosen of a facet does not count, for each of several; "" is no facet."""
        conditions = self._conditions.copy()
        asked = []
        for facet in facets:
            if facet not in self._facets:
                values = [
                    terms for name, terms in zip(conditions.terms, conditions.values, strict=True) if name != facet
                ]
                self._facets[facet] = self._known([*conditions.has, *values], conditions.words)
                if conditions.kept(without=facet) is None and self._facets[facet].documents > EXACT:
                    asked.append(facet)
        wheres = [conditions.where(without=facet) for facet in asked]
        for facet, size in zip(asked, await self._sampled(conditions, wheres), strict=True):
            most = self._facets[facet].documents
            self._facets[facet] = replace(size, documents=min(size.documents, most))
        return [self._facets[facet] for facet in facets]

    def _known(self, terms: Terms, words: str) -> Size:
        """Return how many have one of the terms of each group at most: of the rarest group that many."""
        if self._only:
            return Size(self._only)
        if words and not terms:  # of a phrase nothing is kept
            return Size(self.everything)
        return Size(min([self.everything, *map(self._most, terms)]))

    def _guessed(self, terms: Terms, words: str) -> Size:
        """Return how many would match if words were spread evenly."""
        if not self.everything or self._only or (words and not terms):
            return Size(0)
        shares = (min(1.0, self._most(group) / self.everything) for group in terms)
        return Size(int(self.everything * prod(shares)))

    def _most(self, terms: Iterable[str]) -> int:
        return sum(self._totals.get(term, FREQUENT) for term in terms)

    async def _sampled(self, conditions: Conditions, wheres: Sequence[str]) -> list[Size]:
        if not wheres:
            return []
        lot = self._lot()
        counts = [f"(SELECT count(*) FROM search_documents d WHERE {where} AND d.lot < {lot})" for where in wheres]  # noqa: S608 - our own parts
        row = await self._reads.row(f"SELECT {', '.join(counts)}", conditions.params)
        return [Size(count * LOTS // lot, lot) for count in row or ()]

    def _lot(self) -> int:
        """Return below which lot documents are a sample."""
        return next((lot for lot in SAMPLES if self.everything * lot <= MOST_SAMPLED * LOTS), SAMPLES[-1])
