"""Kind test-double: what other rules change in the code under test, changed in the tests' doubles, too.

It knows nothing of the API itself: each rule's own kind finds its places in doubles and in what tests expect,
and what it finds there is reported under this rule, with the reason of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes import path_prefix_removed
from aurora_migrate.changes.context import Context
from aurora_migrate.findings import Applicability, Finding

Finder = Callable[[Context, Rule], Iterable[Finding]]

DOUBLED: dict[str, tuple[Finder, ...]] = {
    "path-prefix-removed": (path_prefix_removed.find_in_doubles,),
}
"""What looks for each kind's changes in doubles."""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every double and expectation that another rule's change concerns."""
    for other in context.catalogue.rules.values():
        for finder in DOUBLED.get(other.kind, ()):
            for finding in finder(context, other):
                yield _as_own(rule, other, finding)


def _as_own(rule: Rule, other: Rule, finding: Finding) -> Finding:
    """The other rule's finding under this one's code and name."""
    values = {"code": other.code, "change": finding.message}
    if finding.applicability is Applicability.MANUAL:
        message = rule.message("manual", reason=finding.message, **values)
    else:
        message = rule.message("finding", **values)
    return replace(finding, rule=rule.code, name=rule.name, message=message)
