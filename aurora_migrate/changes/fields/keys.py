"""The expressions that give keys: of looks into answers, of looks into own mappings, of entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Look, Read
from aurora_migrate.flow.scopes import parameters, target_names
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry


def is_listed(read: Read | None, module: Module) -> bool:
    """Whether a test holds all keys of an object against a list that has the name: `set(sent) == {...}`."""
    return read is not None and read.form is Form.COMPARED and is_test_module(module)


def is_only_named(read: Read) -> bool:
    """Whether a test lists the key among all keys of an object, and says nothing of its value."""
    piece = read.piece
    if piece is None or piece.node is None or piece.module is None or not is_listed(read, read.module):
        return False
    return isinstance(piece.module.parents.get(id(piece.node)), cst.Element)


def refuse_order(module: Module, element: cst.Element, old: str, new: str) -> None:
    """Refuse where the keys are listed in the alphabet's order, and the new one comes elsewhere in it."""
    display = module.parents.get(id(element))
    if not isinstance(display, (cst.List, cst.Tuple)):
        return
    values = [each.value for each in display.elements]
    names = [string_value(value) if isinstance(value, cst.SimpleString) else "" for value in values]
    renamed = [new if name == old else name for name in names]
    if names == sorted(names) and renamed != sorted(renamed):
        raise Refused(f"the keys are listed in order there, and `{new}` comes elsewhere")


def key_of_read(read: Read) -> cst.CSTNode | None:
    """The expression that gives the key of a look into a response."""
    node = read.node
    if isinstance(node, cst.Subscript):
        part = node.slice[0].slice
        return part.value if isinstance(part, cst.Index) else None
    if isinstance(node, cst.Call) and node.args:
        return node.args[0].value
    if isinstance(node, cst.Comparison) and read.form is Form.IN:
        return node.left
    if isinstance(node, cst.Comparison):
        sides = [node.left, *(target.comparator for target in node.comparisons)]
        written = [*sides, *(each.value for side in sides for each in _elements(side))]
        return next((each for each in written if read.piece is not None and each is read.piece.node), None)
    if read.piece is not None and read.piece.node is not None:
        return read.piece.node
    return None


def _elements(node: cst.CSTNode) -> Sequence[cst.BaseElement]:
    """What a display of a list, tuple or set holds, that may be sorted or made a set of there."""
    if isinstance(node, cst.Call) and len(node.args) == 1:
        node = node.args[0].value
    return node.elements if isinstance(node, (cst.Set, cst.List, cst.Tuple)) else ()


def key_of_entry(entry: Entry) -> cst.CSTNode | None:
    """The expression that gives the key of an entry, where it was put into its mapping."""
    if not entry.uses:
        return None
    operand = entry.uses[-1].operand
    if isinstance(operand, cst.DictElement):
        return operand.key
    if isinstance(operand, cst.Assign) and len(operand.targets) == 1:
        return _index(operand.targets[0].target)
    if isinstance(operand, (cst.Tuple, cst.List)) and entry.key_piece is not None:
        keys = [_index(element.value) for element in operand.elements]
        return next((key for key in keys if key is entry.key_piece.node), None)
    if isinstance(operand, cst.Call) and operand.args:
        return operand.args[0].value
    return None


def _index(target: cst.BaseExpression) -> cst.CSTNode | None:
    if isinstance(target, cst.Subscript) and isinstance(target.slice[0].slice, cst.Index):
        return target.slice[0].slice.value
    return None


def key_of_look(look: Look) -> cst.CSTNode | None:
    """The expression that gives the key of a look into a mapping of the program's own."""
    node = look.node
    if isinstance(node, cst.Subscript):
        part = node.slice[0].slice
        return part.value if isinstance(part, cst.Index) else None
    if isinstance(node, cst.BinaryOperation) and look.piece is not None:
        return look.piece.node
    if isinstance(node, cst.Call) and node.args:
        return node.args[0].value
    if not isinstance(node, cst.Comparison):
        return None
    sides = [node.left, *(target.comparator for target in node.comparisons)]
    spelled = (side for side in sides if look.piece is not None and side is look.piece.node)
    return next(spelled, node.left)


def is_bound_once(module: Module, spelled: cst.CSTNode) -> bool:
    """Whether a key is named by something that is bound once, for the whole module."""
    if isinstance(spelled, cst.Attribute):
        return True
    if not isinstance(spelled, cst.Name):
        return False
    function = function_of(module, spelled)
    if function is not None and any(each.name.value == spelled.value for each in parameters(function.params)):
        return False
    around = function if function is not None else module.tree
    loops = [node.target for node in walk(around) if isinstance(node, (cst.For, cst.CompFor))]
    bound = [node.target for node in walk(around) if isinstance(node, cst.AssignTarget)]
    return not _names_it(loops, spelled) and _names_it(bound, spelled) <= (function is None)


def _names_it(targets: Iterable[cst.BaseExpression], spelled: cst.Name) -> int:
    """How often these targets bind the name."""
    return sum(spelled.value in set(target_names(target)) for target in targets)
