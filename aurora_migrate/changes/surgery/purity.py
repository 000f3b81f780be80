"""Whether evaluating an expression could do anything but compute a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.changes.surgery.uses import uses_of
from aurora_migrate.flow.trees import children

_BUILTINS = frozenset(
    "str bytes bytearray sorted len int float bool dict "
    "list tuple set frozenset iter map filter zip enumerate range "
    "reversed min max sum abs round repr chr ord hex isinstance any all format getattr hasattr type".split()
)
_METHODS = frozenset(
    "encode decode strip lstrip rstrip replace lower upper "
    "title items keys values format join split rsplit splitlines "
    "partition rpartition startswith endswith digest "
    "hexdigest strftime isoformat timestamp timetuple utctimetuple "
    "astimezone copy zfill ljust rjust index hex removeprefix "
    "removesuffix total_seconds casefold".split()
)
_MODULES = (
    "hmac hashlib base64 urllib.parse urllib.quote "
    "urllib.urlencode six.moves.urllib.parse datetime calendar string "
    "binascii email.utils uuid pytz zoneinfo itertools "
    "operator random secrets os.urandom platform collections posixpath os.path math copy decimal "
    "json.dumps json.loads time.time time.time_ns "
    "time.gmtime time.localtime time.strftime time.mktime os.getenv "
    "os.environ.get re.sub re.compile re.escape functools.partial requests.utils.quote requests.compat"
).split()
_MAPPINGS = re.compile(
    r"(?i)(environ|env|params?|headers?|config\w*|cfg|settings|kwargs|options|data|payload|query|cred\w*|secrets?)\Z"
)
_TRANSPARENT = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.IfExp,
    cst.FormattedString,
    cst.FormattedStringExpression,
    cst.FormattedStringText,
    cst.ConcatenatedString,
    cst.Dict,
    cst.List,
    cst.Set,
    cst.Tuple,
    cst.DictElement,
    cst.StarredDictElement,
    cst.Element,
    cst.StarredElement,
    cst.Subscript,
    cst.SubscriptElement,
    cst.Index,
    cst.Slice,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.GeneratorExp,
    cst.CompFor,
    cst.CompIf,
    cst.Arg,
    cst.Attribute,
)
_NOT_CODE = (
    cst.BaseParenthesizableWhitespace,
    cst.BaseUnaryOp,
    cst.BaseBinaryOp,
    cst.BaseBooleanOp,
    cst.BaseCompOp,
    cst.Comma,
    cst.AssignEqual,
    cst.Colon,
    cst.Dot,
    cst.LeftParen,
    cst.RightParen,
    cst.LeftCurlyBrace,
    cst.RightCurlyBrace,
    cst.LeftSquareBracket,
    cst.RightSquareBracket,
)
_MUTATORS = frozenset({"append", "extend", "update", "add", "insert", "setdefault", "sort", "reverse"})
_LEVELS = frozenset("debug info warning warn error exception critical log".split())
_LOGGERS = re.compile(r"(?i)(\w*_)?log(ger|ging)?\Z")
_HARMLESS_DECORATORS = frozenset(
    {"staticmethod", "classmethod", "property", "lru_cache", "cache", "functools.lru_cache"}
)


class Purity:
    """Purity of expressions over the project's current trees."""

    def __init__(self, trees: Mapping[Path, cst.Module]) -> None:
        self._trees = trees
        self._functions: dict[tuple[Path, str], list[cst.FunctionDef | cst.ClassDef]] = {}
        self._methods: dict[str, list[tuple[Path, cst.FunctionDef]]] = {}
        self._known: dict[int, bool] = {}
        for path, tree in trees.items():
            for statement in tree.body:
                if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
                    self._functions.setdefault((path, statement.name.value), []).append(statement)
                if isinstance(statement, cst.ClassDef):
                    for each in statement.body.body:
                        if isinstance(each, cst.FunctionDef):
                            self._methods.setdefault(each.name.value, []).append((path, each))

    def pure(self, node: cst.CSTNode, path: Path) -> bool:
        """Whether the expression, in the module at `path`, only computes."""
        stack = [node]
        while stack:
            current = stack.pop()
            if isinstance(current, (cst.Name, cst.SimpleString, cst.BaseNumber, cst.Ellipsis)):
                continue
            if isinstance(current, cst.Lambda):
                stack.append(current.body)
            elif isinstance(current, cst.CompFor) and current.asynchronous is not None:
                return False
            elif isinstance(current, cst.Call):
                if not self._pure_callee(current, path):
                    return False
                stack.extend(arg.value for arg in current.args)
                if isinstance(current.func, cst.Attribute):
                    stack.append(current.func.value)
            elif isinstance(current, _TRANSPARENT):
                stack.extend(children(current))
            elif not isinstance(current, _NOT_CODE):
                return False
        return True

    def harmless_callee(self, call: cst.Call, path: Path) -> bool:
        """Whether what is called only computes; its arguments aside."""
        return self._pure_callee(call, path)

    def fresh(self, node: cst.BaseExpression, path: Path) -> bool:
        """Whether the value is an object that nobody else holds, so that changing it changes nothing else."""
        if isinstance(node, cst.Call):
            name = dotted(node.func) or ""
            if isinstance(node.func, cst.Name) and node.func.value in _BUILTINS:
                return node.func.value != "getattr"
            if isinstance(node.func, cst.Attribute) and node.func.attr.value in _METHODS:
                return True
            return self.resolved(name, path).startswith(
                ("hmac.", "hashlib.", "collections.", "urllib.parse.")
            )
        return not isinstance(node, (cst.Name, cst.Attribute, cst.Subscript, cst.IfExp, cst.BooleanOperation))

    def _pure_callee(self, call: cst.Call, path: Path) -> bool:
        name = dotted(call.func)
        if not all(_harmless_callable(each) for each in _callables(call, name)):
            return False
        imported = uses_of(self._trees[path]).bound
        if name is not None and name.split(".")[0] in imported:
            return self._pure_import(name, path)
        if isinstance(call.func, cst.Name):
            own = self._functions.get((path, call.func.value))
            if own:
                return all(self._pure_definition(each, path) for each in own)
            if call.func.value == "next":
                return bool(call.args) and isinstance(call.args[0].value, (cst.GeneratorExp, cst.Call))
            return call.func.value in _BUILTINS
        return isinstance(call.func, cst.Attribute) and self._pure_method(call.func, call)

    def _pure_method(self, func: cst.Attribute, call: cst.Call) -> bool:
        method = func.attr.value
        if method in _METHODS:
            return True
        if method == "get":
            receiver = (dotted(func.value) or "").split(".")[-1]
            key = call.args[0].value if call.args else None
            return bool(_MAPPINGS.match(receiver)) and (
                isinstance(key, cst.SimpleString) and "/" not in key.value
            )
        found = self._methods.get(method, [])
        return bool(found) and all(self._pure_definition(each, where) for where, each in found)

    def resolved(self, name: str, path: Path) -> str:
        """A dotted name with what the module imports under its first part."""
        first, _, rest = name.partition(".")
        origin = uses_of(self._trees[path]).bound.get(first, first)
        return f"{origin}.{rest}" if rest else origin

    def _pure_import(self, name: str, path: Path) -> bool:
        resolved = self.resolved(name, path)
        if any(resolved == each or resolved.startswith(each + ".") for each in _MODULES):
            return True
        module, _, function = resolved.rpartition(".")
        for (where, known), found in self._functions.items():
            if known == function and where != path and where.stem == module.split(".")[-1]:
                return all(self._pure_definition(each, where) for each in found)
        return False

    def _pure_definition(self, node: cst.FunctionDef | cst.ClassDef, path: Path) -> bool:
        if id(node) not in self._known:
            before = set(self._known)
            self._known[id(node)] = True  # a function that calls itself does nothing more by that
            if isinstance(node, cst.ClassDef):
                found = self._pure_class(node, path)
            else:
                found = self._pure_function(node, path)
            for each in set(self._known) - before if not found else ():
                if self._known[each]:
                    del self._known[each]
            self._known[id(node)] = found
        return self._known[id(node)]

    def _pure_class(self, node: cst.ClassDef, path: Path) -> bool:
        if any((dotted(base.value) or "") != "object" for base in node.bases) or node.keywords:
            return False
        made = [each for each in node.body.body if isinstance(each, cst.FunctionDef)]
        return all(
            self._pure_function(each, path) for each in made if each.name.value in ("__init__", "__new__")
        )

    def _pure_function(self, node: cst.FunctionDef, path: Path) -> bool:
        if node.asynchronous is not None:
            return False
        for decorator in node.decorators:
            if (dotted(decorator.decorator) or "") not in _HARMLESS_DECORATORS:
                return False
        params = node.params
        every = [*params.posonly_params, *params.params, *params.kwonly_params]
        outer = {each.name.value for each in every}
        shared = uses_of(node).shared
        return not shared and self._pure_block(node.body, path, outer, node.name.value == "__init__")

    def _pure_block(self, block: cst.BaseSuite, path: Path, outer: set[str], constructs: bool) -> bool:
        for statement in block.body:
            if isinstance(statement, cst.SimpleStatementLine):
                if not all(self._pure_small(each, path, outer, constructs) for each in statement.body):
                    return False
            elif isinstance(statement, cst.BaseSmallStatement):
                if not self._pure_small(statement, path, outer, constructs):
                    return False
            elif not self._pure_compound(statement, path, outer, constructs):
                return False
        return True

    def _pure_compound(
        self,
        node: cst.BaseCompoundStatement | cst.BaseStatement,
        path: Path,
        outer: set[str],
        constructs: bool,
    ) -> bool:
        if isinstance(node, cst.FunctionDef):
            return True
        if isinstance(node, cst.If):
            head: cst.BaseExpression = node.test
        elif isinstance(node, cst.For) and node.asynchronous is None:
            head = node.iter
        else:
            return False
        other = node.orelse
        if isinstance(other, cst.If) and not self._pure_compound(other, path, outer, constructs):
            return False
        if isinstance(other, cst.Else) and not self._pure_block(other.body, path, outer, constructs):
            return False
        return self.pure(head, path) and self._pure_block(node.body, path, outer, constructs)

    def _pure_small(
        self, node: cst.BaseSmallStatement, path: Path, outer: set[str], constructs: bool
    ) -> bool:
        if isinstance(
            node, (cst.Pass, cst.Import, cst.ImportFrom, cst.Break, cst.Continue, cst.Raise, cst.Assert)
        ):
            return True
        if isinstance(node, cst.Return):
            return node.value is None or self.pure(node.value, path)
        if isinstance(node, cst.Assign):
            targets = [each.target for each in node.targets]
        elif isinstance(node, (cst.AnnAssign, cst.AugAssign)):
            targets = [node.target]
        elif isinstance(node, cst.Expr):
            if isinstance(node.value, cst.Call) and is_log_call(node.value):
                return all(self.pure(arg.value, path) for arg in node.value.args)
            return isinstance(node.value, cst.SimpleString) or self._pure_mutation(node.value, path, outer)
        else:
            return False
        value = node.value
        return (value is None or self.pure(value, path)) and all(
            _own(each, outer, constructs) for each in targets
        )

    def _pure_mutation(self, node: cst.BaseExpression, path: Path, outer: set[str]) -> bool:
        """A change to a local object."""
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
            return self.pure(node, path)
        local = isinstance(node.func.value, cst.Name) and node.func.value.value not in outer
        if local and node.func.attr.value in _MUTATORS:
            return all(self.pure(arg.value, path) for arg in node.args)
        return self.pure(node, path)


def is_log_call(call: cst.Call) -> bool:
    """`LOG.debug(...)`, `logging.info(...)` and their like."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value not in _LEVELS:
        return False
    owner = func.value
    if isinstance(owner, cst.Call):
        return (dotted(owner.func) or "").split(".")[-1] in ("getLogger", "get_logger")
    return _LOGGERS.match((dotted(owner) or "").split(".")[-1]) is not None


def is_message(call: cst.Call) -> bool:
    """Whether a call logs or prints."""
    return is_log_call(call) or (isinstance(call.func, cst.Name) and call.func.value == "print")


def _callables(call: cst.Call, name: str | None) -> Iterator[cst.BaseExpression]:
    """The arguments that the callee calls in turn."""
    if name in ("map", "filter", "functools.partial", "partial", "itertools.starmap") and call.args:
        yield call.args[0].value
    last = call.func.attr.value if isinstance(call.func, cst.Attribute) else name
    for arg in call.args:
        if arg.keyword is None or last in ("format", "dict"):
            continue
        if arg.keyword.value in ("key", "default_factory"):
            yield arg.value


def _harmless_callable(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Lambda):
        return True
    name = dotted(node) or ""
    return name.split(".")[0] in (*_BUILTINS, "operator", "None")


def _own(target: cst.BaseExpression, outer: set[str], constructs: bool) -> bool:
    """Whether storing there changes nothing outside the function."""
    if isinstance(target, cst.Name):
        return True
    if isinstance(target, cst.Subscript):
        return isinstance(target.value, cst.Name) and target.value.value not in outer
    if isinstance(target, cst.Attribute):
        return constructs and dotted(target.value) == "self"
    if isinstance(target, (cst.Tuple, cst.List)):
        return all(_own(element.value, outer, constructs) for element in target.elements)
    return False
