"""Methods of strings (and of URL objects, which are followed as texts), and the tests made on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts, path_files, placeholders, splitting, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.containers import iterate
from aurora_migrate.flow.formatting import format_method, substitute
from aurora_migrate.flow.operators import divided
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.reads import TextTest
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    Const,
    Entry,
    Items,
    Mapping,
    Part,
    Piece,
    Sequence,
    Text,
    Unknown,
    Value,
    key_of,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_REGULAR = "regular expression"
_LOOKING = ("in", "==", "startswith", "endswith", "find", "rfind", "index", "count", _REGULAR)
Method = Callable[["Interpreter", Text, Args, "cst.Call | None", Scope], Value]


def text_method(run: Interpreter, subject: Text, name: str) -> Value:
    """A bound method of a text, or an attribute of a URL object."""
    method = _METHODS.get(name) or path_files.METHODS.get(name)
    if method is not None:
        return Builtin(f"str.{name}", lambda args, node, scope: method(run, subject, args, node, scope))
    if name in ("path", "raw_path", "query"):
        found = url_part(subject, name)
        return found if found is not None else text.hole(subject, hints=(name,))
    if name in ("value", "parent", "url", "human_repr"):
        return subject
    return text.hole(subject, hints=(name,))


def note_test(
    run: Interpreter, node: cst.CSTNode, operation: str, subject: Value, sought: Value, scope: Scope
) -> None:
    """Remember that the program looks for one text in another."""
    for found in iterate_texts(sought):
        literal = found.literal
        if operation != "==":
            run.facts.sought.update(id(piece.node) for piece in found.pieces)
        for part in _parts_inside(subject, operation):
            parts.match(run, part, found, node, scope.module, "search")
        if not literal or "/" not in literal or found.pieces[0].node is None:
            continue
        for inspected in options(subject):
            if isinstance(inspected, Text):
                key = (id(node), operation, key_of(inspected), key_of(found))
                run.facts.tests.setdefault(key, TextTest(scope.module, node, operation, inspected, found))


def _parts_inside(subject: Value, operation: str) -> list[Part]:
    """The parts of responses that a text which is looked into was put together with, or is."""
    if operation not in _LOOKING:
        return []
    whole = list(parts_of(subject)) if operation == _REGULAR else []
    pieces = [piece for found in iterate_texts(subject) for piece in found.pieces]
    return [*whole, *(part for piece in pieces if piece.hole is not None for part in parts_of(piece.hole))]


def join_texts(
    run: Interpreter, separator: Value, value: Value, node: cst.Call | None, scope: Scope
) -> Value:
    """`separator.join(value)`; a joined `k=v for k, v in mapping.items()` is the text of a query."""
    results: list[Value] = []
    for sequence in options(value):
        if isinstance(sequence, Mapping):
            sequence = run.new_sequence(Items(tuple(iterate(run, sequence)[0])), None, None)
        if not isinstance(sequence, Sequence):
            results.append(text.hole(value))
            continue
        query = run.heap.get(sequence.cells, "query_of")
        if isinstance(query, Mapping):
            results.append(_joined_query(run, separator, sequence, query, node, scope))
            continue
        for items in run.items(sequence):
            results.append(_joined(run, separator, items, node, scope))
    return choose(results) if results else UNKNOWN


def _joined_query(
    run: Interpreter,
    separator: Value,
    sequence: Sequence,
    query: Mapping,
    node: cst.Call | None,
    scope: Scope,
) -> Value:
    """The text of `k=v for k, v in query.items()` and of what was put behind these."""
    first = query_text(run, query)
    queried = run.heap.get(sequence.cells, "query_items")
    count = len(queried.values) if isinstance(queried, Items) else 0
    results: list[Value] = []
    for items in run.items(sequence):
        more = items.values[count:]
        if not more:
            results.append(first)
            continue
        entries = run.entries(query)
        begun: tuple[Value, ...] = (first,) if entries.items or entries.open else ()
        uses = items.uses[count:] if begun == () else ((), *items.uses[count:])
        held = Items((*begun, *more), items.open and not entries.open, uses)
        results.append(_joined(run, separator, held, node, scope))
    return choose(results)


def _joined(run: Interpreter, separator: Value, items: Items, node: cst.Call | None, scope: Scope) -> Value:
    glue = next(iter(iterate_texts(separator)), Text((Piece(None),)))
    glue = Text(tuple(Piece(piece.text) for piece in glue.pieces))
    parts: list[tuple[Value, Use | None]] = []
    operands = _literal_elements(node)
    for index, item in enumerate(items.values):
        uses: tuple[Use, ...] = items.uses[index] if index < len(items.uses) else ()
        if node is not None and len(operands) == len(items.values):
            uses = (Use(scope.module, node, operands[index]),)
        if index:
            parts.append((_inside(glue, uses), None))
        parts.append((choose([_inside(text.as_text(option), uses) for option in options(item)]), None))
    if items.open:
        parts.extend([(glue, None), (UNKNOWN, None)] if parts else [(UNKNOWN, None)])
    return text.concat(parts)


def _inside(value: Text, uses: tuple[Use, ...]) -> Text:
    for use in reversed(uses):
        value = text.use_in(value, use)
    return value


def _literal_elements(node: cst.Call | None) -> list[cst.BaseElement]:
    if node is None or not node.args or not isinstance(node.args[0].value, (cst.List, cst.Tuple)):
        return []
    return list(node.args[0].value.elements)


def query_text(run: Interpreter, mapping: Mapping) -> Text:
    """The text of a mapping as a query string: its entries stay known."""
    entries = run.entries(mapping)
    return query_of_entries(entries.items, entries.open)


def query_of_entries(items: tuple[Entry, ...], is_open: bool) -> Text:
    if not items and not is_open:
        return Text(())
    rest = (Piece(None, hole=UNKNOWN),) if is_open else ()
    return Text((Piece(None, entries=items, hole=UNKNOWN), *rest))


def _same(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return subject


def _recased(change: Callable[[str], str]) -> Method:
    return lambda run, subject, args, node, scope: text.recased(subject, change)


def _strip(left: bool, right: bool) -> Method:
    def method(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        dropped = args.get(0)
        characters = dropped.literal if isinstance(dropped, Text) else None
        if dropped is not None and characters is None:
            return subject
        return text.strip(subject, characters, left, right)

    return method


def _remove_affix(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    affix = args.get(0)
    literal = affix.literal if isinstance(affix, Text) else None
    if literal is None or node is None or not isinstance(node.func, cst.Attribute):
        return subject
    if affix is not None:
        note_test(run, node, node.func.attr.value, subject, affix, scope)
    if node.func.attr.value == "removeprefix":
        return (
            text.cut(subject, len(literal), text.size(subject))
            if text.starts_with(subject, literal)
            else subject
        )
    ends = text.characters(subject).endswith(literal)
    return text.cut(subject, 0, text.size(subject) - len(literal)) if ends else subject


def _replace(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    old, new = args.get(0), args.get(1)
    if not isinstance(old, Text) or old.literal is None or new is None:
        return text.hole(subject)
    if node is not None and len(old.literal) > 1:
        note_test(run, node, "replace", subject, old, scope)
    return choose([text.replace(subject, old.literal, text.as_text(option)) for option in options(new)])


def _copy_with(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`url.copy_with(path=..., query=...)` of httpx URLs: other parts in place of its own."""
    seen = text.characters(subject)
    authority = text.authority_end(seen)
    start = (
        authority if authority is not None else next((i for i, c in enumerate(seen) if c in "/?"), len(seen))
    )
    query = next((i for i in range(start, len(seen)) if seen[i] in "?#"), len(seen))
    path, asked = text.cut(subject, start, query), text.cut(subject, query, len(seen))
    parts: list[tuple[Value, Use | None]] = [(text.cut(subject, 0, start), None), (path, None), (asked, None)]
    for name, (value, arg) in args.keywords.items():
        use = Use(scope.module, node, arg) if node is not None and arg is not None else None
        if name == "raw_path":
            parts[1:] = [(value, use)]
        elif name == "path":
            parts[1] = (value, use)
        elif name == "query":
            parts[2:] = [(text.plain("?"), None), (value, use)]
        elif name == "params":
            return _with_query(run, text.cut(subject, 0, query), Args([(value, arg)]), node, scope)
        else:
            parts[0] = (text.hole(subject), None)
    return text.concat(parts)


def url_part(subject: Text, name: str) -> Text | None:
    """`url.path`, `url.raw_path`, `url.query` of a URL whose start is known or unknown as a whole."""
    seen = text.characters(subject)
    authority = text.authority_end(seen)
    if authority is None:
        return None
    query = next((i for i in range(authority, len(seen)) if seen[i] in "?#"), len(seen))
    if name == "raw_path":
        return text.cut(subject, authority, len(seen))
    return text.cut(subject, authority, query) if name == "path" else text.cut(subject, query + 1, len(seen))


def _partition(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    separator = args.get(0)
    if not isinstance(separator, Text) or not separator.literal:
        return UNKNOWN
    parts = text.split(subject, separator.literal, 1)
    last = parts[1] if len(parts) > 1 else Text(())
    middle = separator if len(parts) > 1 else Text(())
    return run.new_sequence(Items((parts[0], middle, last)), None, None)


def _join(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0) or UNKNOWN
    if isinstance(value, Text):
        return _url_join(run, subject, args, node, scope)
    return join_texts(run, subject, value, node, scope)


def _starts(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    prefix = args.get(0)
    if not isinstance(prefix, Text) or prefix.literal is None:
        return UNKNOWN
    if node is not None and isinstance(node.func, cst.Attribute):
        note_test(run, node, node.func.attr.value, subject, prefix, scope)
        if node.func.attr.value == "startswith":
            known = text.starts_with(subject, prefix.literal)
            return UNKNOWN if known is None else Const(known)
    return UNKNOWN


def _format(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return format_method(run, subject, args, node, scope)


def _format_map(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    mapping = args.get(0)
    if isinstance(mapping, Part):
        return format_method(run, subject, Args(open_keywords=True, parts=[mapping]), None, scope)
    if not isinstance(mapping, Mapping):
        return text.hole(subject)
    keywords = {
        entry.name: (entry.value, None) for entry in run.entries(mapping).items if entry.name is not None
    }
    return format_method(run, subject, Args(keywords=dict(keywords)), None, scope)


def _substitute(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    placeholders.note(run, args, [subject], scope)
    return substitute(run, subject, args, node, scope)


def _join_path(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    result: Value = subject
    for value, arg in args.positional:
        use = Use(scope.module, node, arg) if node is not None and arg is not None else None
        result = divided(run, result, None, value, use)
    return result


def _url_join(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    target = args.get(0) or UNKNOWN
    return choose([text.join_url(subject, text.as_text(option)) for option in options(target)])


def _with_query(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`copy_merge_params(mapping)`, `with_query(mapping)`, `update_query(mapping)` of URL objects."""
    given = args.get(0, "params") or UNKNOWN
    use = None
    pair = args.pair(0, "params")
    if node is not None and pair is not None and pair[1] is not None:
        use = Use(scope.module, node, pair[1])
    results: list[Value] = []
    for option in options(given):
        query = query_text(run, option) if isinstance(option, Mapping) else text.as_text(option)
        results.append(Text((*subject.pieces, Piece("?"), *text.use_in(query, use).pieces)))
    if not args.positional and args.keywords and pair is None:
        entries = tuple(
            Entry(name, value, None, (Use(scope.module, node, arg),) if node is not None and arg else ())
            for name, (value, arg) in args.keywords.items()
        )
        return Text((*subject.pieces, Piece("?"), *query_of_entries(entries, False).pieces))
    return choose(results)


def _one_param(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`copy_set_param(key, value)` of httpx URLs."""
    name = next(iter(iterate_texts(args.get(0, "key") or UNKNOWN)), None)
    entry = Entry(name.literal if name is not None else None, args.get(1, "value") or UNKNOWN, None)
    if node is not None:
        entry = entry.used_in(Use(scope.module, node, node))
    return Text((*subject.pieces, Piece("?"), *query_of_entries((entry,), False).pieces))


def _unknown(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return Unknown(text.hole(subject, *args.values()).hints, text.hole(subject).roots)


_METHODS: dict[str, Method] = {
    **dict.fromkeys(
        (
            *("encode", "decode"),
            "expandvars",
            "__str__",
            "as_posix",
            "geturl",
            "safe_substitute_all",
            "render",
            *("copy", "resolve", "raw"),
            "tostr",
            "with_suffix",
        ),
        _same,
    ),
    "lower": _recased(str.lower),
    "upper": _recased(str.upper),
    "casefold": _recased(str.casefold),
    "title": _recased(str.title),
    "capitalize": _recased(str.capitalize),
    "strip": _strip(True, True),
    "lstrip": _strip(True, False),
    "rstrip": _strip(False, True),
    "removeprefix": _remove_affix,
    "removesuffix": _remove_affix,
    "replace": _replace,
    "split": splitting.split,
    "splitlines": splitting.split_lines,
    "copy_with": _copy_with,
    "rsplit": splitting.split,
    "partition": _partition,
    "join": _join,
    "startswith": _starts,
    "endswith": _starts,
    "find": _starts,
    "index": _starts,
    "format": _format,
    "format_map": _format_map,
    "substitute": _substitute,
    "safe_substitute": _substitute,
    "joinpath": _join_path,
    "with_path": _url_join,
    "copy_merge_params": _with_query,
    "with_query": _with_query,
    "update_query": _with_query,
    "extend_query": _with_query,
    "copy_set_param": _one_param,
    "copy_add_param": _one_param,
    "get_secret_value": _same,
    "unicode_string": _same,
    "isoformat": _unknown,
}
