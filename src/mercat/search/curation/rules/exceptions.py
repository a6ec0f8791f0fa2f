"""Errors of rules."""

from mercat.kit.problems import CONSTRAINTS, Conflict, Invalid, NotFound


class RuleNotFound(NotFound):
    """No such rule."""

    code = "search.rule_not_found"
    detail = "There is no such rule."


class RuleTaken(Conflict):
    """Another rule is about the same query in the same time."""

    code = "search.rule_taken"
    detail = "Another rule is about the same query in the same time."


class TooManyRules(Conflict):
    """As many rules as there may be."""

    code = "search.too_many_rules"
    detail = "There can be at most {limit} rules."


class UnknownTarget(Invalid):
    """A rule names products, or a target of its redirect, that do not exist."""

    code = "search.unknown_target"
    detail = "The rule names something that does not exist."


CONSTRAINTS["uq_search_rules_locale_match_key_starts_at_ends_at"] = RuleTaken
