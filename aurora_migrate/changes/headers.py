"""Where a header is added for a request: the dict that it already sends, its client, or the call itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes import header_upstream as upstream
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Facts, Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import Const, Instance, Use, iterate_texts, options

_WITHOUT_HEADERS = ("putrequest", "urlretrieve")


@dataclass(frozen=True, slots=True)
class Header:
    """The header to add: its name, the source code of its value, and the import that the code needs."""

    name: str
    value: str
    import_: str
    scheme: str = ""

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
            if not (id(request.node) in signed and _is_only_tried(request))
        ]
        self.escaped = facts.escaped
        self.foreign_nodes: set[int] = set(facts.escaped)
        self.foreign_clients: set[int] = set()
        self.foreign_calls: set[int] = set()
        for request in self.all:
            if id(request) not in self.ours and not (request.preliminary and id(request.node) in signed):
                self._note_foreign(request)

    def _note_foreign(self, request: Request) -> None:
        self.foreign_calls.add(id(request.node))
        if request.client is not None:
            self.foreign_clients.add(id(request.client.node))
        for role in request.header_roles():
            self.foreign_nodes.update(id(node) for _, node in _nodes(role))

    def has_header(self, request: Request) -> bool:
        """Whether a request sends this header already."""
        return any(True for _ in request.headers_named(self.header.name))

    def _refuse_other_authorization(self, request: Request) -> None:
        """A header or `auth` of another kind would win over the token."""
        for _, entry in request.headers_named(self.header.name):
            seen = "".join(text.characters(value) for value in iterate_texts(entry.value))
            if not seen.startswith((self.header.scheme, text.HOLE)):
                raise Refused(f"the request already sends another `{self.header.name}`")
        auth = {**request.client_roles, **request.roles}.get("auth")
        if auth is not None and not any(isinstance(option, Instance) for option in options(auth.value)):
            raise Refused("the request also has `auth`, which would replace the token")

    def place(self, plan: Plan, requests: Sequence[Request], stored: Sequence[tuple[Use, ...]] = ()) -> None:
        """Add the header to all requests that one call sends. Raises Refused when there is no safe place.

        `stored` are the uses that put the old authentication into these requests.
        """
        for request in requests:
            self._refuse_other_authorization(request)
        missing = [request for request in requests if not self.has_header(request)]
        if not missing:
            return
        call = missing[0].node
        if not all(request.direct for request in missing):
            raise Refused(
                "the request is sent by a function that is handed over, so that it has no call of its own"
            )
        if self._in_dict(plan, missing) or self._on_client(plan, missing):
            return
        if id(call) not in self.foreign_calls:
            self._at_call(plan, missing)
        elif not (self._where_signed(plan, missing, stored) or self._at_callers(plan, missing)):
            raise Refused("the same call also sends requests that must not get the token")

    # -- the dict that the call already sends

    def _in_dict(self, plan: Plan, requests: Sequence[Request]) -> bool:
        found: dict[int, tuple[Module, cst.CSTNode]] = {}
        for request in requests:
            role = request.roles.get("headers")
            place = next(_displays(role), None) if role is not None else None
            if place is None or id(place[1]) in self.foreign_nodes:
                return False
            found[id(place[1])] = place
        for module, node in found.values():
            if not self._in_class_body(plan, module, node):
                plan.add_entry(module, node, self.header.name, self.header.value)
            self._import(plan, module)
        return True

    def _in_class_body(self, plan: Plan, module: Module, node: cst.CSTNode) -> bool:
        """A dict in a class's body is made on import: the token is added when an object is made instead."""
        assign = module.parents.get(id(node))
        line = module.parents.get(id(assign)) if isinstance(assign, (cst.Assign, cst.AnnAssign)) else None
        block = module.parents.get(id(line)) if line is not None else None
        kind = module.parents.get(id(block)) if block is not None else None
        if not isinstance(kind, cst.ClassDef) or not isinstance(assign, (cst.Assign, cst.AnnAssign)):
            return False
        target = assign.targets[0].target if isinstance(assign, cst.Assign) else assign.target
        constructor = _constructor(kind)
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

    def _on_client(self, plan: Plan, requests: Sequence[Request]) -> bool:
        clients = {
            id(request.client.node): request.client for request in requests if request.client is not None
        }
        if len(clients) != 1 or any(request.client is None for request in requests):
            return False
        client = next(iter(clients.values()))
        node, module = client.node, client.module
        if not isinstance(node, cst.Call) or module is None or not isinstance(client.kind, str):
            return False
        if (
            id(node) in self.foreign_clients
            or id(node) in self.escaped
            or client.kind.startswith(("http.client", "urllib3"))
        ):
            return False
        calls = {id(r.node) for r in self.all if r.client is not None and r.client.node is node}
        role = requests[0].client_roles.get("headers")
        place = next(_displays(role), None)
        if place is not None and id(place[1]) not in self.foreign_nodes:
            plan.add_entry(place[0], place[1], self.header.name, self.header.value)
            self._import(plan, place[0])
            return True
        if len(calls) < 2 and not any(
            "headers" in request.roles or request.open_keywords for request in requests
        ):
            return False
        if self._to_constructor(plan, client.kind, module, node) or self._after_creation(plan, module, node):
            self._import(plan, module)
            return True
        return False

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
        if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
            return False
        name = dotted_name(parent.targets[0].target)
        line = module.parents.get(id(parent))
        if not name or not isinstance(line, cst.SimpleStatementLine):
            return False
        plan.insert_after(module, line, f'{name}.headers["{self.header.name}"] = {self.header.value}')
        return True

    # -- upstream of a call that others use, too

    def _where_signed(
        self, plan: Plan, requests: Sequence[Request], stored: Sequence[tuple[Use, ...]]
    ) -> bool:
        place = upstream.signing_statement(stored)
        if place is None:
            return False
        argument = next(_header_arguments(requests), None)
        names = {upstream.local_headers(request, place, argument) for request in requests}
        if len(names) != 1 or None in names:
            names = {self._own_session(request, place) for request in requests}
        name = names.pop() if len(names) == 1 else None
        if name is None:
            return False
        holder = name if argument is not None and name == dotted_name(argument.value) else f"{name}.headers"
        plan.insert_after(*place, f'{holder}["{self.header.name}"] = {self.header.value}')
        self._import(plan, place[0])
        return True

    def _own_session(self, request: Request, place: upstream.Place) -> str | None:
        """The session's name when this very object sends nothing but ours."""
        shared = {id(r.client) for r in self.all if r.client is not None and id(r) not in self.ours}
        return None if id(request.client) in shared else upstream.session_of_object(request, place)

    def _at_callers(self, plan: Plan, requests: Sequence[Request]) -> bool:
        names = {upstream.forwarded_name(request) for request in requests}
        calls = upstream.callers_of(requests)
        name = names.pop() if len(names) == 1 else None
        if name is None or calls is None:
            return False
        others = {id(r.callers[-1][1]) for r in self.all if r.callers and id(r) not in self.ours}
        if any(id(call) in others for _, call in calls):
            return False
        for module, call in calls:
            upstream.add_at_caller(plan, module, call, name, self.header.entry)
            self._import(plan, module)
        return True

    # -- the call

    def _at_call(self, plan: Plan, requests: Sequence[Request]) -> None:
        request = requests[0]
        module, call = request.module, request.node
        if not isinstance(call, cst.Call):
            raise Refused("the request is not sent by a call")
        if dotted_name(call.func).rpartition(".")[2] in _WITHOUT_HEADERS:
            raise Refused("this call takes no headers: they are given in calls of their own")
        argument = next((found for found in _header_arguments(requests)), None) or _named(call, "headers")
        if argument is not None and any(argument is each for each in call.args):
            self._merge(plan, module, argument, requests)
        elif any("headers" in found.roles and not _is_own(found.roles["headers"]) for found in requests):
            raise Refused(
                "its headers are put together where the token cannot be added for this request alone"
            )
        elif request.library == "urllib" and dotted_name(call.func).rpartition(".")[2] == "urlopen":
            self._wrap_url(plan, module, call)
        else:
            self._add_argument(plan, module, call)
        self._import(plan, module)

    def _merge(self, plan: Plan, module: Module, argument: cst.Arg, requests: Sequence[Request]) -> None:
        code = module.tree.code_for_node(argument.value).strip()
        optional = any("headers" not in request.roles for request in requests) or _may_be_none(requests)
        spread = f"({code} or {{}})" if optional else code
        if not optional and not isinstance(
            argument.value, (cst.Name, cst.Attribute, cst.Call, cst.Subscript)
        ):
            spread = f"({code})"
        plan.replace(module, argument.value, "{**" + spread + ", " + self.header.entry + "}")

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


def _is_only_tried(request: Request) -> bool:
    """A request of a function that was tried without a caller, to a URL of which nothing is known.

    Where real callers of the same function are known, this says nothing about where requests go.
    """
    tried = (
        request.explored and len(request.callers) <= 1 and all(node is None for _, node in request.callers)
    )
    return tried and not any(piece.text and piece.text.strip("/?&:") for piece in request.url.pieces)


def _nodes(role: Role | None) -> Iterator[tuple[Module | None, cst.CSTNode]]:
    """Every node that made the headers: the mapping's own, and those whose entries went into it."""
    if role is None:
        return
    if role.mapping is not None and role.mapping.node is not None:
        yield role.mapping.module, role.mapping.node
    for entry in role.entries.items if role.entries is not None else ():
        for use in entry.uses:
            yield use.module, use.container


def _displays(role: Role | None) -> Iterator[tuple[Module, cst.CSTNode]]:
    """The dict displays (`{...}`, `dict(...)`) that made the headers, the one sent first."""
    for module, node in _nodes(role):
        is_display = isinstance(node, cst.Dict) or (
            isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "dict"
        )
        if is_display and module is not None:
            yield module, node


def _is_own(role: Role) -> bool:
    """Whether the headers belong to the request object and are filled after its making (`add_header`)."""
    return role.argument is None and role.mapping is not None and role.mapping.node is None


def _header_arguments(requests: Iterable[Request]) -> Iterator[cst.Arg]:
    for request in requests:
        role = request.roles.get("headers")
        if role is not None and role.argument is not None:
            yield role.argument


def _named(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def _may_be_none(requests: Iterable[Request]) -> bool:
    return any(
        isinstance(option, Const) and option.value is None
        for request in requests
        if "headers" in request.roles
        for option in options(request.roles["headers"].value)
    )


def _constructor(kind: cst.ClassDef) -> cst.FunctionDef | None:
    for statement in kind.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            return statement
    return None
