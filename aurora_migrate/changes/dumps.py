"""The calls that write out a model as a body: `model.model_dump()`, `asdict(model)`."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.sent import every_object
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Kept, Request


def refuse_other_models(context: Context, dump: cst.CSTNode, name: str) -> None:
    """Refuse to change what one line makes of several models, of which some have no field of that name."""
    carriers: list[Request | Kept] = [*context.facts.requests.values(), *context.facts.kept.values()]
    made = [each for carrier in carriers for body in carrier.bodies for each in every_object(body)]
    for body in made:
        if body.mapping is None or body.mapping.node is not dump:
            continue
        fields = [entry for entry, _ in body.fields]
        if all(entry.name != name for entry in fields):
            models = sorted({f"`{entry.field.owner.name}`" for entry in fields if entry.field is not None})
            raise Refused(f"the same line writes out {' and '.join(models) or 'other models'}, too")
