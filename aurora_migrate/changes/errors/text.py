"""The code that takes the place of a look for an old error: the messages of the new list, joined."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import children, walk

_BODIES = ("body", "answer", "data", "response_body")
_ITEMS = ("item", "each", "entry", "one_error")


@dataclass(frozen=True, slots=True)
class Shape:
    """The new shape of an error: the list's key, the key that one example has instead, the message's key."""

    many: str
    one: str
    message: str

    @classmethod
    def of(cls, rule: Rule) -> Shape:
        """The shape that a rule tells of."""
        texts = rule.parameters
        return cls(texts.text("list-key"), texts.text("singular-key"), texts.text("message-key"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the old look did besides looking: how it met a missing key, what it fell back on."""

    strict: bool
    """Whether a missing key raises KeyError."""
    pops: bool = False
    default: str = ""
    """Source of what stands in for no error."""
    none_matters: bool = False
    """Whether the program asks for None."""
    tolerant: bool = False
    """Whether what stands under the old key may still be a text: it is left for the default."""
    empty_matters: bool = False
    """Whether an answer without an error comes by here."""


def joined(
    shape: Shape, module: Module, place: cst.CSTNode, receiver: cst.BaseExpression, want: Wanted
) -> str:
    """The expression for the messages of an answer, one text; the receiver is evaluated once."""
    text = f'"; ".join({messages_of(shape, module, place, receiver, want)})'
    if want.default:
        return f"{text} or {want.default}"
    return f"{text} or None" if want.none_matters else text


def listed(
    shape: Shape, module: Module, place: cst.CSTNode, receiver: cst.BaseExpression, want: Wanted
) -> str:
    """The expression for the list of the messages of an answer."""
    text = f"[{messages_of(shape, module, place, receiver, want)}]"
    return f"{text} or {want.default}" if want.default else text


def messages_of(
    shape: Shape,
    module: Module,
    place: cst.CSTNode,
    receiver: cst.BaseExpression,
    want: Wanted,
    text: str = "",
) -> str:
    """The inside of a comprehension over an answer's messages; `text` is what it makes of each."""
    source = module.tree.code_for_node(receiver.with_changes(lpar=[], rpar=[])).strip()
    if "#" in source and any(isinstance(each, cst.Comment) for each in walk(receiver)):
        raise Refused("a comment stands inside the expression")
    item = free_item(module, place)
    if is_plain(receiver):
        body, clause = source, ""
    else:
        body = free_body(module, place)
        clause = f"for {body} in [{source}] "
    said = text or f'{item}["{shape.message}"]'
    return f"{said} {clause}for {item} in {list_of(shape, body, want)}"


def free_body(module: Module, place: cst.CSTNode) -> str:
    """A name for a body that the function around a place does not use yet."""
    taken = _names_at(module, place)
    return next((name for name in _BODIES if name not in taken), _BODIES[0])


def free_item(module: Module, place: cst.CSTNode) -> str:
    """A name for one error of the list that the function around a place does not use yet."""
    taken = _names_at(module, place)
    return next((name for name in _ITEMS if name not in taken), _ITEMS[0])


def list_of(shape: Shape, body: str, want: Wanted) -> str:
    """The expression for the list of an answer's errors."""
    if want.pops:
        rest = f'{body}.pop("{shape.one}")' if want.strict else f'{body}.pop("{shape.one}", None) or []'
        return f'{body}.pop("{shape.many}", None) or {rest}'
    if want.tolerant:
        return f'{body}.get("{shape.many}") or []'
    if not want.strict:
        return f'{body}.get("{shape.many}") or {body}.get("{shape.one}") or []'
    empty = " or []" if want.empty_matters else ""
    return f'{body}.get("{shape.many}") or {body}["{shape.one}"]{empty}'


def is_plain(node: cst.BaseExpression) -> bool:
    """Whether an expression may be written twice: a name or an attribute of one."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def source_as_operand(module: Module, node: cst.BaseExpression) -> str:
    """An expression as an operand of `or`."""
    source = module.tree.code_for_node(node).strip()
    loose = isinstance(node, (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield)) and not node.lpar
    return f"({source})" if loose else source


def _names_at(module: Module, place: cst.CSTNode) -> set[str]:
    """The names of the function around a place that a new one would hide; comprehensions have their own."""
    stack: list[cst.CSTNode] = [enclosing(module, place, cst.FunctionDef, cst.Module) or module.tree]
    names: set[str] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Name):
            names.add(node.value)
        elif not isinstance(node, (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)):
            stack.extend(children(node))
    return names
