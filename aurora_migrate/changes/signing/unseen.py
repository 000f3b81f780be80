"""Signings whose requests nobody sees: handed to code that is not followed, or never seen to be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.signing import signatures
from aurora_migrate.changes.signing.ways import Signing, modules_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.facts import HandedOver
from aurora_migrate.flow.literals import part_value, string_value


def handed_over(context: Context, rule: Rule, condemned: Condemned) -> Iterator[Finding]:
    """Signatures that go to code which nobody can see: another library, a shell."""
    keys = rule.parameters.texts("query-keys")
    seen: set[int] = set()
    sent = {id(request.node) for request in context.facts.requests.values()}
    for handed in context.facts.handed.values():
        carried = signatures.of_request(handed.as_request(), keys)
        has_key = any(keys[0] in found.names for found in carried)
        if id(handed.node) in seen or id(handed.node) in sent or not has_key or _is_word(handed, keys[0]):
            continue
        seen.add(id(handed.node))
        for found in carried:
            condemned.see(found.parts, ())
        yield manual(
            rule,
            handed.module.location(handed.node),
            Certainty.PROVEN,
            f"the signature goes to `{handed.name}`, which is not followed",
            (),
            source_of(handed.module, handed.node),
            context.settings.auth.token,
        )


def _is_word(handed: HandedOver, key: str) -> bool:
    """Whether the text is the key's name and no more, as one looks for it to hide what follows."""
    literal = handed.url.literal if handed.entries is None else None
    return literal is not None and literal.strip("?&= ") == key


def unseen(context: Context, rule: Rule, signings: Sequence[Signing]) -> Iterator[Finding]:
    """Modules that speak of the signature's key though no signed request was seen: by hand."""
    keys = rule.parameters.texts("query-keys")
    touched = {id(module) for signing in signings for module in modules_of(signing)}
    for module in context.modules:
        if keys[0] not in module.text or id(module) in touched:
            continue
        visitor = _KeyVisitor(keys[0])
        module.tree.visit(visitor)
        if visitor.found is None or not visitor.signs:
            continue
        yield manual(
            rule,
            module.location(visitor.found),
            Certainty.PROVEN,
            "no request was seen that it signs",
            (),
            source_of(module, visitor.found),
            context.settings.auth.token,
        )


class _KeyVisitor(cst.CSTVisitor):
    """Finds the first string that names the signature's key and is no docstring."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.found: cst.CSTNode | None = None
        self.signs = False

    def visit_Name(self, node: cst.Name) -> None:
        self.signs = self.signs or "hmac" in node.value.lower()

    def visit_Expr(self, node: cst.Expr) -> bool:
        return not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._look(node, string_value(node))

    def visit_FormattedStringText(self, node: cst.FormattedStringText) -> None:
        self._look(node, part_value(node, ""))

    def _look(self, node: cst.CSTNode, value: str) -> None:
        if self.found is None and (value == self.key or f"{self.key}=" in value):
            self.found = node
