"""Kind authentication-replaced: signatures leave queries, a token goes into a header, dead code goes too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.headers.additions import Header, HeaderPlacer
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.signing import signatures
from aurora_migrate.changes.signing.accounts import refuse_several
from aurora_migrate.changes.signing.signatures import Carried
from aurora_migrate.changes.signing.unseen import handed_over, unseen
from aurora_migrate.changes.signing.ways import Signing, anchor, identity, trace_of_signing
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.facts import Request, RequestChange
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.text import characters
from aurora_migrate.flow.values import PARAMETER, Entry, Piece, Unknown


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
        handed = list(handed_over(self.context, self.rule, self.condemned))
        placer = HeaderPlacer(self.context.facts, self.signed, self.header, self.context.modules)
        for signing in self.signings:
            yield self._finding(signing, placer)
        yield from handed
        if not handed and self._unauthenticated(placer):
            yield from unseen(self.context, self.rule, self.signings)

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
        """Calls that some setting makes send a token: the program knows both, nobody was seen to sign."""
        token: set[int] = set()
        signed: set[int] = set()
        name = self.rule.parameters.text("header")
        for request in self.context.facts.requests.values():
            if self._is_signed(request, signatures.of_request(request, self.keys)):
                if not request.explored:
                    signed.add(id(request.node))
                continue
            if any(True for _ in request.headers_named(name)):
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
        keys = {identity(part) for part in parts}
        mine = [each for each in self.signings if any(identity(part) in keys for part in each.parts)]
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
        module, node = anchor(signing)
        location, subject = module.location(node), source_of(module, node)
        trace = trace_of_signing(signing)
        try:
            edits = carried_out(self._planned(signing, placer), self.context.modules)
        except Refused as refused:
            token = self.context.settings.auth.token
            return manual(self.rule, location, Certainty.PROVEN, str(refused), trace, subject, token)
        return fixable(self.rule, location, Certainty.PROVEN, edits, trace, subject)

    def _planned(self, signing: Signing, placer: HeaderPlacer) -> Plan:
        refuse_several(signing.requests, self.keys)
        plan = Plan()
        calls: dict[int, list[Request]] = {}
        for request in signing.requests:
            calls.setdefault(id(request.node), []).append(request)
        changed = {
            identity(part)
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
        return bool(changed) and all(identity(part) in changed for part in parts)

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

    def _unauthenticated(self, placer: HeaderPlacer) -> bool:
        """Whether no request to Aurora was seen to have a signature or a token."""
        if self.header.name.lower() in self.context.facts.set_on_requests:
            return False
        signed = {id(request) for request in self.signed}
        ours = [
            request
            for request in self.context.facts.requests.values()
            if self.context.targets.of(request.url).owner is Owner.AURORA and not request.preliminary
        ]
        return not any(
            id(request) in signed
            or placer.has_header(request)
            or "auth" in {**request.roles, **request.client_roles}
            for request in ours
        )


def _header(context: Context, rule: Rule) -> Header:
    auth = context.settings.auth
    token = auth.token
    if not isinstance(cst.parse_expression(token), (cst.Name, cst.Attribute, cst.Subscript, cst.Call)):
        token = f"({token})"
    scheme = rule.parameters.text("scheme")
    return Header(rule.parameters.text("header"), f'"{scheme}" + {token}', auth.import_, scheme, "token")


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
