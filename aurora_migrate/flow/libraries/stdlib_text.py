"""Library functions on texts and URLs: `urllib.parse`, `posixpath`, `string.Template`, URL classes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, interpolation, operators, text
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.texts import note_test, query_text
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    Const,
    Entries,
    Instance,
    Items,
    Mapping,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _same(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or next((value for value, _ in args.keywords.values()), UNKNOWN)


def _quote(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0, "string") or UNKNOWN
    return choose([option if isinstance(option, Text) else text.hole(option) for option in options(value)])


def _decoded(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """What base64 hides: a text that no literal spells."""
    found: list[Value] = []
    for option in options(args.get(0, "s") or UNKNOWN):
        said = option.literal if isinstance(option, Text) else None
        try:
            found.append(
                text.plain(base64.b64decode(said or "", validate=True).decode()) if said else UNKNOWN
            )
        except ValueError:
            found.append(UNKNOWN)
    return choose(found)


def _expanded(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`os.path.expandvars("https://$HOST")`: what the environment may hold in place of the names."""
    return interpolation.in_environment(run, args.get(0, "path") or UNKNOWN)


def _urljoin(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    base_use, path_use = (_use(args, index, node, scope) for index in (0, 1))
    results: list[Value] = []
    for base in options(args.get(0, "base") or UNKNOWN):
        for path in options(args.get(1, "url") or UNKNOWN):
            joined = text.join_url(
                text.use_in(text.as_text(base), base_use), text.use_in(text.as_text(path), path_use)
            )
            results.append(joined)
    return choose(results)


def _use(args: Args, index: int, node: cst.Call | None, scope: Scope) -> Use | None:
    if index in args.spread:
        return args.spread[index]
    arg = args.positional[index][1] if index < len(args.positional) else None
    return Use(scope.module, node, arg) if node is not None and arg is not None else None


def _join_paths(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    if not args.positional:
        return UNKNOWN
    result = choose(
        [text.use_in(text.as_text(o), _use(args, 0, node, scope)) for o in options(args.values()[0])]
    )
    for index, value in enumerate(args.values()[1:], start=1):
        results: list[Value] = []
        for part in options(value):
            if isinstance(part, Text) and (
                text.characters(part)[:1] == "/" or "://" in text.characters(part)
            ):
                results.append(text.use_in(part, _use(args, index, node, scope)))
            else:
                results.append(operators.divided(run, result, None, part, _use(args, index, node, scope)))
        result = choose(results)
    return result


def _urlencode(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    use = _use(args, 0, node, scope)
    results: list[Value] = []
    for option in options(args.get(0, "query") or UNKNOWN):
        if isinstance(option, Sequence):
            pairs = run.new_mapping(Entries(), option.node, option.module)
            containers.merge(run, pairs, option, None)
            option = pairs
        results.append(
            text.use_in(query_text(run, option), use) if isinstance(option, Mapping) else text.hole(option)
        )
    return choose(results)


def _urlsplit(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return choose([_split_one(run, text.as_text(option)) for option in options(args.get(0) or UNKNOWN)])


def _split_one(run: Interpreter, url: Text) -> Value:
    result = run.new_instance("urllib.parse.SplitResult", None, None)
    seen = text.characters(url)
    authority = text.authority_end(seen)
    rest = authority if authority is not None else 0
    query = next((i for i in range(rest, len(seen)) if seen[i] in "?#"), len(seen))
    unknown = text.hole(url)
    known = text.HOLE not in seen[:1]
    scheme = seen.find("://")
    parts: dict[str, Value] = {
        "scheme": text.cut(url, 0, scheme) if authority is not None else unknown,
        "netloc": text.cut(url, scheme + 3, rest) if authority is not None else unknown,
        "path": text.cut(url, rest, query) if known else unknown,
        "query": text.cut(url, query + 1, len(seen))
        if query < len(seen) or text.HOLE not in seen
        else unknown,
        "params": Text(()),
        "fragment": Text(()),
    }
    parts["hostname"] = parts["netloc"]
    for name, part in parts.items():
        run.heap.set(result.cells, name, part)
    run.heap.set(result.cells, "<url>", url)
    return result


def _split_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr == "__init__":
        return Builtin(attr, lambda args, node, scope: _new_split(run, instance, args))
    if attr == "geturl":
        return Builtin("geturl", lambda args, node, scope: _unsplit_instance(run, instance))
    if attr == "_replace":

        def replaced(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            copy = run.new_instance("urllib.parse.SplitResult", None, None)
            for key, held in list(instance.cells.items()):
                if key != "<url>":
                    run.heap.set(copy.cells, key, held)
            for name, (value, arg) in args.keywords.items():
                use = Use(scope.module, node, arg) if node is not None and arg is not None else None
                run.heap.set(
                    copy.cells, name, choose([text.use_in(text.as_text(o), use) for o in options(value)])
                )
            return copy

        return Builtin("_replace", replaced)
    if attr.startswith("__"):
        return None
    return text.hole(run.heap.get(instance.cells, "<url>") or UNKNOWN)


def _new_split(run: Interpreter, instance: Instance, args: Args) -> Value:
    """`SplitResult(scheme=..., netloc=..., path=...)`."""
    for index, name in enumerate(("scheme", "netloc", "path", "query", "fragment")):
        run.heap.set(instance.cells, name, args.get(index, name) or UNKNOWN)
    return UNKNOWN


def _unsplit_instance(run: Interpreter, instance: Instance) -> Value:
    whole = run.heap.get(instance.cells, "<url>")
    if whole is not None:
        return whole
    parts = [run.heap.get(instance.cells, name) or UNKNOWN for name in ("scheme", "netloc", "path", "query")]
    return _assemble(parts, [None] * 4)


def _assemble(parts: list[Value], uses: list[Use | None]) -> Value:
    scheme, netloc, path, query = parts
    if not isinstance(path, Text) or any(
        text.characters(o)[:1] != "/" for o in options(path) if isinstance(o, Text)
    ):
        slash: list[tuple[Value, Use | None]] = []
        if isinstance(path, Text) and text.characters(path)[:1] not in ("", text.HOLE):
            slash = [(text.plain("/"), None)]
    else:
        slash = []
    asked: list[tuple[Value, Use | None]] = []
    empty = (isinstance(query, Text) and not query.pieces) or (isinstance(query, Const) and not query.value)
    if not empty:
        asked = [(text.plain("?"), None), (query, uses[3])]
    return text.concat(
        [(scheme, uses[0]), (text.plain("://"), None), (netloc, uses[1]), *slash, (path, uses[2]), *asked]
    )


def _urlunsplit(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    given = args.get(0)
    if isinstance(given, Instance):
        return _unsplit_instance(run, given)
    if not isinstance(given, Sequence):
        return text.hole(given or UNKNOWN)
    items = run.items(given)[0]
    values = list(items.values)
    if len(values) not in (5, 6) or items.open:
        return text.hole(given)
    uses = [_fixed(found) for found in items.uses] or [None] * len(values)
    query = 3 if len(values) == 5 else 4
    return _assemble([*values[:3], values[query]], [*uses[:3], uses[query]])


def _fixed(uses: tuple[Use, ...]) -> Use | None:
    """The element of a tuple whose positions mean something."""
    if not uses or not isinstance(uses[-1].operand, cst.Element):
        return None
    return Use(uses[-1].module, uses[-1].container, uses[-1].operand.value, fixed=True)


def _httpx_url(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    base = args.get(0, "url")
    if base is None:
        scheme, host = args.get(None, "scheme"), args.get(None, "host")
        path = args.get(None, "path")
        return _assemble(
            [scheme or text.plain("https"), host or UNKNOWN, path or Text(()), Text(())], [None] * 4
        )
    if args.get(None, "params") is not None and any(isinstance(o, Text) for o in options(base)):
        merge = run.attribute(base, "copy_merge_params", scope)
        given, arg = args.keywords["params"]
        return run.call(merge, Args([(given, arg)]), node, scope)
    return base


def _template(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0, "template") or UNKNOWN


def _added(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    left, right = (args.get(index) or UNKNOWN for index in (0, 1))
    return operators.added(run, left, _use(args, 0, node, scope), right, _use(args, 1, node, scope))


def _parse_qs(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    sequence = run.new_sequence(Items((text.hole(args.get(0) or UNKNOWN),), open=True), None, None)
    return sequence


def _regex_look(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`re.match(pattern, text)` and its kin: a test on the text."""
    subject, pattern = args.get(1, "string") or UNKNOWN, args.get(0) or UNKNOWN
    if node is not None:
        note_test(run, node, "regular expression", subject, pattern, scope)
    return text.hole(subject)


def _pattern_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "pattern", args.get(0, "pattern") or UNKNOWN)
        return UNKNOWN

    def look(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        pattern = run.heap.get(instance.cells, "pattern") or UNKNOWN
        return _regex_look(run, Args.of(pattern, args.get(0, "string") or UNKNOWN), node, scope)

    def substitute(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        pattern = run.heap.get(instance.cells, "pattern") or UNKNOWN
        return _regex_sub(run, args.prepended(pattern), node, scope)

    if attr == "__init__":
        return Builtin(attr, construct)
    if attr in ("match", "search", "fullmatch", "findall", "finditer", "split"):
        return Builtin(attr, look)
    return Builtin(attr, substitute) if attr in ("sub", "subn") else None


def _regex_sub(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`re.sub` that fills placeholders in a template: the text stays, but for what the pattern takes."""
    subject, pattern = args.get(2, "string") or UNKNOWN, args.get(0, "pattern")
    literal = pattern.literal if isinstance(pattern, Text) else None
    if literal is None or literal.lstrip("(")[:1] not in (":", "<", "{", "$", "%", "\\"):
        return text.hole(subject)
    return subject


FUNCTIONS: dict[str, Function] = {
    "base64.b64decode": _decoded,
    "base64.standard_b64decode": _decoded,
    "urllib.parse.urljoin": _urljoin,
    "urllib.parse.quote": _quote,
    "urllib.parse.quote_plus": _quote,
    "urllib.parse.unquote": _quote,
    "urllib.parse.unquote_plus": _quote,
    "urllib.parse.urlencode": _urlencode,
    "urllib.parse.urlsplit": _urlsplit,
    "urllib.parse.urlparse": _urlsplit,
    "urllib.parse.urlunsplit": _urlunsplit,
    "urllib.parse.urlunparse": _urlunsplit,
    "urllib.parse.parse_qsl": _parse_qs,
    "posixpath.join": _join_paths,
    "os.path.join": _join_paths,
    "pathlib.PurePosixPath": _join_paths,
    "pathlib.PurePath": _join_paths,
    "pathlib.Path": _join_paths,
    "string.Template": _template,
    "yarl.URL": _same,
    "yarl.URL.build": _httpx_url,
    "httpx.URL": _httpx_url,
    "pydantic.SecretStr": _same,
    "pydantic.HttpUrl": _same,
    "pydantic.AnyHttpUrl": _same,
    "typing.cast": lambda run, args, node, scope: args.get(1) or UNKNOWN,
    "re.sub": _regex_sub,
    "re.match": _regex_look,
    "re.search": _regex_look,
    "re.fullmatch": _regex_look,
    "re.findall": _regex_look,
    "urllib.parse.urldefrag": _same,
    "builtins.str.__add__": lambda run, args, node, scope: operators.added(
        run,
        args.get(0) or UNKNOWN,
        _use(args, 0, node, scope),
        args.get(1) or UNKNOWN,
        _use(args, 1, node, scope),
    ),
    "textwrap.dedent": _same,
    "sys.intern": _same,
    "six.ensure_str": _same,
    "html.unescape": _same,
    "os.path.expandvars": _expanded,
    "os.fspath": _same,
    "inspect.cleandoc": _same,
}
MEMBERS: dict[str, Member] = {"urllib.parse.SplitResult": _split_member, "re.compile": _pattern_member}
ALIASES: dict[str, str] = {
    "urllib.parse.ParseResult": "urllib.parse.SplitResult",
    "urllib.urlencode": "urllib.parse.urlencode",
    "urllib.quote": "urllib.parse.quote",
    "urllib.quote_plus": "urllib.parse.quote_plus",
    "urlparse.urljoin": "urllib.parse.urljoin",
    "urlparse.urlsplit": "urllib.parse.urlsplit",
    "urlparse.urlparse": "urllib.parse.urlparse",
    "requests.compat.urljoin": "urllib.parse.urljoin",
    "requests.compat.quote": "urllib.parse.quote",
    "requests.compat.quote_plus": "urllib.parse.quote_plus",
    "requests.compat.urlencode": "urllib.parse.urlencode",
    "requests.compat.urlparse": "urllib.parse.urlparse",
    "requests.utils.quote": "urllib.parse.quote",
    "six.moves.urllib.parse.urljoin": "urllib.parse.urljoin",
    "six.moves.urllib.parse.quote": "urllib.parse.quote",
    "six.moves.urllib.parse.urlencode": "urllib.parse.urlencode",
    "httpx._urls.URL": "httpx.URL",
}
