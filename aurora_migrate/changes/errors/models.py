"""A model of the old error body: its field becomes the list, and the uses of the field join its messages."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.errors.reads import Look
from aurora_migrate.changes.errors.text import Shape, free_item
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field


def reshape(context: Context, plan: Plan, shape: Shape, look: Look) -> None:
    """Plan the new field and its uses. Raises Refused where a use cannot be told."""
    found, piece = look.read.field, look.read.piece
    place = declaration(found.owner, found.name) if found is not None else None
    if found is None or place is None:
        raise Refused("the declaration of the model's field was not found")
    _refuse_other_uses(context, found)
    name = found.name
    if piece is not None and piece.node is not None and piece.module is not None:
        plan.cut(piece.module, piece.node, piece.start, piece.start + len(look.read.name), shape.many)
    else:
        name = shape.many
        plan.rename(found.owner.module, _target(place), name)
    may_be_none = _may_be_none(found.owner.module, place)
    annotation = _annotation(found.owner.module, may_be_none)
    plan.replace(found.owner.module, place.annotation.annotation, annotation)
    for module, use in context.facts.members.get((id(found.owner.node), found.name), {}).values():
        holder = module.tree.code_for_node(use.value).strip()
        item = free_item(module, use)
        held = f"{holder}.{name} or []" if may_be_none else f"{holder}.{name}"
        plan.reword(module, use, f'"; ".join({item}["{shape.message}"] for {item} in {held})')


def _target(place: cst.AnnAssign) -> cst.Name:
    if not isinstance(place.target, cst.Name):
        raise Refused("the declaration of the model's field was not found")
    return place.target


def _refuse_other_uses(context: Context, found: Field) -> None:
    """Refuse when some `x.name` may be the field or may not; a field of text is never called."""
    key = (id(found.owner.node), found.name)
    if context.facts.field_keywords.get(key):
        raise Refused(f"the program makes `{found.owner.name}` itself, too")
    known = {id(node) for _, node in context.facts.members.get(key, {}).values()}
    for module in context.modules:
        for name in mentions(module, found.name):
            attribute = module.parents.get(id(name))
            if not isinstance(attribute, cst.Attribute) or attribute.attr is not name:
                continue
            if id(attribute) in known:
                continue
            call = module.parents.get(id(attribute))
            if not (isinstance(call, cst.Call) and call.func is attribute):
                line = module.location(name).start.line
                where = f"`{found.name}` at {module.path.name}:{line}"
                raise Refused(f"whether {where} is that of `{found.owner.name}` cannot be told")


def _may_be_none(module: Module, place: cst.AnnAssign) -> bool:
    source = module.tree.code_for_node(place.annotation.annotation)
    return place.value is not None or "Optional" in source or "None" in source


def _annotation(module: Module, may_be_none: bool) -> str:
    """The type of the list, spelled as the module spells its types."""
    names = {name for line in module.tree.body for name in _imported(line)}
    listed = "List[dict]" if "List" in names else "list[dict]"
    if not may_be_none:
        return listed
    return f"Optional[{listed}]" if "Optional" in names else f"{listed} | None"


def _imported(line: cst.CSTNode) -> list[str]:
    found: list[str] = []
    for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
        if isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar):
            found.extend(alias.name.value for alias in small.names if isinstance(alias.name, cst.Name))
    return found
