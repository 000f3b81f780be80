"""Names and attributes: what a name means in its scopes, what an object, class, module or library has."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aurora_migrate.flow import (
    attributes,
    container_methods,
    containers,
    function_members,
    models,
    parts,
    protocols,
    text,
)
from aurora_migrate.flow.alternatives import choose, gap, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Cells, Scope
from aurora_migrate.flow.texts import text_method
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    Builtin,
    Choice,
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Items,
    Mapping,
    ModuleValue,
    Part,
    Sequence,
    Text,
    Unknown,
    Value,
    key_of,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_CONSTANTS: dict[str, Value] = {"None": Const(None), "True": Const(True), "False": Const(False)}
_BUILTINS = frozenset(dir(builtins))
SUPER = "builtins.super"
DISPATCHED_METHOD = "functools.singledispatchmethod"


def name(run: Interpreter, spelled: str, scope: Scope) -> Value:
    """What a name means here."""
    constant = _CONSTANTS.get(spelled)
    if constant is not None:
        return constant
    current: Scope | None = scope
    while current is not None:
        if current.parent is None or (spelled in current.names and spelled not in current.globals):
            value = run.heap.get(current.cells, spelled)
            if value is not None:
                return hinted(value, spelled)
            if current.parent is not None and spelled in current.names:
                return gap(spelled)
        current = current.parent
    if spelled == "__file__" or spelled == "__name__":
        return UNKNOWN
    if spelled in _BUILTINS:
        return External(f"builtins.{spelled}")
    star = _module_cells(scope).get("<star>")
    return External(f"{star.name}.{spelled}") if isinstance(star, External) else gap(spelled)


def _module_cells(scope: Scope) -> Cells:
    while scope.parent is not None:
        scope = scope.parent
    return scope.cells


def hinted(value: Value, spelled: str) -> Value:
    if type(value) is Unknown and spelled not in value.hints and len(value.hints) < 6:
        return Unknown((*value.hints, spelled), value.roots, default=value.default)
    return value


def attribute(run: Interpreter, value: Value, attr: str, scope: Scope) -> Value:
    """`value.attr`."""
    if isinstance(value, Choice):
        return choose([attribute(run, option, attr, scope) for option in value.options])
    if isinstance(value, Instance):
        return hinted(instance_attribute(run, value, attr, scope), attr)
    if isinstance(value, ModuleValue):
        return module_attribute(run, value, attr)
    if isinstance(value, ClassValue):
        return class_attribute(run, value, attr, value)
    if isinstance(value, External):
        return _external_attribute(run, f"{value.name}.{attr}")
    if isinstance(value, Text):
        return text_method(run, value, attr)
    if isinstance(value, Mapping):
        return container_methods.mapping_attribute(run, value, attr)
    if isinstance(value, Sequence):
        return run.heap.get(value.cells, f"<{attr}>") or container_methods.sequence_method(run, value, attr)
    if isinstance(value, (Function, Bound, Builtin)):
        return function_members.attribute(run, value, attr)
    if isinstance(value, Part):
        return parts.method(run, value, attr)
    if isinstance(value, Unknown):
        if value.default is not None and attr in ("strip", "lstrip", "rstrip"):
            return Builtin(attr, lambda args, node, scope: value)
        return Unknown((*value.hints, attr)[-6:], value.roots)
    return gap() if isinstance(value, Const) else UNKNOWN


def _external_attribute(run: Interpreter, dotted: str) -> Value:
    from aurora_migrate.flow import libraries

    replaced = run.heap.get(run.shared(libraries.REPLACED).cells, dotted)
    return replaced or libraries.constant(run, dotted) or External(dotted)


def module_attribute(run: Interpreter, value: ModuleValue, attr: str) -> Value:
    """A name of a module, or a submodule of a package."""
    scope = run.module_scope(value.module)
    found = run.heap.get(scope.cells, attr)
    if found is not None:
        return hinted(found, attr)
    submodule = run.modules.find(f"{value.module.name}.{attr}", value.module)
    if submodule is not None:
        return ModuleValue(submodule)
    getter = run.heap.get(scope.cells, "__getattr__")
    if isinstance(getter, Function):
        return run.call(getter, Args.of(text.plain(attr)), None, scope)
    return Unknown((attr,))


def resolution_order(kind: ClassValue) -> list[ClassValue | External]:
    """The class and its bases, nearest first, each once."""
    if kind.order is not None:
        return kind.order
    order: list[ClassValue | External] = [kind]
    for base in kind.bases:
        for found in options(base):
            if isinstance(found, ClassValue):
                for inner in resolution_order(found):
                    if inner in order:
                        order.remove(inner)
                    order.append(inner)
            elif isinstance(found, Builtin) and found.fields is not None:
                order.append(External("collections.namedtuple"))
            elif isinstance(found, External) and all(found.name != getattr(o, "name", None) for o in order):
                order.append(found)
    kind.order = order
    return order


def external_bases(kind: ClassValue) -> Iterator[str]:
    """The dotted names of the library classes that a class inherits from."""
    for found in resolution_order(kind):
        if isinstance(found, External):
            yield found.name


def find_in_class(
    run: Interpreter, kind: ClassValue, attr: str, after: ClassValue | None = None
) -> Value | None:
    """What a class or its bases define under a name; with `after`, only what comes behind that class."""
    order = resolution_order(kind)
    if after is not None:
        order = order[order.index(after) + 1 :] if after in order else []
    for found in order:
        if isinstance(found, ClassValue):
            value = run.heap.get(found.cells, attr)
            if value is not None:
                return value
    return None


def instance_attribute(run: Interpreter, value: Instance, attr: str, scope: Scope) -> Value:
    """An attribute of an object: its own, its class's, or that of the library class behind it."""
    if value.kind == SUPER:
        return _super_attribute(run, value, attr, scope)
    own = run.heap.get(value.cells, attr)
    if own is not None:
        return own
    if isinstance(value.kind, ClassValue):
        seen = run.heap.get(run.attribute_parts, (id(value.kind.node), attr))
        if seen is not None:
            return seen
        found = find_in_class(run, value.kind, attr)
        spread = attributes.value_of(run, value, attr)
        if spread is not None and models.instance_member(run, value, attr) is not None:
            spread = None
        if spread is not None and not isinstance(found, (Function, Bound, Builtin)):
            return choose([spread, *([found] if found is not None else [])])
        if found is not None:
            return bind(run, found, value, value.kind, scope)
        if attr == "__class__":
            return value.kind
        if attr == "__dict__":
            return attributes.own_dict(run, value)
        for base in external_bases(value.kind):
            member = _library_member(run, value, base, attr)
            if member is not None:
                return member
        getter = find_in_class(run, value.kind, "__getattr__")
        method = container_methods.of_object(run, value, attr)
        if method is not None and not (type(method) is Unknown and getter is not None):
            return method
        modelled = models.instance_member(run, value, attr)
        if modelled is not None:
            return modelled
        spelled = text.spelled_by(value)
        if spelled is not None:
            return attribute(run, spelled, attr, scope)
        if isinstance(getter, Function):
            return run.call(Bound(getter, (value,)), Args.of(text.plain(attr)), None, scope)
        if isinstance(getter, External):
            return run.call(getter, Args.of(value, text.plain(attr)), None, scope)
        return gap(value.kind.name, attr)
    member = _library_member(run, value, value.kind, attr)
    return member or attributes.value_of(run, value, attr) or gap(attr)


def _library_member(run: Interpreter, value: Instance, dotted: str, attr: str) -> Value | None:
    from aurora_migrate.flow import libraries

    return libraries.member(run, value, dotted, attr)


def _super_attribute(run: Interpreter, value: Instance, attr: str, scope: Scope) -> Value:
    receiver, owner = value.cells.get("receiver"), value.cells.get("owner")
    if not isinstance(owner, ClassValue) or receiver is None:
        return Unknown((attr,))
    kind = receiver.kind if isinstance(receiver, Instance) else receiver
    if not isinstance(kind, ClassValue):
        return Unknown((attr,))
    found = find_in_class(run, kind, attr, after=owner)
    if found is not None:
        return bind(run, found, receiver, kind, scope)
    if isinstance(receiver, Instance):
        for base in external_bases(kind):
            member = _library_member(run, receiver, base, attr)
            if member is not None:
                return member
        held = container_methods.of_object(run, receiver, attr)
        if held is not None:
            return held
    if attr == "__init__" or attr == "__init_subclass__":
        return Builtin("object.__init__", lambda args, node, where: _initialised(run, kind, receiver, args))
    if attr == "__new__":
        from aurora_migrate.flow.instances import allocated

        return Builtin("object.__new__", lambda args, node, where: allocated(run, kind, args, node, where))
    return Unknown((attr,))


def _initialised(run: Interpreter, kind: ClassValue, receiver: Value, args: Args) -> Value:
    """`super().__init__(...)`, where the base is outside the project: exceptions keep the arguments."""
    from aurora_migrate.flow import raising

    if isinstance(receiver, Instance):
        raising.keep_arguments(run, receiver, args)
    return note_base_texts(run, kind, args)


def note_base_texts(run: Interpreter, kind: ClassValue, args: Args) -> Value:
    """Note the texts that go to the constructor of a base outside the project."""
    for value in args.every():
        for found in iterate_texts(value):
            run.facts.base_texts.setdefault(id(kind.node), {}).setdefault(key_of(found), found)
    return Const(None)


def bind(run: Interpreter, found: Value, receiver: Value, kind: ClassValue, scope: Scope) -> Value:
    """A class attribute as an instance sees it: methods bound, properties read."""
    if isinstance(found, Choice):
        return choose([bind(run, option, receiver, kind, scope) for option in found.options])
    if isinstance(found, Function):
        if found.kind == "staticmethod":
            return found
        if found.kind == "classmethod":
            return Bound(found, (kind,))
        if found.kind == "property":
            return run.call(Bound(found, (receiver,)), Args(), None, scope)
        return Bound(found, (receiver,))
    if isinstance(found, Instance):
        if found.kind == "functools.partialmethod":
            return _partial_method(run, found, receiver)
        if found.kind == DISPATCHED_METHOD:
            return Bound(found, (receiver,))
        return protocols.described(run, found, receiver, kind, scope)
    return found


def _partial_method(run: Interpreter, found: Instance, receiver: Value) -> Value:
    held = run.heap.get(found.cells, "<call>")
    return Bound(held.function, (receiver, *held.args), held.keywords) if isinstance(held, Bound) else found


def class_attribute(run: Interpreter, kind: ClassValue, attr: str, receiver: Value) -> Value:
    """An attribute of a class object."""
    found = find_in_class(run, kind, attr)
    if isinstance(found, Function) and found.kind == "classmethod":
        return Bound(found, (receiver,))
    if found is not None:
        if isinstance(found, Instance) and not is_enum(kind):
            return protocols.described(run, found, Const(None), kind, kind.scope)
        return enum_member(run, kind, attr, found) if is_enum(kind) else found
    if attr == "__name__":
        return text.plain(kind.name)
    for modelled in (models.class_member(run, kind, attr), _made_by_library(run, kind, attr)):
        if modelled is not None:
            return modelled
    of_metaclass = protocols.of_metaclass(run, kind, attr)
    if of_metaclass is not None:
        return of_metaclass
    return Unknown((kind.name, attr))


def _made_by_library(run: Interpreter, kind: ClassValue, attr: str) -> Value | None:
    from aurora_migrate.flow.libraries import web

    return web.class_member(run, kind, attr)


def is_enum(kind: ClassValue) -> bool:
    """Whether a class is an enumeration."""
    return any(base.startswith("enum.") or base.endswith("TextChoices") for base in external_bases(kind))


def enum_member(run: Interpreter, kind: ClassValue, attr: str, value: Value) -> Value:
    """`Kind.MEMBER`: an object with a value and a name, made once; its constructor gets the value's parts."""
    if isinstance(value, (Function, Bound, Builtin, Instance)) or attr.startswith("_"):
        return value
    known = run.heap.get(kind.cells, f"<member>{attr}")
    if known is not None:
        return known
    member = run.new_instance(kind, None, None)
    run.heap.set(member.cells, "value", value)
    run.heap.set(member.cells, "_value_", value)
    run.heap.set(member.cells, "name", text.plain(attr))
    if isinstance(value, Text):
        run.heap.set(member.cells, "<text>", value)
    run.heap.set(kind.cells, f"<member>{attr}", member)
    constructor = find_in_class(run, kind, "__init__")
    if isinstance(constructor, Function):
        parts = run.items(value)[0].values if isinstance(value, Sequence) else (value,)
        run.call(Bound(constructor, (member,)), Args.of(*parts), None, kind.scope)
    return member


def enum_members(run: Interpreter, kind: ClassValue) -> list[Value]:
    """All members of an enumeration, in order."""
    names = [name for name in kind.cells if isinstance(name, str) and not name.startswith(("_", "<"))]
    found = [enum_member(run, kind, name, kind.cells[name]) for name in names]
    return [member for member in found if isinstance(member, Instance)]


def external_item(run: Interpreter, holder: External, index: Value) -> Value:
    """`os.environ["NAME"]` and subscripts of other library values: unknown, with the name as a hint."""
    names = tuple(spelled for spelled, _ in containers.key_names(index) if spelled is not None)
    if holder.name == "os.environ":
        from aurora_migrate.flow.libraries.stdlib_config import written

        return written(run, index) or Unknown(names or (holder.name,))
    if holder.name.startswith(("typing.", "builtins.", "collections.", "pydantic.")):
        return holder
    return Unknown(names or (holder.name,))


def awaited(run: Interpreter, value: Value) -> Value:
    """`await value`: coroutines are followed as what they return."""
    results: list[Value] = []
    for option in options(value):
        if isinstance(option, Instance) and option.kind == "concurrent.futures.Future":
            results.append(run.heap.get(option.cells, "<result>") or UNKNOWN)
        else:
            results.append(option)
    return choose(results)


def note_yields(run: Interpreter, scope: Scope, values: list[Value]) -> None:
    """Add to what the running generator yields."""
    home: Scope | None = scope
    while home is not None and "<yields>" not in home.cells:
        home = home.parent
    if home is None:
        return
    held = home.cells["<yields>"]
    known = [value for option in options(held) if isinstance(option, Items) for value in option.values]
    run.heap.set(home.cells, "<yields>", Items(tuple(options(choose([*known, *values]))), open=True))
