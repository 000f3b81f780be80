"""Kind sdk-call-changed: a client class of a published package is made with other arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.facts import SdkCall
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entries, Entry, Value
from aurora_migrate.flow.values import Mapping as MappingValue


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every call of the class in its old form, or asked for the old version."""
    for call in context.facts.sdk_calls.values():
        if call.name.split(".")[0] != rule.parameters.text("module"):
            continue
        if call.name.rpartition(".")[2] != rule.parameters.text("class"):
            continue
        finding = _SdkCall(context, rule, call).finding()
        if finding is not None:
            yield finding


class _SdkCall:
    def __init__(self, context: Context, rule: Rule, call: SdkCall) -> None:
        self.context = context
        self.rule = rule
        self.call = call
        self.plan = Plan()

    def finding(self) -> Finding | None:
        call, module = self.call, self.call.module
        location, subject = module.location(call.node), source_of(module, call.node)
        try:
            if not self._planned():
                return None
            edits = carried_out(self.plan, self.context.modules)
        except Refused as refused:
            token = self.context.settings.auth.token
            return manual(self.rule, location, Certainty.PROVEN, str(refused), (), subject, token)
        return fixable(self.rule, location, Certainty.PROVEN, edits, (), subject)

    def _planned(self) -> bool:
        if self._is_old_form():
            self._to_new_form()
            return True
        dropped = self._dropped()
        signing = self._signing_credentials()
        for arg in dropped:
            self.plan.remove_argument(self.call.module, self.call.node, arg)
        if signing is not None and (dropped or signing.node is not None):
            self._replace_credentials(signing)
        return bool(dropped) or signing is not None

    def _is_old_form(self) -> bool:
        """Three positional arguments of which the third is no version, or the old parameters' names."""
        old = self.rule.parameters.texts("old-parameters")
        new = self.rule.parameters.texts("new-parameters")
        only_old = set(old) - set(new)
        if any(name in only_old for name in self.call.keywords):
            return True
        if self.call.open:
            if not self.call.keywords:
                raise Refused("its arguments are not written out in the call")
            return False
        if len(self.call.positional) != len(old):
            return False
        values = [value for value, _ in self.call.positional]
        if any(isinstance(option, MappingValue) for option in options(values[1])):
            return False
        return not _is_version(values[2])

    def _to_new_form(self) -> None:
        module, node = self.call.module, self.call.node
        old = self.rule.parameters.texts("old-parameters")
        if self.call.open:
            raise Refused("some of its arguments are not written out in the call")
        kept = {index: arg for index, (_, arg) in enumerate(self.call.positional)}
        for index, arg in kept.items():
            if index == 1:
                self.plan.replace(module, arg.value, self._credentials())
            elif index > 1:
                self.plan.remove_argument(module, node, arg)
        replaced = len(kept) > 1
        for name, (_, keyword) in self.call.keywords.items():
            if name not in old or name == old[0]:
                continue
            if keyword is None:
                raise Refused("some of its arguments are not written out in the call")
            self.plan.remove_argument(module, node, keyword)
        if not replaced:
            self.plan.add_keyword(
                module, node, self.rule.parameters.text("credentials-parameter"), self._credentials()
            )
        self._import_token()

    def _credentials(self) -> str:
        key = self.rule.parameters.text("token-key")
        return f'{{"{key}": {self.context.settings.auth.token}}}'

    def _import_token(self) -> None:
        if self.context.settings.auth.import_:
            self.plan.add_import(self.call.module, self.context.settings.auth.import_)

    def _dropped(self) -> list[cst.Arg]:
        """The arguments that ask for the old version."""
        dropped: Mapping[str, str] = self.rule.parameters.text_map("dropped-keywords")
        new = self.rule.parameters.texts("new-parameters")
        found: list[cst.Arg] = []
        for name, old_value in dropped.items():
            index = new.index(name)
            given = self.call.keywords.get(name)
            if given is None and index < len(self.call.positional):
                given = self.call.positional[index]
            if given is None:
                continue
            texts = [value.literal for value in iterate_texts(given[0])]
            if old_value not in texts:
                continue
            if given[1] is None or len(options(given[0])) != 1:
                raise Refused("the version is decided elsewhere")
            found.append(given[1])
        return found

    def _signing_credentials(self) -> MappingValue | None:
        """The credentials, when they hold a key and a secret and no token."""
        index = self.rule.parameters.texts("new-parameters").index(
            self.rule.parameters.text("credentials-parameter")
        )
        given = self.call.keywords.get(self.rule.parameters.text("credentials-parameter"))
        if given is None and index < len(self.call.positional):
            given = self.call.positional[index]
        for option in options(given[0]) if given is not None else ():
            if isinstance(option, MappingValue) and option.node is not None:
                names = {entry.name for entry in _entries(option)}
                signs = names & set(self.rule.parameters.texts("signing-keys"))
                if signs and self.rule.parameters.text("token-key") not in names:
                    return option
        return None

    def _replace_credentials(self, credentials: MappingValue) -> None:
        if not isinstance(credentials.node, (cst.Dict, cst.Call)) or credentials.module is None:
            raise Refused("its credentials are not written out in one place")
        if not any(
            arg.value is credentials.node or _is_only_use(credentials, self.call.module, arg.value)
            for arg in self.call.node.args
        ):
            raise Refused("its credentials are made elsewhere and may be read by other code, too")
        self.plan.replace(credentials.module, credentials.node, self._credentials())
        if self.context.settings.auth.import_:
            self.plan.add_import(credentials.module, self.context.settings.auth.import_)


def _is_only_use(credentials: MappingValue, module: Module, name: cst.BaseExpression) -> bool:
    """Whether this name is the only use of the variable that the dict was assigned to."""
    assign = module.parents.get(id(credentials.node))
    if not isinstance(assign, cst.Assign) or not isinstance(name, cst.Name) or len(assign.targets) != 1:
        return False
    target = assign.targets[0].target
    if not isinstance(target, cst.Name) or target.value != name.value:
        return False
    visitor = _Names(name.value)
    module.tree.visit(visitor)
    return visitor.count == 2


class _Names(cst.CSTVisitor):
    """Counts how often a name stands in a module."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0

    def visit_Name(self, node: cst.Name) -> None:
        self.count += node.value == self.name


def _entries(mapping: MappingValue) -> tuple[Entry, ...]:
    held = mapping.cells.get("entries")
    return held.items if isinstance(held, Entries) else ()


def _is_version(value: Value) -> bool:
    return any(
        text.literal is not None and text.literal[:2] == "20" and "." in text.literal
        for text in iterate_texts(value)
    )
