"""A model's field put under its new name where the model is written out: the program keeps its own."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.dumps import refuse_other_models
from aurora_migrate.changes.fields.mapped_values import Values
from aurora_migrate.changes.fields.renamings import Cluster
from aurora_migrate.changes.fields.response_aliases import Place, put_below
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Body
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Entry

_WHOLE = frozenset({"mode", "by_alias", "indent"})
"""The arguments of a dump that leave every field in."""


@dataclass(frozen=True, slots=True)
class _Renamed:
    """The statement that moves a field to its new name in what was written out."""

    old: str
    new: str
    template: str
    """What the value becomes; `{}` stands for it."""
    always: bool
    """Whether the field is always there."""

    def statement(self, plan: Plan, module: Module, name: str, is_there: bool) -> str:
        """The statement for the object that goes by `name`."""
        value = self.template.format(f'{name}.pop("{self.old}")')
        given = f'{name}["{self.new}"] = {value}'
        if self.always and is_there:
            return given
        return f'if "{self.old}" in {name}:\n{module.tree.default_indent}{given}'


def rename_at_dumps(
    context: Context, plan: Plan, sent: Sent, cluster: Cluster, new: str, values: Values
) -> None:
    """Plan the field's new name and value at every dump that sends it; Refused where that is not all."""
    given = [value for seen in cluster.values.values() for value in seen.values()]
    done: set[int] = set()
    for held in cluster.held:
        whom = sent.elsewhere(held.entry)
        if whom:
            raise Refused(f"the same object also goes to {whom}")
        module, dump = _dump(held.entry, held.owner)
        if id(dump) in done:
            continue
        done.add(id(dump))
        refuse_other_models(context, dump, cluster.name)
        put_below(
            plan,
            _Renamed(cluster.name, new, values.translated(module, given), _is_whole(dump)),
            Place(module, dump, "body", True),
        )


def _dump(entry: Entry, owner: Body) -> tuple[Module, cst.Call]:
    mapping = owner.mapping
    if entry.field is None or mapping is None or mapping.module is None:
        raise Refused("the field is not that of a model")
    if not isinstance(mapping.node, cst.Call):
        raise Refused("where the model becomes a body was not found")
    if is_test_module(mapping.module):
        raise Refused("a test writes the model out")
    if owner.open or any(other is not entry and other.name == entry.name for other, _ in owner.fields):
        raise Refused("what else the object holds is not known")
    return mapping.module, mapping.node


def _is_whole(dump: cst.Call) -> bool:
    """Whether nothing says that the dump leaves fields out."""
    return all(arg.keyword is None or arg.keyword.value in _WHOLE for arg in dump.args)
