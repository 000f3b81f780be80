"""A field of request bodies that is gone: taken out where false, followed by its successor where true."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.keys import is_bound_once, key_of_entry
from aurora_migrate.changes.fields.mapped_values import value_node
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.fields.renamings import Cluster, clusters, place_of
from aurora_migrate.changes.fields.settled import refuse_filled, refuse_settable
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Edit, Finding
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field
from aurora_migrate.flow.reads import Look
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Const, Entry, Text, Value


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that gives the field to one of the rule's requests."""
    sent = Sent(context, rule)
    for cluster in clusters(sent.entries(rule.parameters.text("field")), context.facts):
        module, node = place_of(cluster)
        proven = any(held.certainty is Certainty.PROVEN for held in cluster.held)
        certainty = Certainty.PROVEN if proven else Certainty.LIKELY
        location, subject = module.location(node), source_of(module, node)
        trace = trace_of(cluster.held[0].request, node)
        try:
            if not proven:
                guessed = reason_guessed(held.request for held in cluster.held)
                raise Refused(guessed or "whether the request is Aurora's cannot be told from the code")
            edits = _Removal(context, rule, sent, cluster).edits()
        except Refused as refused:
            yield manual(rule, location, certainty, str(refused), trace, subject)
        else:
            yield fixable(rule, location, certainty, edits, trace, subject)


class _Removal:
    """The end of one cluster of entries."""

    def __init__(self, context: Context, rule: Rule, sent: Sent, cluster: Cluster) -> None:
        self.context = context
        self.sent = sent
        self.cluster = cluster
        self.successor = rule.parameters.text("successor")
        self.setting = rule.parameters.text("setting")
        self.plan = Plan(clean=False)

    def edits(self) -> tuple[Edit, ...]:
        for held in self.cluster.held:
            if isinstance(held.owner.value, Text):
                raise Refused("the body is written out as a text")
            whom = self.sent.elsewhere(held.entry)
            if whom:
                raise Refused(f"the same object also goes to {whom}")
        for entry in self.cluster.entries.values():
            _refuse_computed(entry)
        kept = {key: self._says_yes(key) for key in self.cluster.entries}
        for key, entry in self.cluster.entries.items():
            if (
                entry.over
                and kept[key] is None
                and any(kept[other] is not False for other in kept if other != key)
            ):
                raise Refused("it takes the place of one that may say yes")
            if kept[key] is None:
                self._decide_there(entry)
            elif kept[key]:
                self._succeed(entry)
            else:
                self._take_out(entry)
            for look in self.context.facts.looks.get(entry.place, {}).values():
                self._forget(look)
        return carried_out(self.plan, self.context.modules)

    def _says_yes(self, key: Hashable) -> bool | None:
        """Whether the entry is true, None when that depends; Refused when nothing takes its place."""
        written = _written(self.cluster.entries[key])
        values = self.cluster.values[key].values()
        said = {self._said(value) for value in values} if written is None else {written}
        depends = len(said) != 1 or None in said
        if not depends and True not in said:
            return False
        if self.context.settings.value(self.setting) is None:
            when = "whether it is true is known only when the program runs" if depends else "it is true"
            setting = f"`{self.setting}` of [tool.aurora-migrate]"
            raise Refused(f"{when}, and {setting} does not say what takes its place")
        return None if depends else True

    def _said(self, value: Value) -> bool | None:
        return value.value if isinstance(value, Const) and isinstance(value.value, bool) else None

    def _listed(self, entry: Entry) -> str:
        """The successor's value; Refused where the object has one, or the program looks at the entry."""
        if any(other.name == self.successor for held in self.cluster.held for other, _ in held.owner.fields):
            raise Refused(f"the same object also holds `{self.successor}`")
        for look in self.context.facts.looks.get(entry.place, {}).values():
            raise _looked_at(look.module, look.node)
        locations = self.context.settings.value(self.setting)
        assert isinstance(locations, tuple)
        listed = ", ".join(f'"{location}"' for location in locations)
        return f"[{listed}]"

    def _decide_there(self, entry: Entry) -> None:
        """`if value: ...` where the entry is put, with the successor's name and value in it."""
        node = value_node(entry)
        if node is None or entry.field is not None:
            raise Refused("whether it is true is known only when the program runs")
        listed, use = self._listed(entry), entry.uses[-1]
        source = use.module.tree.code_for_node(node).strip()
        if isinstance(use.operand, (cst.DictElement, cst.Arg)):
            self.plan.take_away(use.module, use.operand)
            spread = f'{{"{self.successor}": {listed}}} if {source} else {{}}'
            self.plan.spread_beside(use.module, use.operand, spread)
            return
        holder = _holder_of(use.operand)
        if holder is None:
            raise Refused("whether it is true is known only when the program runs")
        target = use.module.tree.code_for_node(holder).strip()
        given = f'{target}["{self.successor}"] = {listed}'
        self.plan.insert_before(
            use.module, use.operand, f"if {source}:\n{use.module.tree.default_indent}{given}"
        )
        self.plan.moved(use.module, node)
        self.plan.remove_statement(use.module, use.operand)

    def _succeed(self, entry: Entry) -> None:
        """The successor's name and value in the place of the field's."""
        node = value_node(entry)
        if entry.field is not None or not isinstance(node, cst.Name) or node.value not in ("True", "true"):
            raise Refused("it is true, and not written out where it is sent")
        use = entry.uses[-1]
        self.plan.replace(use.module, node, self._listed(entry))
        if isinstance(use.operand, cst.Arg) and use.operand.keyword is not None:
            self.plan.rename(use.module, use.operand.keyword, self.successor)
            return
        spelled = key_of_entry(entry)
        if not isinstance(spelled, (cst.SimpleString, cst.Name, cst.Attribute)):
            raise Refused("the key is put together from several parts")
        if isinstance(spelled, cst.SimpleString):
            self.plan.cut(use.module, spelled, 0, len(entry.name or ""), self.successor)
        else:
            self.plan.replace(use.module, spelled, f'"{self.successor}"')

    def _take_out(self, entry: Entry) -> None:
        if entry.field is not None:
            self._take_out_field(entry.field)
            return
        node = value_node(entry)
        if not entry.uses or node is None:
            raise Refused("it is put there in a way that leaves nothing to take out")
        use = entry.uses[-1]
        try:
            refuse_settable(self.context.modules, use.module, node)
        except Refused:
            if self.context.settings.value(self.setting) is None:
                raise
            self._decide_there(entry)
            return
        if isinstance(use.operand, cst.Call) and isinstance(use.operand.func, cst.Attribute):
            self._drop(use.module, use.operand)
        elif isinstance(use.operand, cst.Assign):
            self.plan.remove_statement(use.module, use.operand)
        else:
            self.plan.take_out(use)

    def _drop(self, module: Module, node: cst.CSTNode) -> None:
        statement = module.parents.get(id(node))
        if not isinstance(statement, (cst.Expr, cst.Del)):
            raise _looked_at(module, node)
        self.plan.remove_statement(module, statement)

    def _forget(self, look: Look) -> None:
        """A deletion has nothing to delete any more; every other look wants the value."""
        if isinstance(look.node, cst.Call) and any(each is look.node for each in self._stores()):
            return
        self._drop(look.module, look.node)

    def _stores(self) -> Sequence[cst.CSTNode]:
        return [entry.uses[-1].operand for entry in self.cluster.entries.values() if entry.uses]

    def _take_out_field(self, field: Field) -> None:
        """The declaration of a model's field, and the arguments that fill it."""
        key = (id(field.owner.node), field.name)
        place = declaration(field.owner, field.name)
        if place is None:
            raise Refused("the declaration of the field was not found")
        refuse_filled(self.context.modules, field.owner.module, place.target, field.name)
        for module, attribute in self.context.facts.members.get(key, {}).values():
            raise _looked_at(module, attribute)
        for module in self.context.modules:
            for name in mentions(module, field.owner.name):
                call = module.parents.get(id(name))
                if isinstance(call, cst.Call) and any(arg.keyword is None for arg in call.args):
                    raise Refused(f"`{field.owner.name}` is also made of arguments without names")
        self.plan.remove_statement(field.owner.module, place)
        for module, arg in self.context.facts.field_keywords.get(key, {}).values():
            made = module.parents.get(id(arg))
            assert isinstance(made, cst.Call)
            self.plan.remove_argument(module, made, arg)


def _refuse_computed(entry: Entry) -> None:
    """Refuse where the key is not written out at the place that puts it: others are put there, too."""
    if entry.field is not None or not entry.uses:
        return
    use = entry.uses[-1]
    if isinstance(use.operand, cst.Arg) and use.operand.keyword is not None:
        return
    spelled = key_of_entry(entry)
    inside = {id(each) for each in walk(use.operand)}
    if isinstance(spelled, cst.SimpleString) and id(spelled) in inside:
        return
    if spelled is None or not is_bound_once(use.module, spelled):
        raise Refused("the key is worked out where it is put into the object, as others are")


def _written(entry: Entry) -> bool | None:
    """What a document spells there: that is what is changed, whatever other copies of it say."""
    node = value_node(entry)
    if node is None or not entry.uses or not entry.uses[-1].module.read_by_code:
        return None
    return {"true": True, "false": False}.get(node.value) if isinstance(node, cst.Name) else None


def _holder_of(operand: cst.CSTNode) -> cst.BaseExpression | None:
    """The mapping that a statement puts the entry into: `options["name"] = value`."""
    target = (
        operand.targets[0].target if isinstance(operand, cst.Assign) and len(operand.targets) == 1 else None
    )
    return target.value if isinstance(target, cst.Subscript) else None


def _looked_at(module: Module, node: cst.CSTNode) -> Refused:
    return Refused(f"the program also looks at it at {module.path.name}:{module.location(node).start.line}")
