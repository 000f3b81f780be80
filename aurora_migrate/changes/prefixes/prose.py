"""Texts that are words for people, or patterns to look for: no values that a request could be made of."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.fields.names import constant_name, mentions
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name

_CALLS = frozenset(
    {
        "print",
        "log",
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "echo",
        "secho",
        "write",
        "format_help",
        "fail",
        "skip",
        "exit",
        "sub",
        "match",
        "search",
        "compile",
        "findall",
        "fullmatch",
        "startswith",
        "endswith",
        "replace",
        "removeprefix",
        "split",
        "count",
        "find",
        "index",
        "redirect",
        "Link",
    }
)
_ARGUMENTS = frozenset(
    {
        "help",
        "description",
        "epilog",
        "metavar",
        "title",
        "doc",
        "msg",
        "message",
        "reason",
        "match",
        "summary",
        "text",
        "label",
        "caption",
        "docs_url",
        "homepage",
        "url_text",
    }
)
_NAMES = (
    "doc",
    "help",
    "readme",
    "usage",
    "message",
    "msg",
    "comment",
    "note",
    "description",
    "banner",
    "pattern",
    "regex",
)


def takes_words(call: cst.Call) -> bool:
    """Whether a call shows its texts, or looks for them."""
    return dotted_name(call.func).rpartition(".")[2] in _CALLS and not isinstance(call.func, cst.Call)


def is_words(arg: cst.Arg) -> bool:
    """Whether an argument is a text for people by its name."""
    return arg.keyword is not None and arg.keyword.value in _ARGUMENTS


def names_words(assign: cst.Assign) -> bool:
    """Whether a variable is for such texts by its name."""
    names = [dotted_name(target.target).lower() for target in assign.targets]
    return any(word in name for name in names for word in _NAMES)


def is_only_shown(module: Module, node: cst.CSTNode) -> bool:
    """Whether a text is a constant that its module shows to people and does nothing else with."""
    target = constant_name(module.parents.get(id(node)), node)
    uses = [each for each in mentions(module, target.value) if each is not target] if target else []
    return bool(uses) and all(_is_shown(module, use) for use in uses)


def _is_shown(module: Module, use: cst.CSTNode) -> bool:
    arg = module.parents.get(id(use))
    call = module.parents.get(id(arg)) if isinstance(arg, cst.Arg) else None
    return isinstance(arg, cst.Arg) and (is_words(arg) or (isinstance(call, cst.Call) and takes_words(call)))
