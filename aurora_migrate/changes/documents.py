"""Files of settings and data that the program reads: what a fix of one has to say, and those not followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import libcst as cst

from aurora_migrate.catalogue.model import Catalogue, Rule, Where
from aurora_migrate.changes.context import Context, as_unsafe, left_to_user, manual
from aurora_migrate.changes.doubles.data_files import DataFiles
from aurora_migrate.files.documents import is_document
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module, Modules
from aurora_migrate.flow.test_modules import lies_with_tests
from aurora_migrate.flow.trees import walk


def load_telling(modules: Modules, hosts: Iterable[str]) -> None:
    """Load the documents that spell one of Aurora's hosts, whoever may read them."""
    names = tuple(hosts)
    for path in modules.project.documents:
        text = modules.project.loose_text(path).lower()
        if any(host in text for host in names):
            _as_programs_own(modules.load_data(path))


def settled(context: Context, rule: Rule, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, those whose fix edits a document of the program only with the user's word.

    Where something else may read that document, too, they are left to the user.
    """
    files = DataFiles(context)
    own = {module.path for module in context.modules if module.read_by_code}
    for finding in findings:
        edited = sorted({edit.path for edit in finding.fix.edits} & own) if finding.fix is not None else []
        if finding.fix is None or not edited:
            yield finding
            continue
        against = next(filter(None, map(files.against, edited)), "") if _is_shared(rule) else ""
        yield left_to_user(rule, finding, against) if against else as_unsafe(finding, _told(finding, edited))


def unfollowed(context: Context, rule: Rule) -> Iterator[Finding]:
    """Places of documents that no call was seen to read and that spell names of the rule's requests."""
    project = next((module.project for module in context.modules if module.project is not None), None)
    wanted = _names_sent(context.catalogue, rule)
    if project is None or not wanted or not _asks(context, rule):
        return
    modules = Modules(project)
    for path in project.documents:
        if not project.readers(path) and any(name in project.loose_text(path) for name in wanted):
            module = None if lies_with_tests(path, project.root) else modules.load_data(path)
            yield from _keys_in(rule, module, wanted) if module is not None else ()


def _keys_in(rule: Rule, module: Module, names: set[str]) -> Iterator[Finding]:
    for node in walk(module.tree):
        key = node.key if isinstance(node, cst.DictElement) else None
        if isinstance(key, cst.SimpleString) and string_value(key) in names:
            old = string_value(key)
            reason = f"`{module.path.name}` has it, and what reads that file was not followed"
            fields = rule.parameters.text_map("fields") if "fields" in rule.parameters else {}
            new = fields.get(old, "").rpartition(".")[2]
            location = module.location(key)
            yield manual(rule, location, Certainty.LIKELY, reason, (), old, old=old, new=new)


def _names_sent(catalogue: Catalogue, rule: Rule) -> set[str]:
    """The rule's names for the bodies of requests to endpoints that nobody but Aurora has."""
    distinctive = all(endpoint.distinctive for endpoint in catalogue.endpoints_of(rule))
    if rule.where != (Where.REQUEST_BODY,) or not distinctive:
        return set()
    if rule.kind == "field-renamed":
        return set(rule.parameters.text_map("fields"))
    return {rule.parameters.text("field")} if rule.kind == "field-removed" else set()


def _asks(context: Context, rule: Rule) -> bool:
    requests = context.facts.requests.values()
    return any(context.ties.concerned(request, rule) is not None for request in requests)


def _is_shared(rule: Rule) -> bool:
    """Whether what the rule changes in a document may be right for others: an address of Aurora's is not."""
    return "prefix" not in rule.parameters


def _told(finding: Finding, edited: Iterable[Path]) -> str:
    assert finding.fix is not None
    names = ", ".join(f"`{path.name}`" for path in edited)
    return f"{finding.fix.summary}; this edits {names}: do the same in every copy that is deployed"


def _as_programs_own(module: Module | None) -> None:
    if module is not None and is_document(module.path) and module.project is not None:
        readers = module.project.readers(module.path)
        module.read_by_code = module.read_by_code or not (
            readers or lies_with_tests(module.path, module.project.root)
        )
