"""Look-ups by computed names: `getattr(self, "do_" + name)`, `globals()[name]` reach what no name spells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.tree import dotted

_NAMESPACES = frozenset({"globals", "locals", "vars"})
_RUNNERS = frozenset({"eval", "exec"})
_GETTERS = frozenset(
    {"getattr", "attrgetter", "methodcaller", "operator.attrgetter", "operator.methodcaller"}
)
_FOREIGN = re.compile(
    r"(?i)_*(\w*session|https?|http_?client|requests?|httpx|conn\w*|resp\w*|logg?er|log|logging)\Z"
)
"""Objects of other libraries by their usual names: `getattr(self.session, method)`."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A look-up whose name is computed; `owner` is the object's dotted name, "" for the module itself."""

    owner: str
    prefix: str
    """The literal beginning of the name, "" when nothing is known."""


def lookups_of(node: cst.Call | cst.Subscript, keyed: set[int]) -> Iterator[Lookup]:
    """What an expression looks up by a computed name; `keyed` gets a `globals()` asked for one entry."""
    asked = _asked(node)
    if asked is not None:
        space, key = asked
        keyed.add(id(space))
        if not isinstance(key, cst.SimpleString):
            yield Lookup(_namespace(space) or "", literal_start(key))
    if not isinstance(node, cst.Call):
        return
    name = dotted(node.func) or ""
    if name in _RUNNERS and node.args and not isinstance(node.args[0].value, cst.SimpleString):
        yield Lookup("", "")
    elif _namespace(node) is not None and id(node) not in keyed:
        yield Lookup(_namespace(node) or "", "")
    elif name in _GETTERS:
        at = 1 if name == "getattr" else 0
        if len(node.args) > at and not isinstance(key := node.args[at].value, cst.SimpleString):
            owner = _owner(node.args[0].value) if at else "?"
            if not _FOREIGN.match(owner.split(".")[-1]):
                yield Lookup(owner, literal_start(key))


def _namespace(call: cst.Call) -> str | None:
    """Whose names `globals()`, `vars()` or `vars(self)` holds: "" for the module's; None for others."""
    if not isinstance(call.func, cst.Name) or call.func.value not in _NAMESPACES:
        return None
    owner = _owner(call.args[0].value) if call.args else ""
    return owner if owner in ("", "self", "cls") else None


def _asked(node: cst.Call | cst.Subscript) -> tuple[cst.Call, cst.BaseExpression] | None:
    """`globals()` and the key in `globals()[key]` or `globals().get(key)`."""
    if isinstance(node, cst.Subscript):
        index = node.slice[0].slice
        space: cst.CSTNode = node.value
        key = index.value if isinstance(index, cst.Index) else None
    else:
        func = node.func
        if not isinstance(func, cst.Attribute) or func.attr.value not in ("get", "pop", "__getitem__"):
            return None
        space, key = func.value, node.args[0].value if node.args else None
    if key is None or not isinstance(space, cst.Call) or _namespace(space) is None:
        return None
    return space, key


def _owner(node: cst.BaseExpression) -> str:
    """`sys.modules[__name__]` is the module itself; what has no name is anything."""
    if isinstance(node, cst.Subscript) and dotted(node.value) in ("sys.modules", "modules"):
        return ""
    if isinstance(node, cst.Call) and dotted(node.func) in ("type", "super") and len(node.args) < 2:
        return "self"
    if isinstance(node, cst.Attribute) and dotted(node) in ("self.__class__", "cls.__class__"):
        return "self"
    return dotted(node) or "?"


def literal_start(node: cst.BaseExpression) -> str:
    """The text that a computed name begins with, as far as it is written out."""
    while isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Modulo)):
        if isinstance(node.operator, cst.Modulo):
            return _plain(node.left).split("%")[0]
        node = node.left
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "format"
    ):
        return _plain(node.func.value).split("{")[0]
    if isinstance(node, cst.FormattedString):
        first = node.parts[0] if node.parts else None
        return first.value if isinstance(first, cst.FormattedStringText) else ""
    return _plain(node)


def _plain(node: cst.BaseExpression) -> str:
    if not isinstance(node, cst.SimpleString):
        return ""
    value = node.evaluated_value
    return value if isinstance(value, str) else ""
