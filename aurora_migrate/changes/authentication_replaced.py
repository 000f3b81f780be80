"""Kind authentication-replaced: signature parameters leave the query, a token goes into a header, dead code goes too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes import signatures
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.headers import Header, HeaderPlacer
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.signatures import Carried, Part
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import distinct
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Finding, TraceStep
from aurora_migrate.flow.facts import Request, RequestChange
from aurora_migrate.flow.literals import part_value, string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.text import characters
from aurora_migrate.flow.values import PARAMETER, Entry, Piece, Unknown, Use


@dataclass(slots=True)
class Signing:
    """One way of signing: the parts of requests that it makes, and the requests and changes that carry them."""

    parts: list[Part] = field(default_factory=list)
    separators: list[Piece] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    changes: list[RequestChange] = field(default_factory=list)


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every signing, with the calls that it signs."""
    finder = _Finder(context, rule)
    yield from finder.findings()


class _Finder:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.context = context
        self.rule = rule
        self.keys = rule.parameters.texts("query-keys")
        self.condemned = Condemned()
        self.header = _header(context, rule)
        self.signings: list[Signing] = []
        self.signed: list[Request] = []

    def findings(self) -> Iterator[Finding]:
        dual = self._calls_with_both()
        for request in self.context.facts.requests.values():
            carried = signatures.of_request(request, self.keys)
            if self._is_signed(request, carried) and id(request.node) not in dual:
                self.signed.append(request)
                self._add(carried).requests.append(request)
            elif not self._is_artefact(request, carried):
                self._see(carried)
        for change in self.context.facts.changes.values():
            carried = signatures.of_change(change, self.keys)
            if self._has_key(carried):
                self._add(carried).changes.append(change)
            else:
                self._see(carried)
        handed = list(self._handed_over())
        placer = HeaderPlacer(self.context.facts, self.signed, self.header, self.context.modules)
        for signing in self.signings:
            yield self._finding(signing, placer)
        yield from handed
        yield from self._unseen(placer)

    # -- what is signed

    def _has_key(self, carried: Sequence[Carried]) -> bool:
        return any(self.keys[0] in found.names for found in carried)

    def _is_signed(self, request: Request, carried: Sequence[Carried]) -> bool:
        owner = self.context.targets.of(request.url).owner
        if owner is Owner.OTHER:
            return False
        if self._has_key(carried):
            return True
        return owner is Owner.AURORA and any(found.names for found in carried)

    def _is_artefact(self, request: Request, carried: Sequence[Carried]) -> bool:
        """A signature on another vendor's URL that only an exploration put together."""
        return request.explored and self._has_key(carried)

    def _calls_with_both(self) -> set[int]:
        """Calls that by some setting send a token instead: the program knows both, and nobody was seen to sign."""
        token: set[int] = set()
        signed: set[int] = set()
        name = self.rule.parameters.text("header").lower()
        for request in self.context.facts.requests.values():
            if self._is_signed(request, signatures.of_request(request, self.keys)):
                if not request.explored:
                    signed.add(id(request.node))
                continue
            for role in (request.roles.get("headers"), request.client_roles.get("headers")):
                for entry in role.entries.items if role is not None and role.entries is not None else ():
                    if (entry.name or "").lower() == name:
                        token.add(id(request.node))
        return token - signed

    def _see(self, carried: Sequence[Carried]) -> None:
        for found in carried:
            self.condemned.see(found.parts, ())

    def _add(self, carried: Sequence[Carried]) -> Signing:
        parts = [part for found in carried for part in found.condemned]
        for found in carried:
            self.condemned.see(found.parts, found.doomed, found.promoted)
            if found.open:
                self.condemned.keep_open(found.parts)
        keys = {_identity(part) for part in parts}
        mine = [each for each in self.signings if any(_identity(part) in keys for part in each.parts)]
        merged = mine[0] if mine else Signing()
        for other in mine[1:]:
            merged.parts.extend(other.parts)
            merged.separators.extend(other.separators)
            merged.requests.extend(other.requests)
            merged.changes.extend(other.changes)
            self.signings.remove(other)
        merged.parts.extend(parts)
        merged.separators.extend(piece for found in carried for piece in found.separators)
        if not mine:
            self.signings.append(merged)
        return merged

    # -- one signing

    def _finding(self, signing: Signing, placer: HeaderPlacer) -> Finding:
        module, node = self._anchor(signing)
        location, subject = module.location(node), source_of(module, node)
        trace = self._trace(signing)
        try:
            edits = carried_out(self._planned(signing, placer), self.context.modules)
        except Refused as refused:
            token = self.context.settings.auth.token
            return manual(self.rule, location, Certainty.PROVEN, str(refused), trace, subject, token)
        return fixable(self.rule, location, Certainty.PROVEN, edits, trace, subject)

    def _planned(self, signing: Signing, placer: HeaderPlacer) -> Plan:
        plan = Plan()
        calls: dict[int, list[Request]] = {}
        for request in signing.requests:
            calls.setdefault(id(request.node), []).append(request)
        changed = {
            _identity(part)
            for c in signing.changes
            for f in signatures.of_change(c, self.keys)
            for part in f.condemned
        }
        for requests in calls.values():
            by_hand = [r for r in requests if not self._is_changed(r, changed)]
            if by_hand:
                placer.place(plan, by_hand, self._stored(by_hand))
        replaced = self._change_requests(plan, signing)
        self.condemned.take_out(plan, signing.parts, replaced)
        self.condemned.promote(plan, signing.separators)
        return plan

    def _stored(self, requests: Sequence[Request]) -> list[tuple[Use, ...]]:
        """The uses by which the signature got into these requests."""
        carried = [found for request in requests for found in signatures.of_request(request, self.keys)]
        return [part.uses for found in carried for part in found.condemned]

    def _is_changed(self, request: Request, changed: set[object]) -> bool:
        """Whether a request gets its signature by a change made to it, where the token is set instead."""
        parts = [part for found in signatures.of_request(request, self.keys) for part in found.condemned]
        return bool(changed) and all(_identity(part) in changed for part in parts)

    def _change_requests(self, plan: Plan, signing: Signing) -> set[int]:
        """Set the header where requests are changed; returns the changing statements that go altogether."""
        gone: set[int] = set()
        by_node: dict[int, list[RequestChange]] = {}
        for change in signing.changes:
            by_node.setdefault(id(change.node), []).append(change)
        for changes in by_node.values():
            first = changes[0]
            if first.receiver is None:
                raise Refused("the request that it signs has no name here")
            statement = _statement(first.module, first.node)
            receiver = first.module.tree.code_for_node(first.receiver).strip()
            set_header = f'{receiver}.headers["{self.header.name}"] = {self.header.value}'
            if all(self._only_signs(change) for change in changes):
                plan.insert_before(first.module, statement, set_header)
                plan.remove_statement(first.module, statement)
                gone.add(id(first.node))
                self._drop_separators(plan, first)
            else:
                plan.insert_after(first.module, statement, set_header)
            if self.header.import_:
                plan.add_import(first.module, self.header.import_)
        return gone

    def _only_signs(self, change: RequestChange) -> bool:
        """Whether nothing but the signature and the request's own URL is in the new URL."""
        before = {_bare(piece) for piece in (change.before.pieces if change.before is not None else ())}
        for found in signatures.of_change(change, self.keys):
            if found.open:
                return False
            for index, part in enumerate(found.parts):
                if index in found.doomed:
                    continue
                if isinstance(part, Entry) or not _is_own(part, before):
                    return False
        return True

    def _drop_separators(self, plan: Plan, signing: RequestChange) -> None:
        """`request.url += "?"` that only made room for the signature goes with it."""
        function = signing.stack[-1].node if signing.stack else None
        seen: set[int] = set()
        for change in self.context.facts.changes.values():
            if change.node is signing.node or not change.stack or change.stack[-1].node is not function:
                continue
            if id(change.node) in seen or change.url is None or change.before is None:
                continue
            added = characters(change.url)[len(characters(change.before)) :] if _one(change) else ""
            if added in ("?", "&"):
                seen.add(id(change.node))
                plan.remove_statement(change.module, _statement(change.module, change.node))

    # -- words

    def _anchor(self, signing: Signing) -> tuple[Module, cst.CSTNode]:
        """The call that computes the signature, where it is found near the signed parts; else the part itself."""
        first = _place(signing)
        function = _enclosing_function(*first)
        for place in (function, first[0].tree):
            found = _mac_call(place) if place is not None else None
            if found is not None:
                return first[0], found
        return first

    def _trace(self, signing: Signing) -> tuple[TraceStep, ...]:
        steps: list[TraceStep] = []
        for request in signing.requests:
            method = f"{request.method} " if request.method else ""
            where = request.module.location(request.node)
            steps.append(TraceStep(where, f"{method}request with {request.library} signed at"))
            for (module, node), step in zip(request.callers, request.stack, strict=False):
                if node is not None and not request.explored:
                    steps.append(TraceStep(module.location(node), f"called as {step.name} at"))
        for change in signing.changes:
            steps.append(TraceStep(change.module.location(change.node), "signed request changed at"))
        return distinct(steps)

    def _handed_over(self) -> Iterator[Finding]:
        """Signatures that go to code which nobody can see: another library, a shell."""
        seen: set[int] = set()
        sent = {id(request.node) for request in self.context.facts.requests.values()}
        for handed in self.context.facts.handed.values():
            carried = signatures.of_request(handed.as_request(), self.keys)
            if id(handed.node) in seen or id(handed.node) in sent or not self._has_key(carried):
                continue
            seen.add(id(handed.node))
            for found in carried:
                self.condemned.see(found.parts, ())
            yield manual(
                self.rule,
                handed.module.location(handed.node),
                Certainty.PROVEN,
                f"the signature goes to `{handed.name}`, which is not followed",
                (),
                source_of(handed.module, handed.node),
                self.context.settings.auth.token,
            )

    def _unseen(self, placer: HeaderPlacer) -> Iterator[Finding]:
        """Modules that speak of the signature's key though no signed request was seen: for the user's hands."""
        if not self._unauthenticated(placer):
            return
        touched = {id(module) for signing in self.signings for module in _modules_of(signing)}
        for module in self.context.modules:
            if self.keys[0] not in module.text or id(module) in touched:
                continue
            visitor = _KeyVisitor(self.keys[0])
            module.tree.visit(visitor)
            if visitor.found is None or not visitor.signs:
                continue
            yield manual(
                self.rule,
                module.location(visitor.found),
                Certainty.PROVEN,
                "no request was seen that it signs",
                (),
                source_of(module, visitor.found),
                self.context.settings.auth.token,
            )

    def _unauthenticated(self, placer: HeaderPlacer) -> bool:
        """Whether some request to Aurora has neither signature nor token, or none was seen at all."""
        if self.header.name.lower() in self.context.facts.set_on_requests:
            return False
        signed = {id(request) for request in self.signed}
        ours = [
            request
            for request in self.context.facts.requests.values()
            if self.context.targets.of(request.url).owner is Owner.AURORA and not request.preliminary
        ]
        return not ours or not all(
            id(request) in signed
            or placer.has_header(request)
            or "auth" in {**request.roles, **request.client_roles}
            for request in ours
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


def _header(context: Context, rule: Rule) -> Header:
    auth = context.settings.auth
    token = auth.token
    if not isinstance(cst.parse_expression(token), (cst.Name, cst.Attribute, cst.Subscript, cst.Call)):
        token = f"({token})"
    scheme = rule.parameters.text("scheme")
    return Header(rule.parameters.text("header"), f'"{scheme}" + {token}', auth.import_, scheme)


def _identity(part: Part) -> object:
    """The same for all requests that a part is signed by: the node that puts it there."""
    if isinstance(part, Entry):
        return ("entry", part.name, part.uses[-1].key if part.uses else None)
    if part.node is not None:
        return ("piece", id(part.node), part.start)
    return ("hole", tuple(use.key for use in part.uses[-1:]) or id(part))


def _bare(piece: Piece) -> object:
    return (piece.text, id(piece.node), piece.start) if piece.text is not None else "hole"


def _is_own(piece: Piece, before: set[object]) -> bool:
    """Whether a piece is of the request's own URL, or a separator."""
    if piece.text is not None:
        return piece.text.strip("?&/:") == "" or _bare(piece) in before or piece.node is None
    derived = isinstance(piece.hole, Unknown) and any(root != PARAMETER for root in piece.hole.roots)
    return derived or _bare(piece) in before


def _one(change: RequestChange) -> bool:
    return (
        change.url is not None
        and change.before is not None
        and characters(change.url).startswith(characters(change.before))
    )


def _statement(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    """The line that a node stands on, or the small statement in a line with several."""
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(
        current, (cst.SimpleStatementLine, cst.BaseCompoundStatement)
    ):
        current = module.parents.get(id(current))
    return current if current is not None else node


def _place(signing: Signing) -> tuple[Module, cst.CSTNode]:
    """Where the signature enters: the entry or piece that comes nearest to the computation."""
    for part in reversed(signing.parts):
        if part.uses:
            return part.uses[-1].module, part.uses[-1].operand
        if isinstance(part, Piece) and part.node is not None and part.module is not None:
            return part.module, part.node
    if signing.changes:
        return signing.changes[0].module, signing.changes[0].node
    return signing.requests[0].module, signing.requests[0].node


def _modules_of(signing: Signing) -> Iterator[Module]:
    for part in signing.parts:
        yield from (use.module for use in part.uses)
        if isinstance(part, Piece) and part.module is not None:
            yield part.module
        if isinstance(part, Entry) and part.key_piece is not None and part.key_piece.module is not None:
            yield part.key_piece.module
    for request in signing.requests:
        yield request.module
        yield from (step.module for step in request.stack)


def _enclosing_function(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, cst.FunctionDef):
        current = module.parents.get(id(current))
    return current


def _mac_call(place: cst.CSTNode) -> cst.Call | None:
    stack = [place]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Call):
            name = dotted_name(node.func)
            if name.startswith("hmac.") or name.rpartition(".")[2] in ("HMAC",):
                return node
        stack.extend(reversed(node.children))
    return None
