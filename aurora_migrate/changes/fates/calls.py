"""A value given to a call: of the project, of an exception, of code that only shows or tests it."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.fates import sinks
from aurora_migrate.changes.fates.links import container, note_alone
from aurora_migrate.changes.fates.program import Place, parameter_for
from aurora_migrate.changes.fates.trail import End, Trail
from aurora_migrate.flow.around import enclosing, last_name
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.trees import walk

_TO_TEXT = frozenset({"str", "repr", "ascii"})
"""Functions that make of each element a text that says the same."""


def given(trail: Trail, module: Module, call: cst.Call, arg: cst.Arg, inside: bool) -> None:
    """Go on with what a call does with one of its arguments."""
    name = dotted_name(call.func) or last_name(call.func)
    if sinks.asks_for_type(call):
        trail.end(End.TYPED, module, call, "is asked for its type")
        return
    if name == "bool":
        trail.end(End.TRUTH, module, call)
    elif name == "len":
        if not inside:
            trail.end(End.APART, module, call, "is counted")
    elif _constructs_base(trail, module, call, arg, inside) or _runs_project(
        trail, module, call, arg, inside
    ):
        return
    elif sinks.shows(call):
        if name == "str" and not inside:
            element = module.parents.get(id(call))
            note_alone(trail, module, module.parents.get(id(element)))
        trail.end(End.SHOWN, module, call)
    elif trail.nodes is not None and id(call) in trail.nodes:
        # `cast(str, value)`, `asyncio.run(coroutine)`: what comes out is what went in.
        trail.ahead(module, call, inside)
    elif sinks.is_exception(name):
        trail.end(End.SHOWN, module, call)
        trail.raised.add(last_name(call.func))
    elif sinks.keeps(call):
        assert isinstance(call.func, cst.Attribute)
        trail.keep(module, call, f"is put into `{dotted_name(call.func.value) or 'a container'}`")
        container(trail, module, call.func.value)
    elif name in ("dict", "list", "tuple", "set", "sorted", "reversed", "enumerate", "zip"):
        _converted(trail, module, call, arg, inside)
    elif inside and name == "map" and last_name(call.args[0].value) in _TO_TEXT:
        trail.ahead(module, call, True)
    elif sinks.tests(call) and not inside:
        trail.end(End.TESTED, module, call, "is searched or looked up")
    else:
        trail.end(End.LOST, module, call, f"goes to `{name or 'a call'}`, whose code is not seen")


def _converted(trail: Trail, module: Module, call: cst.Call, arg: cst.Arg, inside: bool) -> None:
    if inside or arg.keyword is not None:
        trail.ahead(module, call, True)
    else:
        trail.end(End.APART, module, call, "is taken apart")


def _constructs_base(trail: Trail, module: Module, call: cst.Call, arg: cst.Arg, inside: bool) -> bool:
    """`super().__init__(value)` and `Base.__init__(self, value)`."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "__init__":
        return False
    kind = enclosing(module, call, cst.ClassDef)
    if not isinstance(kind, cst.ClassDef):
        return False
    constructor = trail.program.base_constructor(kind)
    if constructor is not None:
        explicit = not isinstance(func.value, cst.Call)
        return _into_function(trail, *constructor, call, arg, 0 if explicit else 1, inside)
    if trail.program.is_exception(kind):
        trail.end(End.SHOWN, module, call)
        trail.raised.add(kind.name.value)
        return True
    return False


def _runs_project(trail: Trail, module: Module, call: cst.Call, arg: cst.Arg, inside: bool) -> bool:
    """Whether the call is one of a function or class of the project that the value was followed into."""
    name = _class_name(module, call) or last_name(call.func)
    found = False
    for home, function in trail.program.functions.get(name, ()):
        is_method = isinstance(home.parents.get(id(home.parents.get(id(function)))), cst.ClassDef)
        skip = 1 if is_method and not _is_static(function) else 0
        found = _into_function(trail, home, function, call, arg, skip, inside) or found
    for home, kind in trail.program.classes.get(name, ()):
        found = _into_class(trail, home, kind, call, arg, inside) or found
    return found


def _class_name(module: Module, call: cst.Call) -> str:
    """The class that `cls(...)` makes an object of in one of its methods."""
    kind = enclosing(module, call, cst.ClassDef)
    if isinstance(call.func, cst.Name) and call.func.value == "cls" and isinstance(kind, cst.ClassDef):
        return kind.name.value
    return ""


def _into_class(
    trail: Trail, module: Module, kind: cst.ClassDef, call: cst.Call, arg: cst.Arg, inside: bool
) -> bool:
    constructor = trail.program.constructor(kind)
    if constructor is not None:
        if trail.program.is_exception(kind):
            trail.raised.add(kind.name.value)
        return _into_function(trail, *constructor, call, arg, 1, inside)
    if trail.program.is_exception(kind):
        trail.end(End.SHOWN, module, call)
        trail.raised.add(kind.name.value)
        return True
    return _into_field(trail, kind, call, arg, inside)


def _into_field(trail: Trail, kind: cst.ClassDef, call: cst.Call, arg: cst.Arg, inside: bool) -> bool:
    """A field of a dataclass or model."""
    names = [
        small.target.value
        for statement in kind.body.body
        if isinstance(statement, cst.SimpleStatementLine)
        for small in statement.body
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name)
    ]
    if arg.keyword is not None:
        name = arg.keyword.value
    else:
        place = next(index for index, each in enumerate(call.args) if each is arg)
        name = names[place] if place < len(names) else ""
    if name not in names:
        return False
    linked = trail.linked([*trail.program.attributes.get(name, ())])
    for place_of in linked:
        trail.ahead(*place_of, inside)
    return bool(linked)


def _into_function(
    trail: Trail,
    module: Module,
    function: cst.FunctionDef,
    call: cst.Call,
    arg: cst.Arg,
    skip: int,
    inside: bool,
) -> bool:
    """Go on with the uses of the parameter that takes the argument; False when the flow saw none of them."""
    param = parameter_for(function, call, arg, skip)
    if param is None:
        return False
    gathered = inside or param in (function.params.star_arg, function.params.star_kwarg)
    uses: list[Place] = [
        (module, node)
        for node in walk(function.body)
        if isinstance(node, cst.Name) and node.value == param.name.value
    ]
    linked = uses if gathered else trail.linked(uses)
    for place in linked:
        trail.ahead(*place, gathered)
    return bool(linked) or (not uses and isinstance(call.func, cst.Name))


def _is_static(function: cst.FunctionDef) -> bool:
    return any(last_name(each.decorator) == "staticmethod" for each in function.decorators)
