"""Builds modules from text, locates nodes by their source, and applies a plan's edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery import Plan
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.trees import children, walk

Steps = Callable[[Plan, "Source"], None]


class Source:
    """One module under test, with its nodes by their code."""

    def __init__(self, text: str, name: str = "client") -> None:
        self.module = Module(Path("/project") / f"{name}.py", name, text)

    def find(self, code: str, kind: type[cst.CSTNode] | None = None, nth: int = 0) -> cst.CSTNode:
        """The nth node that is spelled so, in source order, outermost first."""
        found = []
        for node in walk(self.module.tree):
            if kind is not None and not isinstance(node, kind):
                continue
            if isinstance(node, (cst.Module, cst.BaseSuite, cst.SimpleWhitespace)):
                continue
            if _stripped(node, self.module) == code:
                found.append(node)
        found.sort(key=lambda node: self.module.location(node).start)
        assert len(found) > nth, f"{code!r} occurs {len(found)} times"
        return found[nth]

    def use(self, container: str, operand: str, nth: int = 0, kind: type[cst.CSTNode] | None = None) -> Use:
        """The operand in the innermost node that is spelled like `container` and holds it."""
        outer = self.find(container, kind)
        while True:
            smaller = [node for node in children(outer) if _stripped(node, self.module) == container]
            if not smaller or container == operand:
                break
            outer = smaller[0]
        inside = [node for node in walk(outer) if _stripped(node, self.module) == operand]
        inside.sort(key=lambda node: self.module.location(node).start)
        assert len(inside) > nth, f"{operand!r} occurs {len(inside)} times in {container!r}"
        return Use(self.module, outer, inside[nth])

    def call(self, code: str) -> cst.Call:
        node = self.find(code, cst.Call)
        assert isinstance(node, cst.Call)
        return node


def _stripped(node: cst.CSTNode, module: Module) -> str:
    if isinstance(node, (cst.Arg, cst.Element, cst.DictElement, cst.StarredDictElement)):
        node = node.with_changes(comma=cst.MaybeSentinel.DEFAULT)
    if isinstance(node, cst.BaseSmallStatement):
        node = node.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
    return module.tree.code_for_node(node).strip()


def outcome(text: str, steps: Steps, others: Mapping[str, str] | None = None, clean: bool = True) -> str:
    """The text after a plan with these steps."""
    return outcomes(text, steps, others, clean)["client"]


def outcomes(
    text: str, steps: Steps, others: Mapping[str, str] | None = None, clean: bool = True
) -> dict[str, str]:
    """All texts of a project after a plan with these steps on its module `client`."""
    source = Source(text)
    sources = {"client": source, **{name: Source(other, name) for name, other in (others or {}).items()}}
    plan = Plan(clean=clean)
    steps(plan, source)
    edits = plan.edits([each.module for each in sources.values()])
    result = {}
    for name, each in sources.items():
        own = [edit for edit in edits if edit.path == each.module.path]
        result[name] = applied(each.module.text, own)
        cst.parse_module(result[name])
    return result


def applied(text: str, edits: list[Edit]) -> str:
    """The text with these edits, which must not overlap."""
    end = len(text)
    for edit in sorted(edits, reverse=True):
        assert edit.start <= edit.end <= end
        text = text[: edit.start] + edit.replacement + text[edit.end :]
        end = edit.start
    return text
