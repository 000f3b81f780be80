"""Calls by what they do with a text: show it to a person, test it, hand it on, keep it."""

from __future__ import annotations

import builtins

import libcst as cst

from aurora_migrate.changes.surgery.purity import is_log_call
from aurora_migrate.flow.scopes import dotted_name

_SHOWN = frozenset(
    "print pprint pformat str repr ascii format sys.exit exit quit os._exit pprint.pprint pprint.pformat "
    "warnings.warn pytest.fail pytest.skip traceback.print_exc textwrap.fill textwrap.shorten "
    "textwrap.indent textwrap.wrap html.escape json.dumps".split()
)
_SHOWN_METHODS = frozenset(
    "echo secho print write writelines writerow writerows format join fail flash capture_message "
    "add_note toast".split()
)
"""Methods, whoever has them, that take texts to show or to write them."""

_TESTS = frozenset(
    f"re.{name}" for name in "search match fullmatch findall finditer split sub subn".split()
) | frozenset({"fnmatch.fnmatch", "fnmatch.fnmatchcase"})
_PATTERN_METHODS = frozenset("search match fullmatch findall finditer".split())
TEXT_TESTS = frozenset("startswith endswith find rfind index count isdigit isupper islower".split())
"""Methods of a text that look for something in it."""

_TYPE_TESTS = frozenset({"isinstance", "type", "hasattr", "callable"})
_KEEPERS = frozenset("append add insert appendleft put put_nowait setdefault".split())
SAME_TEXT = frozenset(
    "lower upper title casefold capitalize strip lstrip rstrip decode encode removeprefix removesuffix "
    "replace zfill ljust rjust center expandtabs".split()
)
"""Methods of a text that give it back in another dress."""

_RAISED = ("Error", "Exception", "Exit", "Abort", "Interrupt", "Warning", "BadParameter")
_BUILTIN_ERRORS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


def shows(call: cst.Call) -> bool:
    """Whether a call puts its arguments before a person, or makes a text of them."""
    if is_log_call(call):
        return True
    name = dotted_name(call.func)
    if name in _SHOWN or name.split(".")[-1] in ("echo", "secho"):
        return True
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _SHOWN_METHODS


def tests(call: cst.Call) -> bool:
    """Whether a call looks for something in the text that it is given."""
    if dotted_name(call.func) in _TESTS:
        return True
    # `PATTERN.search(text)`, `TEXTS.get(text)`
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in (*_PATTERN_METHODS, "get")


def asks_for_type(call: cst.Call) -> bool:
    """`isinstance(value, dict)` and its kin."""
    return dotted_name(call.func) in _TYPE_TESTS


def keeps(call: cst.Call) -> bool:
    """Whether a method puts its argument into a list, set, dict or queue."""
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _KEEPERS


def is_exception(name: str) -> bool:
    """Whether a class outside the project is an exception, by its name: its arguments are for a person."""
    last = name.rpartition(".")[2]
    if last in _BUILTIN_ERRORS:
        return True
    # What web frameworks answer with goes to another program.
    return last.endswith(_RAISED) and not last.startswith("HTTP")
