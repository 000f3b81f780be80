"""Moved fields by selection: where the old object enters the body, each new one takes its own out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.dumps import refuse_other_models
from aurora_migrate.changes.fields.mapped_values import value_node
from aurora_migrate.changes.moved.sites import Site, free_name
from aurora_migrate.changes.moved.unseen import refuse_looked_at, refuse_unseen
from aurora_migrate.changes.surgery import brackets
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.around import ancestors, function_of
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry


def select(context: Context, plan: Plan, site: Site, late: frozenset[str]) -> None:
    """Plan the selection; the `late` names are not changed at their sources, but here."""
    _refuse_late(context, site)
    _refuse_unseen(context, site)
    if site.entry.field is not None:
        _at_dump(context, plan, site, late)
        return
    use = site.entry.uses[-1] if site.entry.uses else None
    value = value_node(site.entry)
    if use is None or value is None:
        raise Refused("the object enters the body in a way that leaves no place to take it apart")
    _refuse_of_others(site, use.module)
    source = _source(plan, site, use.module, value)
    lines = _lines(use.module, use.operand)
    objects = {name: lines.join(_selection(site, name, source, late)) for name in site.present()}
    if isinstance(use.operand, (cst.DictElement, cst.Arg)):
        plan.split_entry(use.module, use.operand, site.table.old, objects)
    elif isinstance(use.operand, cst.Assign):
        _after_assignment(plan, use, value, site, objects)
    else:
        raise Refused("the object enters the body in a way that leaves no place to take it apart")


def _refuse_of_others(site: Site, module: Module) -> None:
    """Refuse to select by the names that tests or files give: the program's own callers may give others."""
    pieces = [entry.key_piece for entry in site.contents.values() if entry.key_piece is not None]
    homes = [piece.module for piece in pieces if piece.module is not None]
    document = next((home for home in homes if home.read_by_code), None)
    if document is not None:
        raise Refused(f"`{document.path.name}` gives it fields, and may give others where the program runs")
    if homes and not is_test_module(module) and all(is_test_module(home) for home in homes):
        raise Refused("nothing but tests is seen to give the object, and others may give other fields")


@dataclass(frozen=True, slots=True)
class _Lines:
    """How the pieces of a comprehension are laid out: on lines of their own, or on one."""

    indent: str | None

    def join(self, pieces: tuple[str, str, str]) -> str:
        if self.indent is None or len(" ".join(pieces)) < SHORT:
            return "{" + " ".join(pieces) + "}"
        inner = f"\n{self.indent}    "
        return "{" + inner + inner.join(pieces) + f"\n{self.indent}}}"


SHORT = 60
"""A comprehension of at most so many characters stays on one line."""


def _lines(module: Module, operand: cst.CSTNode) -> _Lines:
    """As the entries are that stand beside the operand; their indentation is that within the statement."""
    holder = module.parents.get(id(operand))
    if not isinstance(holder, (cst.Dict, cst.Call)):
        return _Lines("" if isinstance(operand, cst.Assign) else None)
    for gap in brackets.read(holder).gaps:
        if isinstance(gap, cst.ParenthesizedWhitespace):
            return _Lines(gap.last_line.value)
    return _Lines(None)


def _selection(site: Site, name: str, source: str, late: frozenset[str]) -> tuple[str, str, str]:
    """The parts of the expression that takes one object's fields out of the old object."""
    entries = [entry for entry in site.contents.values() if site.table.target(entry) == name]
    names = list(dict.fromkeys(_name(site, entry, late) for entry in entries))
    spelled = ", ".join(f'"{each}"' for each in names)
    test = f"in ({spelled})" if len(names) > 1 else f"== {spelled}"
    key = _renaming(site, [entry for entry in entries if entry.name in late], names)
    return f"{key}: value", f"for name, value in {source}.items()", f"if name {test}"


def _name(site: Site, entry: Entry, late: frozenset[str]) -> str:
    name = entry.name or ""
    return name if name in late else site.table.renamed(entry) or name


def _renaming(site: Site, entries: list[Entry], names: list[str]) -> str:
    """The expression that makes new names of old ones, where they only lose an ending."""
    endings: list[str] = []
    for entry in entries:
        new, old = site.table.renamed(entry), entry.name or ""
        if new and not old.startswith(new):
            raise Refused(f"`{old}` cannot be renamed where it is put into the object")
        if new and old[len(new) :] not in endings:
            endings.append(old[len(new) :])
    kept = set(names) - {entry.name for entry in entries}
    for ending in endings:
        if any(ending in name for name in kept):
            raise Refused(f"a field that keeps its name ends in `{ending}`, too")
    return "name" + "".join(f'.replace("{ending}", "")' for ending in endings)


def _source(plan: Plan, site: Site, module: Module, value: cst.BaseExpression) -> str:
    """What the selections read: the value itself where it is a name, else a variable that gets it first."""
    if dotted(value) is not None:
        return module.tree.code_for_node(value).strip()
    statement = _statement(module, value)
    name = free_name(module, value, site.table.old)
    plan.insert_before(module, statement, f"{name} = {_dedented(plan, module, value)}")
    return name


def _dedented(plan: Plan, module: Module, value: cst.BaseExpression) -> str:
    """The source of a value, the lines of which lose the indentation that its place gave them."""
    code = module.tree.code_for_node(plan.lifted(module, value)).strip()
    extra = next((line.indent for line in [_lines(module, module.parents[id(value)])] if line.indent), "")
    lines = code.split("\n")
    if any(isinstance(each, cst.SimpleString) and "\n" in each.value for each in walk(value)):
        return code
    return "\n".join([lines[0], *(line.removeprefix(extra) for line in lines[1:])])


def _statement(module: Module, value: cst.CSTNode) -> cst.CSTNode:
    """The statement around an expression, above which it can be evaluated as well."""
    inner: cst.CSTNode = value
    for node in ancestors(module, value):
        if isinstance(
            node, (cst.Lambda, cst.CompFor, cst.DictComp, cst.ListComp, cst.GeneratorExp, cst.SetComp)
        ):
            raise Refused("it is made anew for each element there")
        if isinstance(node, cst.IfExp) and inner is not node.test:
            raise Refused("it is made under a condition there")
        if isinstance(node, cst.BooleanOperation) and inner is not node.left:
            raise Refused("it is made under a condition there")
        if isinstance(node, cst.BaseSmallStatement):
            return node
        if isinstance(node, cst.With):
            return node
        if isinstance(node, cst.BaseCompoundStatement):
            break
        inner = node
    raise Refused("there is no statement above which it could be made")


def _after_assignment(
    plan: Plan, use: Use, value: cst.BaseExpression, site: Site, objects: dict[str, str]
) -> None:
    """`body["old"] = x`: the other objects are stored below."""
    assert isinstance(use.operand, cst.Assign)
    target = use.operand.targets[0].target
    if not isinstance(target, cst.Subscript):
        raise Refused("the object enters the body in a way that leaves no place to take it apart")
    body = use.module.tree.code_for_node(target.value).strip()
    plan.replace(use.module, value, objects.pop(site.table.old, "{}"))
    for name, source in objects.items():
        plan.insert_after(use.module, use.operand, f'{body}["{name}"] = {source}')


def _at_dump(context: Context, plan: Plan, site: Site, late: frozenset[str]) -> None:
    """A model's dump, of which the old object is a field: it is taken apart behind the dump."""
    mapping = site.owner.mapping
    if mapping is None or not isinstance(mapping.node, cst.Call) or mapping.module is None:
        raise Refused("where the model becomes a body was not found")
    refuse_other_models(context, mapping.node, site.table.old)
    name = free_name(mapping.module, mapping.node, "body")
    held = f'{name}["{site.table.old}"]'
    one_line = _Lines(None)
    parts = "".join(
        f', "{each}": {one_line.join(_selection(site, each, held, late))}' for each in site.present()
    )
    plan.wrap(mapping.module, mapping.node, f"{{**({name} := {INNER}){parts}}}")


def _refuse_unseen(context: Context, site: Site) -> None:
    """Every store into what the selection reads must be one that was seen, and every look one into that."""
    known: list[tuple[Module, cst.BaseExpression]] = []
    ours: set[int] = set()
    for entry in site.contents.values():
        for use in entry.uses:
            for receiver in _receivers(use):
                known.append((use.module, receiver))
                ours.add(id(receiver))
    value = value_node(site.entry) if site.entry.uses else None
    if value is not None:
        module = site.entry.uses[-1].module
        known.extend((module, each) for each in _read_by(value))
    refuse_unseen(context, known, ours)
    refuse_looked_at(context, site, {dotted(node) or "" for _, node in known})


def _refuse_late(context: Context, site: Site) -> None:
    """What is put into the object once it is in the body would miss the selection."""
    looks = set(context.facts.looks.get(site.entry.place, {}))
    place = site.entry.uses[-1] if site.entry.uses else None
    for entry in site.contents.values():
        for use in entry.uses[-1:]:
            receiver = receiver_of(use.operand, use.module)
            if receiver is not None and (id(receiver) in looks or _is_alias(use.module, receiver, looks)):
                line = use.module.location(use.operand).start.line
                raise Refused(f"more is put into it at {use.module.path.name}:{line}, when it is in the body")
            if place is not None and receiver is not None and _is_below(place, use):
                line = use.module.location(use.operand).start.line
                raise Refused(f"more is put into it at {use.module.path.name}:{line}, when it is in the body")


_COPIERS = frozenset({"dict", "copy", "deepcopy"})


def _read_by(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The names of the mappings that an expression copies or merges."""
    if dotted(value) is not None:
        yield value
    elif isinstance(value, cst.Dict):
        for element in value.elements:
            if isinstance(element, cst.StarredDictElement):
                yield from _read_by(element.value)
    elif isinstance(value, cst.BinaryOperation):
        yield from _read_by(value.left)
        yield from _read_by(value.right)
    elif isinstance(value, cst.Call) and (dotted(value.func) or "").rpartition(".")[2] in _COPIERS:
        for arg in value.args:
            yield from _read_by(arg.value)
        if isinstance(value.func, cst.Attribute):
            yield from _read_by(value.func.value)


def _receivers(use: Use) -> list[cst.BaseExpression]:
    if isinstance(use.operand, (cst.Tuple, cst.List)):
        targets = [element.value for element in use.operand.elements]
        return [target.value for target in targets if isinstance(target, cst.Subscript)]
    receiver = receiver_of(use.operand, use.module)
    return [receiver] if receiver is not None else []


def receiver_of(operand: cst.CSTNode, module: Module) -> cst.BaseExpression | None:
    """The expression of the mapping that a statement or call puts an entry into."""
    if isinstance(operand, cst.Assign) and isinstance(operand.targets[0].target, cst.Subscript):
        return operand.targets[0].target.value
    if isinstance(operand, (cst.Tuple, cst.List)):
        targets = [element.value for element in operand.elements]
        return next((each.value for each in targets if isinstance(each, cst.Subscript)), None)
    if isinstance(operand, cst.Call):
        return operand.func.value if isinstance(operand.func, cst.Attribute) else None
    for node in ancestors(module, operand):
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return node.func.value if node.func.attr.value in ("update", "setdefault") else None
        if isinstance(node, cst.AugAssign):
            return node.target if isinstance(node.target, cst.BaseExpression) else None
        if not isinstance(node, (cst.Dict, cst.Arg)):
            return None
    return None


def _is_alias(module: Module, receiver: cst.BaseExpression, looks: set[int]) -> bool:
    """Whether a name stands for the object as it was taken out of the body."""
    if not isinstance(receiver, cst.Name):
        return False
    scope: cst.CSTNode = function_of(module, receiver) or module.tree
    targets = (
        target.target
        for node in walk(scope)
        if isinstance(node, cst.Assign) and id(node.value) in looks
        for target in node.targets
    )
    return any(isinstance(target, cst.Name) and target.value == receiver.value for target in targets)


def _is_below(place: Use, use: Use) -> bool:
    """Whether a statement stands below the place in the same function."""
    if place.module is not use.module:
        return False
    if function_of(place.module, place.operand) is not function_of(use.module, use.operand):
        return False
    where, other = place.module.span(place.operand), use.module.span(use.operand)
    return where is not None and other is not None and other[0] > where[0]
