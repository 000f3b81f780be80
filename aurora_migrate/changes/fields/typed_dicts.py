"""Typed dicts that describe an answer: a key that nothing looks for any more gets its new name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice.answers import Answers
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.around import enclosing, last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.strangers import is_of_caller
from aurora_migrate.flow.trees import walk


def find(context: Context, rule: Rule, old: str, new: str) -> Iterator[Finding]:
    """The declarations of an old key, once the code that looks for it has the new one.

    What has such a type can only be looked into by its keys: where no code spells the old one, and an answer
    is said to be of that type, the declaration is all that is left of it.
    """
    if not new:
        return
    declared = list(_declarations(context, old))
    if not declared or _is_looked_for(context, old, {kind.name.value for _, kind, _ in declared}):
        return
    ours, others = _parts(context, rule)
    for module, kind, place in declared:
        described = _described(context, kind.name.value)
        if not described & ours or described & others:
            continue
        location, subject = module.location(place.target), source_of(module, place.target)
        names = {"old": old, "new": new}
        if any(isinstance(each, cst.SimpleString) for each in walk(place.annotation)):
            reason = "its type lists the old values"
            found = manual(rule, location, Certainty.PROVEN, reason, (), subject, **names)
        else:
            plan = Plan(clean=False)
            assert isinstance(place.target, cst.Name)
            plan.rename(module, place.target, new)
            edits = carried_out(plan, context.modules)
            found = fixable(rule, location, Certainty.PROVEN, edits, (), subject, **names)
        yield replace(found, follows=True)


def _declarations(context: Context, old: str) -> Iterator[tuple[Module, cst.ClassDef, cst.AnnAssign]]:
    for module in context.modules:
        for name in module.identifiers.get(old, ()):
            place = module.parents.get(id(name))
            kind = enclosing(module, name, cst.ClassDef, cst.FunctionDef)
            if not isinstance(place, cst.AnnAssign) or place.target is not name:
                continue
            if isinstance(kind, cst.ClassDef) and any(last_name(b.value) == "TypedDict" for b in kind.bases):
                yield module, kind, place


def _is_looked_for(context: Context, old: str, kinds: set[str]) -> bool:
    """Whether some code still spells the key, to look for it or to put it into such a dict."""
    made = {*kinds, "dict"}
    for module in context.modules:
        for node in walk(module.tree):
            if isinstance(node, cst.SimpleString) and string_value(node) == old:
                return True
            keywords = node.args if isinstance(node, cst.Call) and last_name(node.func) in made else ()
            if any(arg.keyword is not None and arg.keyword.value == old for arg in keywords):
                return True
    return any(
        read.name == old and context.ties.of(request) is not None
        for read in context.facts.reads.values()
        for request in read.part.origin.requests
    )


def _parts(context: Context, rule: Rule) -> tuple[set[int], set[int]]:
    """The expressions that are such an object of an answer, and those that are parts of any other answer."""
    wrappers = {endpoint.response_wrapper for endpoint in context.catalogue.endpoints_of(rule)}
    answers = Answers(context, rule)
    ours: set[int] = set()
    others: set[int] = set()
    for key, nodes in context.facts.part_nodes.items():
        part = context.facts.parts[key]
        mine = len(part.path) == 1 and part.path[0] in wrappers and answers.are_ours(part)
        if mine or not is_of_caller(part):
            (ours if mine else others).update(nodes)
    return ours, others


def _described(context: Context, kind: str) -> set[int]:
    """The expressions that annotations say to be of a class: results, what parameters and variables hold."""
    found: set[int] = set()
    for module in context.modules:
        for name in mentions(module, kind):
            annotation = enclosing(module, name, cst.Annotation)
            if not isinstance(annotation, cst.Annotation) or not _is_bare(annotation.annotation, name):
                continue
            found.update(_annotated(module, annotation))
    return found


def _is_bare(annotation: cst.BaseExpression, name: cst.Name) -> bool:
    """`User`, `User | None`, `Optional[User]`."""
    if isinstance(annotation, cst.BinaryOperation):
        return _is_bare(annotation.left, name) or _is_bare(annotation.right, name)
    if isinstance(annotation, cst.Subscript):
        inner = annotation.slice[0].slice
        optional = last_name(annotation.value) == "Optional" and isinstance(inner, cst.Index)
        return optional and isinstance(inner, cst.Index) and _is_bare(inner.value, name)
    return annotation is name or (isinstance(annotation, cst.Attribute) and annotation.attr is name)


def _annotated(module: Module, annotation: cst.Annotation) -> Iterator[int]:
    holder = module.parents.get(id(annotation))
    if isinstance(holder, cst.FunctionDef):
        for node in walk(holder.body):
            if isinstance(node, cst.Return) and node.value is not None:
                yield id(node.value)
    elif isinstance(holder, cst.Param):
        function = enclosing(module, holder, cst.FunctionDef)
        for node in walk(function) if function is not None else ():
            if isinstance(node, cst.Name) and node.value == holder.name.value:
                yield id(node)
    elif isinstance(holder, cst.AnnAssign) and holder.value is not None:
        yield id(holder.value)
