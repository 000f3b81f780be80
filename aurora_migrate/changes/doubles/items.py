"""Answers for the items of a recorded list, one by one: a loop above the call that registers the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import libcst as cst

from aurora_migrate.changes.moved.sites import free_name
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow import text
from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.doubles import Double
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

_BODIES = frozenset({"json", "payload"})
_DROPPED = frozenset({"match", "name"})
"""What says more of the list's request than that it is a call of this URL."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the list and an item are wrapped in, and the key of an item's id."""

    listed: str
    item: str
    key: str


def is_strict(double: Double) -> bool:
    """Whether a test fails, by default, when something that was registered is not asked for."""
    call = double.node
    if double.library == "responses":
        return not isinstance(call, cst.Call) or not (dotted(call.func) or "").startswith("responses.")
    return double.library not in ("requests_mock", "aioresponses")


def answer_items(plan: Plan, double: Double, names: Names) -> None:
    """Plan the loop. Raises Refused where the list is not registered by a call of its own."""
    call, module = double.node, double.module
    if not isinstance(call, cst.Call) or double.url is None or double.pattern:
        raise Refused("it is not registered under a URL that is written out")
    if "?" in text.characters(double.url):
        raise Refused("it is registered with a query")
    statement, whole = _statement(module, call)
    items, body = _items(plan, module, statement, whole, names)
    item = free_name(module, statement, "item")
    made = _replaced(call, url_argument(double), lambda url: _with_id(module, url, item, names.key))
    args = [arg for arg in made.args if arg.star != "**" and not _is_named(arg, _DROPPED)]
    made = _on_one_line(made.with_changes(args=args))
    body_of_item = cst.parse_expression(f'{{"{names.item}": {item}}}')
    new = made if whole is call else cast(cst.BaseExpression, whole.deep_replace(call, made))
    new = cast(cst.BaseExpression, new.deep_replace(body, body_of_item))
    source = module.tree.code_for_node(new).strip()
    plan.insert_before(module, statement, f"for {item} in {items}:\n    {source}")


def url_argument(double: Double) -> cst.Arg | None:
    """The argument that gives the URL of a registration."""
    nodes = {id(piece.node) for piece in double.url.pieces if piece.node} if double.url is not None else set()
    call = double.node
    for arg in call.args if isinstance(call, cst.Call) else ():
        if _is_named(arg, _BODIES) or arg.star:
            continue
        for node in walk(arg.value):
            constant = isinstance(node, cst.Name) and node.value.isupper() and not _is_verb(node)
            if id(node) in nodes or constant:
                return arg
    return None


def body_keyword(call: cst.Call) -> str:
    """The keyword by which a registration gives its JSON body."""
    named = (arg.keyword.value for arg in call.args if arg.keyword is not None and _is_named(arg, _BODIES))
    return next(named, "json")


def _is_verb(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value in ("GET", "POST", "PUT", "PATCH", "DELETE")


def _is_named(arg: cst.Arg, names: frozenset[str]) -> bool:
    return arg.keyword is not None and arg.keyword.value in names


def _replaced(
    call: cst.Call, arg: cst.Arg | None, new: Callable[[cst.BaseExpression], cst.BaseExpression]
) -> cst.Call:
    if arg is None:
        raise Refused("where its URL is written was not found")
    args = [each.with_changes(value=new(each.value)) if each is arg else each for each in call.args]
    return call.with_changes(args=args)


def _on_one_line(call: cst.Call) -> cst.Call:
    """A call without the layout that its own place gave it."""
    plain = cst.SimpleWhitespace("")
    last = len(call.args) - 1
    args = [
        arg.with_changes(
            whitespace_after_arg=plain,
            comma=cst.MaybeSentinel.DEFAULT
            if index == last
            else cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")),
        )
        for index, arg in enumerate(call.args)
    ]
    return call.with_changes(args=args, whitespace_before_args=plain)


def _statement(module: Module, call: cst.Call) -> tuple[cst.BaseSmallStatement, cst.BaseExpression]:
    """The statement that does nothing but register, with its expression."""
    for node in ancestors(module, call):
        if isinstance(node, (cst.Expr, cst.Return, cst.Assign)) and node.value is not None:
            return node, node.value
        if not isinstance(node, (cst.Call, cst.Attribute)):
            break
    raise Refused("it is registered in the middle of something else")


def _items(
    plan: Plan,
    module: Module,
    statement: cst.BaseSmallStatement,
    whole: cst.BaseExpression,
    names: Names,
) -> tuple[str, cst.BaseExpression]:
    """The source of the items, and the expression of the body that they are in."""
    for node in walk(whole):
        if isinstance(node, cst.Dict) and len(node.elements) == 1:
            element = node.elements[0]
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and string_value(key) == names.listed:
                return _again(plan, module, statement, element.value, names.listed), node
        if isinstance(node, cst.Arg) and _is_named(node, _BODIES) and dotted(node.value) is not None:
            return f'{module.tree.code_for_node(node.value)}["{names.listed}"]', node.value
    raise Refused("what it answers is not written where it is registered")


def _again(
    plan: Plan, module: Module, statement: cst.BaseSmallStatement, value: cst.BaseExpression, listed: str
) -> str:
    """The source of a list that can be gone through before it is answered; it gets a name if it has none."""
    if isinstance(value, cst.Call) and dotted(value.func) == "list" and len(value.args) == 1:
        value = value.args[0].value
    source = module.tree.code_for_node(value).strip()
    if not any(isinstance(each, (cst.Call, cst.Await, cst.CompFor, cst.Dict)) for each in walk(value)):
        return source
    if any(isinstance(each, (cst.Await, cst.NamedExpr)) for each in walk(value)):
        raise Refused("its items are made where it is registered")
    name = free_name(module, statement, listed)
    plan.insert_before(module, statement, f"{name} = {source}")
    plan.replace(module, value, name)
    plan.moved(module, value)
    return name


def _with_id(module: Module, url: cst.BaseExpression, item: str, key: str) -> cst.BaseExpression:
    """The URL of the list, with the id of an item behind it."""
    if isinstance(url, cst.FormattedString):
        inner = "'" if '"' in url.end else '"'
        more = cst.parse_expression(f"f{url.end}/{{{item}[{inner}{key}{inner}]}}{url.end}")
        assert isinstance(more, cst.FormattedString)
        return url.with_changes(parts=[*url.parts, *more.parts])
    if isinstance(url, cst.SimpleString) and not url.prefix and not set("{}") & set(url.raw_value):
        inner = "'" if '"' in url.quote else '"'
        return cst.parse_expression(f"f{url.quote}{url.raw_value}/{{{item}[{inner}{key}{inner}]}}{url.quote}")
    if isinstance(url, cst.BinaryOperation) and isinstance(url.right, cst.SimpleString):
        last = url.right
        slash = last.with_changes(value=f"{last.prefix}{last.quote}{last.raw_value}/{last.quote}")
        source = module.tree.code_for_node(url.with_changes(right=slash))
        return cst.parse_expression(f'{source} + {item}["{key}"]')
    if isinstance(url, (cst.Name, cst.Attribute, cst.BinaryOperation, cst.Call)):
        source = module.tree.code_for_node(url)
        return cst.parse_expression(f'{source} + "/" + {item}["{key}"]')
    raise Refused("its URL is put together in a way that leaves no place for an id")
