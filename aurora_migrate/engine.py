"""The one pipeline: find files, screen them, analyse what matters, fix, and hand over the results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aurora_migrate.config import ConfigError, Settings, nearest_name
from aurora_migrate.files.discovery import Discovery, discover, excluded, siblings
from aurora_migrate.files.project import Project
from aurora_migrate.files.roots import Scope, scopes
from aurora_migrate.files.screen import screen
from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.findings import Applicability, Finding
from aurora_migrate.fixer import (
    Analyse,
    Analysed,
    ByHand,
    Outcome,
    apply_fixes,
    edited_paths,
    noted_by_hand,
    write_fixes,
)

if TYPE_CHECKING:
    from aurora_migrate.catalogue import Rule

ALL = "ALL"
MEMORY_ROOT = Path(os.path.abspath(os.sep), "in-memory")
"""The folder that the files of `check_texts` seem to be in."""


@dataclass(slots=True)
class Report:
    """What a run found and did.

    `findings` are what remains, placed in the texts as the run leaves them. `changes` maps a file to its
    old and new text, written or not. `files_checked` counts the Python files asked about, most of which
    never needed more than a look at their bytes.
    """

    findings: list[Finding] = field(default_factory=list)
    fixed: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    changes: dict[Path, tuple[str, str]] = field(default_factory=dict)
    files_checked: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """An analysis, narrowed to the rules that are on."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Job:
    """One project to analyse, and what is asked of it: `asked` tells whose findings are reported."""

    project: Project
    analyse: Analyse
    by_hand: ByHand
    asked: Callable[[Path], bool]
    fix: Applicability | None
    write: bool


def check(
    paths: Sequence[Path], settings: Settings, *, fix: Applicability | None = None, write: bool = False
) -> Report:
    """Check the Python files that `paths` name, in the light of the whole project around them.

    `fix` says how far fixes are applied (SAFE; UNSAFE: both kinds), `write` whether they reach the disk.
    A fix may edit files that were not named. Raises ConfigError for a rule that does not exist.
    """
    if settings.select or settings.ignore or settings.extend_select:
        enabled_rules(settings)
    absolute = [Path(os.path.abspath(path)) for path in paths]
    problems = discover([path for path in absolute if not os.path.exists(path)], settings).problems
    report = Report(errors=[problem.finding() for problem in problems])
    for scope in scopes([path for path in absolute if os.path.exists(path)]):
        _check_scope(scope, settings, fix, write, report)
    return report


def check_texts(texts: Mapping[str, str], settings: Settings, fix: Applicability | None = None) -> Report:
    """Check programs that exist in memory only: all of them are analysed, and paths are below MEMORY_ROOT."""
    project = Project.in_memory(MEMORY_ROOT, {MEMORY_ROOT / name: text for name, text in texts.items()})
    report = Report(files_checked=len(texts))
    _run(_Job(project, _analyser(settings), _describer(settings), lambda _: True, fix, write=False), report)
    return report


def enabled_rules(settings: Settings) -> frozenset[str]:
    """The codes that `settings` turn on. As in ruff the longer prefix wins, and between equals `ignore`."""
    from aurora_migrate.catalogue import load_catalogue

    rules = load_catalogue().rules
    for key, selectors in (
        ("select", settings.select),
        ("extend-select", settings.extend_select),
        ("ignore", settings.ignore),
    ):
        for selector in selectors:
            if selector != ALL and not any(code.startswith(selector) for code in rules):
                near = nearest_name(selector.upper(), [*rules, ALL])
                raise ConfigError(
                    f"{settings.source or 'settings'}: {key}: there is no rule {selector!r}{near}"
                )
            rule = rules.get(selector)
            if rule is not None and rule.switch and key != "ignore":
                only = f"{selector} is turned on by `check --{rule.switch}` alone"
                raise ConfigError(f"{settings.source or 'settings'}: {key}: {only}")
    return frozenset(code for code, rule in rules.items() if _is_enabled(rule, settings))


def _is_enabled(rule: Rule, settings: Settings) -> bool:
    if rule.switch:
        return rule.switch in settings.switches
    code, default = rule.code, rule.default
    start = (ALL,) if default and not settings.select else ()
    chosen = _specificity(code, (*start, *settings.select, *settings.extend_select))
    return chosen > _specificity(code, settings.ignore)


def _specificity(code: str, selectors: Iterable[str]) -> int:
    lengths = (0 if selector == ALL else len(selector) for selector in selectors if _covers(selector, code))
    return max(lengths, default=-1)


def _covers(selector: str, code: str) -> bool:
    return selector == ALL or code.startswith(selector)


def _check_scope(
    scope: Scope, settings: Settings, fix: Applicability | None, write: bool, report: Report
) -> None:
    named = discover(scope.named, settings)
    report.files_checked += len(named.files)
    report.errors += [problem.finding() for problem in named.problems]
    files, documents = _with_context(scope, named, settings)
    asked = frozenset([*named.files, *named.documents])
    screening = screen(files, scope.root, settings, frozenset(named.files), documents)
    report.errors += [
        unreadable.finding() for unreadable in screening.unreadable if str(unreadable.path) in asked
    ]
    if screening.relevant or screening.telling:
        project = Project(scope.root, screening.relevant, tuple(files), tuple(documents))
        analyse, by_hand = _analyser(settings), _describer(settings)
        _run(_Job(project, analyse, by_hand, _asked(project, asked, settings), fix, write), report)


def _asked(project: Project, named: frozenset[str], settings: Settings) -> Callable[[Path], bool]:
    """Whose findings are reported: those of the named files, and of the data files that these read."""

    def asked(path: Path) -> bool:
        if str(path) in named:
            return True
        return any(str(reader) in named for reader in project.readers(path)) and not excluded(path, settings)

    return asked


def _with_context(scope: Scope, named: Discovery, settings: Settings) -> tuple[list[str], list[str]]:
    """The named files and the documents, with those of the project around them."""
    if not scope.flat and set(scope.folders) <= set(scope.named):
        return named.files, named.documents
    around = discover(scope.folders, settings)
    flat = (path for folder in scope.flat for path in siblings(str(folder)))
    files = sorted({*named.files, *around.files, *flat})
    return files, sorted({*named.documents, *around.documents})


def _analyser(settings: Settings) -> Analyse:
    """The analysis under these settings; LibCST is imported here, and not before."""
    from aurora_migrate.catalogue import load_catalogue
    from aurora_migrate.changes import analyse

    catalogue = load_catalogue()
    enabled = enabled_rules(settings)

    def analyse_project(project: Project) -> Analysed:
        analysis = analyse(project, settings, catalogue)
        errors = [error for error in analysis.errors if error.subject in enabled or not _is_of_rule(error)]
        return _Found([found for found in analysis.findings if found.rule in enabled], errors)

    return analyse_project


def _is_of_rule(error: Finding) -> bool:
    """Whether an error tells that a rule failed: it matters where the rule is on."""
    return error.name == "rule-failed"


def _describer(settings: Settings) -> ByHand:
    """How a finding whose fix cannot land is put, in the words of its rule."""
    from aurora_migrate.catalogue import load_catalogue

    rules = load_catalogue().rules

    def by_hand(finding: Finding, reason: str) -> Finding:
        rule = rules.get(finding.rule)
        if rule is None or "manual" not in rule.messages:
            return noted_by_hand(finding, reason)
        names = dict(finding.names)
        return replace(
            finding,
            message=rule.message("manual", reason=reason, **names),
            applicability=Applicability.MANUAL,
            fix=None,
            advice=rule.advise(token=settings.auth.token, **names).strip(),
        )

    return by_hand


def _run(job: _Job, report: Report) -> None:
    found, crashes = _analyse_what_works(job)
    report.errors += crashes
    report.errors += [error for error in found.errors if job.asked(error.location.path)]
    # What a module that was not understood relies on is unknown, so nothing around it is edited.
    if job.fix is None or crashes:
        report.findings += [finding for finding in found.findings if job.asked(finding.location.path)]
        return
    outcome = apply_fixes(
        job.project, found, job.analyse, lambda finding: _may_fix(finding, job), job.by_hand
    )
    if job.write:
        outcome = _written(job, found, outcome, report)
    report.findings += [finding for finding in outcome.findings if job.asked(finding.location.path)]
    report.fixed += [finding for finding in outcome.fixed if job.asked(finding.location.path)]
    for path, text in sorted(outcome.texts.items()):
        report.changes[path] = (job.project.text(path), text)


def _may_fix(finding: Finding, job: _Job) -> bool:
    if finding.fix is None or not job.asked(finding.location.path):
        return False
    worst = {finding.applicability, finding.fix.applicability}
    return worst <= {Applicability.SAFE, job.fix}


def _written(job: _Job, first: Analysed, outcome: Outcome, report: Report) -> Outcome:
    """What has become of the outcome on disk; a group that could not be written is as it was."""
    failed, reasons = write_fixes(job.project, outcome)
    if not failed:
        return outcome
    report.errors += [reason.finding() for reason in reasons]
    found, crashes = _analyse_what_works(replace(job, project=job.project.on_disk()))
    report.errors += crashes
    seen = {finding.identity for finding in found.findings}
    # In a file that is as it was, a finding stands where it stood.
    stood = {old.identity: old for old in first.findings if old.location.path in failed}
    unseen = [stood.get(lost.identity, lost) for lost in outcome.unseen if lost.identity not in seen]
    return Outcome(
        findings=[*found.findings, *unseen],
        fixed=[finding for finding in outcome.fixed if not edited_paths(job.project, finding) & failed],
        texts={path: text for path, text in outcome.texts.items() if path not in failed},
    )


def _analyse_what_works(job: _Job) -> tuple[Analysed, list[Finding]]:
    """The analysis; should it crash, one more without the module that it crashed on, and errors.

    One more and not one a module: what crashes an analysis may have taken it a long time.
    """
    try:
        return job.analyse(job.project), []
    except Exception as error:
        crash = error
    module = _crashed_in(crash)
    errors = [_bug(module or job.project.root, crash)]
    rest = tuple(path for path in job.project.modules if path != module)
    if module is None or len(rest) == len(job.project.modules):
        return _Found(), errors
    try:
        return job.analyse(job.project.only(rest)), errors
    except Exception as error:
        return _Found(), [*errors, _bug(_crashed_in(error) or job.project.root, error)]


def _crashed_in(error: Exception) -> Path | None:
    from aurora_migrate.flow.crashes import crashed_in

    return crashed_in(error)


def _bug(path: Path, error: Exception) -> Finding:
    what = f"{type(error).__name__}: {error}".strip(": ")
    reason = (
        f"could not be analysed ({what}); this is a bug in aurora-migrate, please report it with this file"
    )
    return UnreadableFile(path, reason).finding()
