"""Where a header is added for a request: the dict that it already sends, its client, or the call itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.headers import upstream
from aurora_migrate.changes.headers.merges import merged
from aurora_migrate.changes.headers.places import (
    constructor_of,
    displays,
    header_arguments,
    is_only_tried,
    is_own,
    may_be_none,
    named,
    nodes_of,
)
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.facts import Facts, Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import Instance

_WITHOUT_HEADERS = ("putrequest", "urlretrieve")

Places = list[tuple[Module, cst.CSTNode]]


@dataclass(frozen=True, slots=True)
class Header:
    """The header to add: its name, the source code of its value, and the import that the code needs.

    `scheme`: how the value begins when the header is what authenticates; another one there is refused.
    """

    name: str
    value: str
    import_: str = ""
    scheme: str = ""
    called: str = "header"
    """What the header is for a person."""

    @property
    def is_constant(self) -> bool:
        """Whether the value is the same whenever it is worked out."""
        return not self.import_ and not self.scheme

    @property
    def entry(self) -> str:
        return f'"{self.name}": {self.value}'

    @property
    def mapping(self) -> str:
        return "{" + self.entry + "}"


class HeaderPlacer:
    """Adds a header to requests, never where it would reach a request that is not among them."""

    def __init__(
        self, facts: Facts, requests: Sequence[Request], header: Header, modules: Sequence[Module]
    ) -> None:
        """`requests` are all that get the header."""
        self.header = header
        self.modules = {id(module.tree): module for module in modules}
        self.ours = {id(request) for request in requests}
        signed = {id(request.node) for request in requests}
        self.all = [
            request
            for request in facts.requests.values()
            if not (id(request.node) in signed and is_only_tried(request))
        ]
        # A call that was also tried without its client being known shows what it sends all the same.
        self.escaped = {node for node, calls in facts.escaped.items() if not calls <= signed}
        self.foreign_nodes: set[int] = set(self.escaped)
        self.foreign_clients: set[int] = set()
        self.foreign_calls: set[int] = set()
        self.covered: dict[int, set[int]] = {}
        """The calls of ours that each display's entries go with."""
        for request in requests:
            for role in request.header_roles():
                for _, node in displays(role):
                    self.covered.setdefault(id(node), set()).add(id(request.node))
        for request in self.all:
            # The making of a request is noted before what is set on it later: a signature, but no host.
            unfinished = request.preliminary and id(request.node) in signed and not header.is_constant
            if id(request) not in self.ours and not unfinished:
                self._note_foreign(request)

    def _note_foreign(self, request: Request) -> None:
        self.foreign_calls.add(id(request.node))
        if request.client is not None:
            self.foreign_clients.add(id(request.client.node))
        for role in request.header_roles():
            self.foreign_nodes.update(id(node) for _, node in nodes_of(role))

    def has_header(self, request: Request) -> bool:
        """Whether a request sends this header already."""
        return any(True for _ in request.headers_named(self.header.name))

    def _refuse_other_authorization(self, request: Request) -> None:
        """A header or `auth` of another kind would win over the token."""
        if not self.header.scheme:
            return
        for _, entry in request.headers_named(self.header.name):
            seen = "".join(text.characters(value) for value in iterate_texts(entry.value))
            if not seen.startswith((self.header.scheme, text.HOLE)):
                raise Refused(f"the request already sends another `{self.header.name}`")
        auth = {**request.client_roles, **request.roles}.get("auth")
        if auth is not None and not any(isinstance(option, Instance) for option in options(auth.value)):
            raise Refused("the request also has `auth`, which would replace the token")

    def place(
        self, plan: Plan, requests: Sequence[Request], stored: Sequence[tuple[Use, ...]] = ()
    ) -> Places:
        """Add the header to all requests that one call sends. Raises Refused when there is no safe place.

        `stored` are the uses that put the old authentication into these requests. Returns what is changed:
        the displays, the client or the calls; nothing when all requests have the header.
        """
        for request in requests:
            self._refuse_other_authorization(request)
        missing = [request for request in requests if not self.has_header(request)]
        if not missing:
            return []
        call = missing[0].node
        if not all(request.direct for request in missing):
            raise Refused(
                "the request is sent by a function that is handed over, so that it has no call of its own"
            )
        first, second = self._in_dict, self._on_client
        # What is the same for every request had better stand where most of them pass.
        if self.header.is_constant:
            first, second = second, first
        found = first(plan, missing) or second(plan, missing)
        if found:
            return found
        if id(call) not in self.foreign_calls:
            return self._at_call(plan, missing)
        found = self._where_signed(plan, missing, stored) or self._at_callers(plan, missing)
        if not found:
            raise Refused(f"the same call also sends requests that must not get the {self.header.called}")
        return found

    # -- the dict that the call already sends

    def _in_dict(self, plan: Plan, requests: Sequence[Request]) -> Places:
        found: dict[int, tuple[Module, cst.CSTNode]] = {}
        for request in requests:
            role = request.roles.get("headers")
            place = self._display(role)
            if place is None:
                return []
            found[id(place[1])] = place
        for module, node in found.values():
            if self.header.is_constant or not self._in_class_body(plan, module, node):
                plan.add_entry(module, node, self.header.name, self.header.value)
            self._import(plan, module)
        return list(found.values())

    def _display(self, role: Role | None) -> tuple[Module, cst.CSTNode] | None:
        """The display that the header goes into: the one sent, unless one further in serves more calls."""
        found = list(displays(role))
        if not self.header.is_constant:
            found = found[:1]
        found = [place for place in found if id(place[1]) not in self.foreign_nodes]
        return max(found, key=lambda place: len(self.covered.get(id(place[1]), ())), default=None)

    def _in_class_body(self, plan: Plan, module: Module, node: cst.CSTNode) -> bool:
        """A dict in a class's body is made on import: the token is added when an object is made instead."""
        assign = module.parents.get(id(node))
        line = module.parents.get(id(assign)) if isinstance(assign, (cst.Assign, cst.AnnAssign)) else None
        block = module.parents.get(id(line)) if line is not None else None
        kind = module.parents.get(id(block)) if block is not None else None
        if not isinstance(kind, cst.ClassDef) or not isinstance(assign, (cst.Assign, cst.AnnAssign)):
            return False
        target = assign.targets[0].target if isinstance(assign, cst.Assign) else assign.target
        constructor = constructor_of(kind)
        if (
            constructor is None
            or not isinstance(target, cst.Name)
            or not isinstance(constructor.body, cst.IndentedBlock)
        ):
            return False
        receiver = constructor.params.params[0].name.value if constructor.params.params else "self"
        name = f"{receiver}.{target.value}"
        plan.insert_after(module, constructor.body.body[-1], f"{name} = {{**{name}, {self.header.entry}}}")
        return True

    # -- the client

    def _on_client(self, plan: Plan, requests: Sequence[Request]) -> Places:
        if self.header.is_constant:
            requests = [each for each in requests if not each.explored] or requests
        clients = {
            id(request.client.node): request.client for request in requests if request.client is not None
        }
        if len(clients) != 1 or any(request.client is None for request in requests):
            return []
        client = next(iter(clients.values()))
        node, module = client.node, client.module
        if not isinstance(node, cst.Call) or module is None or not isinstance(client.kind, str):
            return []
        if (
            id(node) in self.foreign_clients
            or id(node) in self.escaped
            or client.kind.startswith(("http.client", "urllib3"))
        ):
            return []
        calls = {id(r.node) for r in self.all if r.client is not None and r.client.node is node}
        role = requests[0].client_roles.get("headers")
        place = self._display(role)
        if place is not None:
            plan.add_entry(place[0], place[1], self.header.name, self.header.value)
            self._import(plan, place[0])
            return [place]
        if len(calls) < 2 and not any(
            "headers" in request.roles or request.open_keywords for request in requests
        ):
            return []
        if self._to_constructor(plan, client.kind, module, node) or self._after_creation(plan, module, node):
            self._import(plan, module)
            return [(module, node)]
        return []

    def _to_constructor(self, plan: Plan, kind: str, module: Module, node: cst.Call) -> bool:
        if kind.startswith("requests"):
            return False
        if any(arg.star or (arg.keyword is not None and arg.keyword.value == "headers") for arg in node.args):
            return False
        plan.add_keyword(module, node, "headers", self.header.mapping)
        return True

    def _after_creation(self, plan: Plan, module: Module, node: cst.Call) -> bool:
        """`session = requests.Session()`: the header is set on it in the next line."""
        parent = module.parents.get(id(node))
        if isinstance(parent, cst.WithItem) and self.header.is_constant:
            return self._inside_with(plan, module, parent)
        if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
            return False
        name = dotted_name(parent.targets[0].target)
        line = module.parents.get(id(parent))
        if not name or not isinstance(line, cst.SimpleStatementLine):
            return False
        plan.insert_after(module, line, f'{name}.headers["{self.header.name}"] = {self.header.value}')
        return True

    def _inside_with(self, plan: Plan, module: Module, item: cst.WithItem) -> bool:
        """`with requests.Session() as session:`: the header is set in its first line."""
        statement = module.parents.get(id(item))
        name = dotted_name(item.asname.name) if item.asname is not None else ""
        if not name or not isinstance(statement, cst.With):
            return False
        if not isinstance(statement.body, cst.IndentedBlock):
            return False
        first = statement.body.body[0]
        plan.insert_before(module, first, f'{name}.headers["{self.header.name}"] = {self.header.value}')
        return True

    # -- upstream of a call that others use, too

    def _where_signed(
        self, plan: Plan, requests: Sequence[Request], stored: Sequence[tuple[Use, ...]]
    ) -> Places:
        place = upstream.signing_statement(stored)
        if place is None:
            return []
        argument = next(header_arguments(requests), None)
        names = {upstream.local_headers(request, place, argument) for request in requests}
        if len(names) != 1 or None in names:
            names = {self._own_session(request, place) for request in requests}
        name = names.pop() if len(names) == 1 else None
        if name is None:
            return []
        holder = name if argument is not None and name == dotted_name(argument.value) else f"{name}.headers"
        plan.insert_after(*place, f'{holder}["{self.header.name}"] = {self.header.value}')
        self._import(plan, place[0])
        return [place]

    def _own_session(self, request: Request, place: upstream.Place) -> str | None:
        """The session's name when this very object sends nothing but ours."""
        shared = {id(r.client) for r in self.all if r.client is not None and id(r) not in self.ours}
        return None if id(request.client) in shared else upstream.session_of_object(request, place)

    def _at_callers(self, plan: Plan, requests: Sequence[Request]) -> Places:
        names = {upstream.forwarded_name(request) for request in requests}
        calls = upstream.callers_of(requests)
        name = names.pop() if len(names) == 1 else None
        if name is None or calls is None:
            return []
        others = {id(r.callers[-1][1]) for r in self.all if r.callers and id(r) not in self.ours}
        if any(id(call) in others for _, call in calls):
            return []
        for module, call in calls:
            last = not self.header.is_constant
            upstream.add_at_caller(plan, module, call, name, self.header.entry, last)
            self._import(plan, module)
        return list(calls)

    # -- the call

    def _at_call(self, plan: Plan, requests: Sequence[Request]) -> Places:
        request = requests[0]
        module, call = request.module, request.node
        if not isinstance(call, cst.Call):
            raise Refused("the request is not sent by a call")
        if dotted_name(call.func).rpartition(".")[2] in _WITHOUT_HEADERS:
            raise Refused("this call takes no headers: they are given in calls of their own")
        argument = next((found for found in header_arguments(requests)), None) or named(call, "headers")
        if argument is not None and any(argument is each for each in call.args):
            self._merge(plan, module, argument, requests)
        elif any("headers" in found.roles and not is_own(found.roles["headers"]) for found in requests):
            raise Refused(
                f"its headers are put together where the {self.header.called} cannot be added for this"
                " request alone"
            )
        elif request.library == "urllib" and dotted_name(call.func).rpartition(".")[2] == "urlopen":
            self._wrap_url(plan, module, call)
        else:
            self._add_argument(plan, module, call)
        self._import(plan, module)
        return [(module, call)]

    def _merge(self, plan: Plan, module: Module, argument: cst.Arg, requests: Sequence[Request]) -> None:
        optional = any("headers" not in request.roles for request in requests) or may_be_none(requests)
        last = not self.header.is_constant
        plan.wrap(module, argument.value, merged(argument.value, self.header.entry, optional, last))

    def _add_argument(self, plan: Plan, module: Module, call: cst.Call) -> None:
        stars = [arg for arg in call.args if arg.star == "**"]
        if not stars:
            plan.add_keyword(module, call, "headers", self.header.mapping)
            return
        name = stars[0].value
        if len(stars) > 1 or not isinstance(name, cst.Name):
            raise Refused("its keyword arguments may already hold headers")
        given = f'{name.value}.pop("headers", None)'
        plan.add_keyword(module, call, "headers", "{**(" + given + " or {}), " + self.header.entry + "}")

    def _wrap_url(self, plan: Plan, module: Module, call: cst.Call) -> None:
        """`urlopen(url)` has no headers: the URL is wrapped in a `Request`."""
        if not call.args or call.args[0].keyword is not None:
            raise Refused("its URL is not its first argument")
        function = dotted_name(call.func)
        request = function.rpartition(".")[0] + ".Request" if "." in function else "Request"
        plan.wrap(module, call.args[0].value, f"{request}({INNER}, headers={self.header.mapping})")
        if "." not in function:
            plan.add_import(module, "from urllib.request import Request")

    def _import(self, plan: Plan, module: Module) -> None:
        if self.header.import_:
            plan.add_import(module, self.header.import_)
