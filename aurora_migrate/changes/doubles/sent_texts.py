"""Texts that tests look for in bodies as they were sent: `'"user_level": "Admin"' in request.body`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.doubles.denials import is_denied
from aurora_migrate.findings import Finding
from aurora_migrate.flow.places import Marker


def find(context: Context, rule: Rule, names: Mapping[str, str]) -> Iterator[Finding]:
    """What holds an old name and is looked for in the text of a body; `names` are old ones with the new."""
    for match in context.facts.matches.values():
        if match.part.path[-1:] != (Marker.TEXT,) or is_denied(match.module, match.node):
            continue
        certainty = context.ties.answered(match.part.origin, rule)
        said = [name for name in names if re.search(rf"\b{name}\b", match.value.literal or "")]
        if certainty is not None and said:
            location, subject = match.module.location(match.node), source_of(match.module, match.node)
            reason = f"the test looks for `{said[0]}` in the text of a body"
            filled = {"old": said[0], "new": names[said[0]], "objects": "", "key": said[0]}
            yield manual(rule, location, certainty, reason, (), subject, **filled)
