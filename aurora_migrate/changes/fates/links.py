"""From a place that keeps a value to the places that use it: variables, attributes, results of functions."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.fates.program import Place
from aurora_migrate.changes.fates.trail import End, Fate, Trail
from aurora_migrate.flow.around import enclosing, last_name
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


def stored(trail: Trail, module: Module, target: cst.BaseExpression, inside: bool) -> None:
    """What an assignment to this target leads to."""
    if isinstance(target, cst.Name):
        _named(trail, module, target, inside)
    elif isinstance(target, cst.Attribute):
        _member(trail, module, target, inside)
    elif isinstance(target, cst.Subscript):
        trail.keep(module, target, f"is kept in `{shortened(module, target)}`")
        container(trail, module, target.value)
    elif inside and trail.nodes is not None:
        trail.keep(module, target, "is unpacked")
    else:
        trail.end(End.APART, module, target, "is taken apart")


def _named(trail: Trail, module: Module, target: cst.Name, inside: bool) -> None:
    """The uses of a variable in its scope."""
    scope = enclosing(module, target, cst.FunctionDef, cst.Lambda, cst.Module) or module.tree
    loads: list[Place] = [
        (module, each)
        for each in walk(scope)
        if isinstance(each, cst.Name)
        and each.value == target.value
        and each is not target
        and is_load(module, each)
    ]
    if inside:
        for place in loads:
            trail.ahead(*place, True)
        return
    linked = trail.linked(loads)
    for place in linked:
        trail.ahead(*place)
    if loads and not linked:
        trail.end(End.LOST, module, target, f"is kept in `{target.value}`, which cannot be followed")


def _member(trail: Trail, module: Module, target: cst.Attribute, inside: bool) -> None:
    """The uses of an attribute, of whatever object: the flow says which of them can be the value."""
    name = target.attr.value
    loads: list[Place] = [
        place
        for place in trail.program.attributes.get(name, ())
        if is_load(*place) and place[1] is not target
    ]
    for place in loads if inside else trail.linked(loads):
        trail.ahead(*place, inside)
    owner = enclosing(module, target, cst.ClassDef)
    if isinstance(owner, cst.ClassDef) and trail.program.is_exception(owner):
        _members_of_caught(trail, owner.name.value, name)


def _members_of_caught(trail: Trail, kind: str, name: str) -> None:
    """`error.detail` in handlers that the flow did not come to."""
    for module, bound in trail.program.caught(kind):
        attribute = module.parents.get(id(bound))
        if (
            isinstance(attribute, cst.Attribute)
            and attribute.attr.value == name
            and is_load(module, attribute)
        ):
            trail.ahead(module, attribute)


def note_alone(trail: Trail, module: Module, display: cst.CSTNode | None) -> None:
    """Note that the value is the only element of a list, if it is."""
    if isinstance(display, cst.List) and len(display.elements) == 1:
        says = "is the only message of a list"
        trail.alone.append(Fate(End.LOST, module, display, says))


def container(trail: Trail, module: Module, holder: cst.BaseExpression) -> None:
    """What becomes of the list or dict that the value was put into."""
    if isinstance(holder, cst.Name):
        _named(trail, module, holder, True)
    elif isinstance(holder, cst.Attribute):
        _member(trail, module, holder, True)
    elif trail.nodes is None:
        trail.end(End.LOST, module, holder, "is kept where it cannot be followed")


def returned(trail: Trail, module: Module, node: cst.CSTNode, inside: bool) -> None:
    """The calls of the function that returns the value."""
    function = enclosing(module, node, cst.FunctionDef, cst.Lambda)
    name = _name_of(module, function) if function is not None else ""
    if function is None or not name:
        trail.end(End.LOST, module, node, "is the result of a lambda")
        return
    if name in ("__str__", "__repr__", "__format__"):
        trail.end(End.SHOWN, module, node)
        owner = enclosing(module, function, cst.ClassDef)
        trail.raised.update([owner.name.value] if isinstance(owner, cst.ClassDef) else ())
        return
    uses: list[Place] = [*trail.program.calls.get(name, ()), *trail.program.attributes.get(name, ())]
    if inside:
        for each in trail.program.calls.get(name, ()):
            trail.ahead(*each, True)
        if not trail.program.calls.get(name):
            trail.end(End.LOST, module, node, f"is returned by `{name}`, which nothing here calls")
        return
    linked = trail.linked(uses)
    for place in linked:
        trail.ahead(*place)
    if not linked:
        known = "whose callers cannot be followed" if uses else "which nothing in the project calls"
        trail.end(End.LOST, module, node, f"is returned by `{name}`, {known}")


def _name_of(module: Module, function: cst.CSTNode) -> str:
    """What a function is called, or the variable that a lambda is bound to."""
    if isinstance(function, cst.FunctionDef):
        return function.name.value
    parent = module.parents.get(id(function))
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        return last_name(parent.targets[0].target)
    return ""


def is_load(module: Module, node: cst.CSTNode) -> bool:
    """Whether a name or attribute is read there, not written, declared or a part of another name."""
    parent = module.parents.get(id(node))
    if isinstance(parent, (cst.AssignTarget, cst.Param, cst.AsName, cst.ImportAlias, cst.Del)):
        return False
    if isinstance(parent, (cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For, cst.CompFor)):
        return parent.target is not node
    if isinstance(parent, cst.Attribute):
        return parent.value is node
    return not (isinstance(parent, cst.Arg) and parent.keyword is node)


def shortened(module: Module, node: cst.CSTNode) -> str:
    """The text of a node on one line."""
    return " ".join(module.tree.code_for_node(node).split())[:60]
