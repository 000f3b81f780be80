"""The fixer: what lands together, what is taken back and why, and that nothing is left half done."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.files.project import Project
from aurora_migrate.findings import Applicability, Edit, Finding, Fix, Position, TraceStep
from aurora_migrate.fixer import Analysed, Outcome, apply_fixes, write_fixes
from tests.files.tree import make_tree
from tests.toy_analysis import Toy, ToyAnalysis, ToyRule

ROOT = Path("/toy")
OLD = ToyRule("T1", r"old_(\w+)", r"new_\1")


def memory(**texts: str) -> Project:
    return Project.in_memory(ROOT, {ROOT / f"{name}.py": text for name, text in texts.items()})


def fix(
    project: Project,
    analyse: Callable[[Project], Analysed],
    wanted: Callable[[Finding], bool] = lambda _: True,
) -> Outcome:
    return apply_fixes(project, analyse(project), analyse, wanted)


def texts(outcome: Outcome) -> dict[str, str]:
    return {path.stem: text for path, text in outcome.texts.items()}


def test_all_fixes_land_in_one_pass() -> None:
    toy = Toy([OLD])
    outcome = fix(memory(a="old_x = old_y\n", b="old_z\n", c="c\n"), toy)
    assert texts(outcome) == {"a": "new_x = new_y\n", "b": "new_z\n"}
    assert [finding.subject for finding in outcome.fixed] == ["old_x", "old_y", "old_z"]
    assert outcome.findings == []
    assert toy.passes == 2


def test_second_run_changes_nothing() -> None:
    first = fix(memory(a="old_x = old_y\n"), Toy([OLD]))
    assert texts(fix(memory(**texts(first)), Toy([OLD]))) == {}


def test_unwanted_fix_stays_available() -> None:
    outcome = fix(memory(a="old_x; old_y\n"), Toy([OLD]), lambda finding: finding.subject == "old_y")
    assert texts(outcome) == {"a": "old_x; new_y\n"}
    assert [(finding.subject, finding.fix is not None) for finding in outcome.findings] == [("old_x", True)]


def test_overlapping_fixes_land_one_after_the_other() -> None:
    inner = ToyRule("T2", r"first\(", "second(")
    outer = ToyRule("T3", r"wrap\((first|second)\((\w)\)\)", r"\1(\2)")
    outcome = fix(memory(a="wrap(first(x))\n"), Toy([inner, outer]))
    assert texts(outcome) == {"a": "second(x)\n"}
    assert sorted(finding.rule for finding in outcome.fixed) == ["T2", "T3"]


def test_finding_that_a_fix_leaves_over_is_fixed_in_the_next_pass() -> None:
    outcome = fix(memory(a="one_two\n"), Toy([ToyRule("T1", "one_two", "two"), ToyRule("T2", "two", "2")]))
    assert texts(outcome) == {"a": "2\n"}


def insertion(path: Path, at: int, text: str) -> Edit:
    return Edit(path, at, at, text)


def with_import(project: Project, words: dict[str, str]) -> ToyAnalysis:
    """`words` are found; each fix renames its word and adds an import at the top."""
    result = ToyAnalysis()
    for word, line in words.items():
        found = Toy([ToyRule("T1", rf"\b{word}\b", f"new_{word}")])(project).findings
        for finding in found:
            assert finding.fix is not None
            top = insertion(finding.location.path, 0, line)
            own = finding.fix.edits
            result.findings.append(replace_fix(finding, Fix("x", Applicability.SAFE, (top, *own))))
    return result


def replace_fix(finding: Finding, new: Fix) -> Finding:
    return replace(finding, fix=new)


def test_edit_that_several_fixes_share_is_applied_once() -> None:
    words = {"x": "import os\n", "y": "import os\n"}
    outcome = fix(memory(a="x; y\n"), lambda project: with_import(project, words))
    assert texts(outcome) == {"a": "import os\nnew_x; new_y\n"}


def test_different_insertions_in_one_place_take_turns() -> None:
    words = {"x": "import os\n", "y": "import sys\n"}
    outcome = fix(memory(a="x; y\n"), lambda project: with_import(project, words))
    assert texts(outcome) == {"a": "import sys\nimport os\nnew_x; new_y\n"}
    assert outcome.findings == []


def test_files_that_share_a_fix_are_written_together() -> None:
    rule = ToyRule("T1", r"(?<!def )sign\(\)", "token()", also=(("helper.py", "def sign", "def token"),))
    outcome = fix(memory(a="sign()\n", b="sign()\n", helper="def sign(): pass\n", d="d\n"), Toy([rule]))
    assert texts(outcome) == {"a": "token()\n", "b": "token()\n", "helper": "def token(): pass\n"}
    assert [sorted(path.stem for path in group) for group in outcome.groups] == [["a", "b", "helper"]]


def test_files_that_no_fix_joins_are_groups_of_their_own() -> None:
    outcome = fix(memory(a="old_x\n", b="old_x\n"), Toy([OLD]))
    assert sorted(sorted(path.stem for path in group) for group in outcome.groups) == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        pytest.param(ToyRule("T2", "bad", "bad "), "the result would be found again", id="still-there"),
        pytest.param(
            ToyRule("T2", "bad", "old_q"), "it would bring a new finding, T1 at a.py:2", id="new-finding"
        ),
        pytest.param(ToyRule("T2", "bad", "f("), "a.py would no longer be valid Python", id="syntax"),
        pytest.param(ToyRule("T2", "bad", "f(k=1, k=2)"), "no longer be valid Python", id="repeated-keyword"),
        pytest.param(ToyRule("T2", "bad", r"\0"), "the result holds NUL bytes", id="nul"),
        pytest.param(ToyRule("T2", "bad", "'\ud800'"), "cannot hold the new text in utf-8", id="surrogate"),
    ],
)
def test_harmful_fix_is_taken_back_alone(rule: ToyRule, reason: str) -> None:
    outcome = fix(memory(a="old_x\nbad\n", b="old_y\nold_z\n"), Toy([OLD, rule]))
    assert texts(outcome) == {"a": "new_x\nbad\n", "b": "new_y\nnew_z\n"}
    assert [finding.subject for finding in outcome.fixed] == ["old_x", "old_y", "old_z"]
    (left,) = outcome.findings
    assert (left.rule, left.applicability, left.fix) == ("T2", Applicability.MANUAL, None)
    assert left.advice.startswith("The fix was tried and taken back because ")
    assert reason in left.advice
    assert left.advice.endswith("\nwrite it anew")


PROGRAM = ToyRule("T1", r"old_(\w+)", r"new_\1 = test_\1")
LEFT = ToyRule("T9", r"test_\w+")


def about_tests(toy: Toy) -> Callable[[Project], ToyAnalysis]:
    """The findings of `toy`, those of `LEFT` as findings about tests."""

    def analyse(project: Project) -> ToyAnalysis:
        found = toy(project)
        found.findings = [replace(each, of_test=each.rule == LEFT.code) for each in found.findings]
        return found

    return analyse


def test_fix_that_leaves_a_test_to_be_changed_lands_when_nothing_else_can() -> None:
    outcome = fix(memory(a="old_x\n"), about_tests(Toy([PROGRAM, LEFT])))
    assert texts(outcome) == {"a": "new_x = test_x\n"}
    assert [(left.subject, left.of_test) for left in outcome.findings] == [("test_x", True)]


def test_fix_that_would_leave_more_of_the_program_itself_is_taken_back() -> None:
    outcome = fix(memory(a="old_x\n"), Toy([PROGRAM, LEFT]))
    assert texts(outcome) == {}
    assert "it would bring a new finding, T9 at a.py:1" in outcome.findings[0].advice


def test_fix_of_a_test_leaves_no_other_test_to_be_changed() -> None:
    of_test = ToyRule("T9", r"old_(\w+)", r"test_\1, test_\1")
    outcome = fix(memory(a="old_x\n"), about_tests(Toy([of_test, LEFT])))
    assert texts(outcome) == {}
    assert "it would bring a new finding, T9 at a.py:1" in outcome.findings[0].advice


def test_analysis_that_fails_on_the_result_takes_the_fix_back() -> None:
    toy = Toy([ToyRule("T1", "boom", "bang"), OLD])

    def analyse(project: Project) -> ToyAnalysis:
        if any("bang" in project.text(path) for path in project.modules):
            raise ValueError("cannot follow")
        return toy(project)

    outcome = fix(memory(a="boom\nold_x\n"), analyse)
    assert texts(outcome) == {"a": "boom\nnew_x\n"}
    assert "failed (ValueError: cannot follow)" in outcome.findings[0].advice


def test_new_error_takes_the_fix_back() -> None:
    toy = Toy([OLD])

    def analyse(project: Project) -> ToyAnalysis:
        found = toy(project)
        if "new_x" in project.text(ROOT / "a.py"):
            found.errors += Toy([ToyRule("AUR001", "new_x")])(project).findings
        return found

    outcome = fix(memory(a="old_x; old_y\n"), analyse)
    assert texts(outcome) == {"a": "old_x; new_y\n"}
    assert "a.py could not be analysed any more" in outcome.findings[0].advice


def test_group_with_a_harmful_part_is_taken_back_whole() -> None:
    rule = ToyRule("T1", "sign", "token", also=(("b.py", "value", "value ("),))
    outcome = fix(memory(a="sign\n", b="value\n"), Toy([rule]))
    assert texts(outcome) == {}
    assert "b.py would no longer be valid Python" in outcome.findings[0].advice


@pytest.mark.parametrize(
    ("edits", "reason"),
    [
        pytest.param((), "it changes nothing", id="none"),
        pytest.param((Edit(ROOT / "a.py", 0, 99, ""),), "beyond the end of a.py", id="too-long"),
        pytest.param((Edit(ROOT / "a.py", 2, 1, ""),), "beyond the end of a.py", id="backwards"),
        pytest.param((Edit(ROOT / "z.py", 0, 1, ""),), "z.py no such file", id="no-file"),
        pytest.param(
            (Edit(ROOT / "a.py", 0, 3, "x"), Edit(ROOT / "a.py", 2, 4, "y")),
            "its edits overlap",
            id="overlap",
        ),
    ],
)
def test_fix_that_makes_no_sense_is_refused(edits: tuple[Edit, ...], reason: str) -> None:
    def analyse(project: Project) -> ToyAnalysis:
        found = Toy([ToyRule("T1", "sign", "token")])(project)
        found.findings = [replace_fix(one, Fix("x", Applicability.SAFE, edits)) for one in found.findings]
        return found

    outcome = fix(memory(a="sign\n"), analyse)
    assert texts(outcome) == {}
    assert reason in outcome.findings[0].advice


def test_remaining_finding_may_change_its_subject() -> None:
    rules = [ToyRule("T1", r"call\(.*\)"), ToyRule("T2", "/v2/", "/")]
    outcome = fix(memory(a="call('/v2/x')\n"), Toy(rules))
    assert texts(outcome) == {"a": "call('/x')\n"}
    assert [finding.subject for finding in outcome.findings] == ["call('/x')"]


def test_finding_that_goes_with_removed_text_is_counted_as_fixed() -> None:
    rules = [ToyRule("T1", r"sign\(.*\)", "token()"), ToyRule("T2", "/v2/")]
    outcome = fix(memory(a="sign('/v2/x')\n'/v2/y'\n"), Toy(rules))
    assert [finding.rule for finding in outcome.fixed] == ["T1", "T2"]
    assert [finding.rule for finding in outcome.findings] == ["T2"]


def while_there(rule: ToyRule, word: str, others: list[ToyRule]) -> Callable[[Project], ToyAnalysis]:
    """An analysis that finds `rule` only as long as `word` is in some text, and `others` always."""

    def analyse(project: Project) -> ToyAnalysis:
        found = Toy(others)(project)
        if any(word in project.text(path) for path in project.modules):
            found.findings += Toy([rule])(project).findings
        return found

    return analyse


COMPARED = ToyRule("T1", r"== \w+")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_finding_out_of_sight_remains_where_its_text_went(newline: str) -> None:
    text = "old_x = 1\ny; old_z; y == 2; old_w\n".replace("\n", newline)
    rule = ToyRule("T1", r"old_(\w)", rf"new{newline}and_\1")
    outcome = fix(memory(a=text, b="q == 3\n"), while_there(COMPARED, "old_", [rule]))
    assert texts(outcome) == {"a": re.sub(r"old_(\w)", rf"new{newline}and_\1", text)}
    assert [finding.subject for finding in outcome.fixed] == ["old_x", "old_z", "old_w"]
    assert outcome.findings == outcome.unseen
    places = [(left.location.path.stem, left.location.start, left.location.end) for left in outcome.findings]
    assert places == [("a", Position(4, 10), Position(4, 14)), ("b", Position(1, 3), Position(1, 7))]


def test_finding_out_of_sight_moves_on_with_later_passes() -> None:
    rules = [ToyRule("T2", "one_two", "\ntwo"), ToyRule("T3", "two", "\n2")]
    outcome = fix(memory(a="one_two; y == 2\n"), while_there(COMPARED, "one", rules))
    assert texts(outcome) == {"a": "\n\n2; y == 2\n"}
    assert [finding.rule for finding in outcome.fixed] == ["T2", "T3"]
    assert [finding.location.start for finding in outcome.findings] == [Position(3, 6)]


def test_finding_that_comes_into_sight_again_is_reported_once() -> None:
    rules = [ToyRule("T2", "one_two", "two"), ToyRule("T3", "two", "one")]
    outcome = fix(memory(a="one_two; y == 2\n"), while_there(COMPARED, "one", rules))
    assert texts(outcome) == {"a": "one; y == 2\n"}
    assert [finding.subject for finding in outcome.findings] == ["== 2"]
    assert outcome.unseen == []


def test_finding_out_of_sight_goes_when_a_later_fix_takes_its_text_out() -> None:
    rules = [ToyRule("T2", "one_two", "two"), ToyRule("T3", "two; y == 2", "2")]
    outcome = fix(memory(a="one_two; y == 2\n"), while_there(COMPARED, "one", rules))
    assert texts(outcome) == {"a": "2\n"}
    assert [finding.rule for finding in outcome.fixed] == ["T2", "T3", "T1"]
    assert outcome.findings == []


def test_text_that_a_wide_edit_puts_back_is_not_taken_out() -> None:
    rules = [ToyRule("T2", r"old; (y == 2); old", r"new; \1; new")]
    outcome = fix(memory(a="old; y == 2; old\n"), while_there(COMPARED, "old", rules))
    assert texts(outcome) == {"a": "new; y == 2; new\n"}
    assert [finding.rule for finding in outcome.fixed] == ["T2"]
    assert [finding.location.start for finding in outcome.findings] == [Position(1, 8)]


@pytest.mark.parametrize(("code", "fixed"), [("T1", ["T1", "T1"]), ("T2", ["T2"])])
def test_finding_is_fixed_when_a_fix_of_its_own_rule_changed_its_text(code: str, fixed: list[str]) -> None:
    call = ToyRule("T1", r"call\(.*\)")
    outcome = fix(memory(a="call(old)\n"), while_there(call, "old", [ToyRule(code, "old", "new")]))
    assert texts(outcome) == {"a": "call(new)\n"}
    assert [finding.rule for finding in outcome.fixed] == fixed
    assert [finding.rule for finding in (*outcome.fixed, *outcome.findings)].count("T1") >= 1


def test_fix_that_was_not_wanted_and_cannot_be_found_again_leaves_its_finding_by_hand() -> None:
    signed = ToyRule("T1", "sign", "token")
    analyse = while_there(signed, "old", [ToyRule("T2", "old", "new")])
    outcome = fix(memory(a="old; sign\n"), analyse, lambda finding: finding.rule == "T2")
    assert texts(outcome) == {"a": "new; sign\n"}
    (left,) = outcome.findings
    assert (left.subject, left.applicability, left.fix) == ("sign", Applicability.MANUAL, None)
    assert left.advice.startswith("The other fixes changed what tied it to Aurora")
    assert left.advice.endswith("\nwrite it anew")


def test_trace_of_a_finding_out_of_sight_is_moved_too() -> None:
    def analyse(project: Project) -> ToyAnalysis:
        found = while_there(COMPARED, "old_", [ToyRule("T2", r"old_(\w)", r"\n\1")])(project)
        places = [one.location for one in Toy([ToyRule("T3", "BASE")])(project).findings]
        steps = tuple(TraceStep(place, "BASE") for place in places)
        found.findings = [replace(one, trace=steps) for one in found.findings]
        return found

    outcome = fix(memory(a="old_x; BASE; y == 2\n"), analyse)
    assert [step.location.start for step in outcome.findings[0].trace] == [Position(2, 4)]


def test_equal_findings_are_told_apart_by_number() -> None:
    rules = [ToyRule("T1", "(?<=keep )same"), ToyRule("T1", "(?<!keep )same", "new")]
    outcome = fix(memory(a="'same'; 'keep same'; 'same'\n"), Toy(rules))
    assert texts(outcome) == {"a": "'new'; 'keep same'; 'new'\n"}
    assert len(outcome.fixed) == 2


def test_file_that_never_was_valid_here_may_still_be_fixed() -> None:
    newer = "type old_x = int\nmatch y:\n    case 1: pass\n"
    assert texts(fix(memory(a=newer), Toy([OLD]))) == {"a": newer.replace("old_", "new_")}


def test_encoding_cookie_must_stay_in_force(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"# coding: latin-1\nx = '\xe9'\n")
    project = Project(tmp_path, (tmp_path / "a.py",))
    outcome = fix(project, lambda seen: with_import(seen, {"x": "import a\nimport b\nimport c\n"}))
    assert outcome.texts == {}
    assert "the result cannot be decoded as utf-8" in outcome.findings[0].advice


def test_text_must_fit_the_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"# coding: latin-1\nold_x = '\xe9'\n")
    project = Project(tmp_path, (tmp_path / "a.py",))
    outcome = fix(project, Toy([ToyRule("T1", "old_x", "new_→")]))
    assert "cannot hold the new text in iso-8859-1" in outcome.findings[0].advice


def test_several_offenders_are_each_found() -> None:
    lines = [f"old_{number}" if number % 5 else f"bad_{number}" for number in range(20)]
    outcome = fix(memory(a="\n".join(lines)), Toy([OLD, ToyRule("T2", r"bad_(\d+)", r"bad_\1 ")]))
    expected = [line.replace("old", "new") for line in lines]
    assert texts(outcome) == {"a": "\n".join(expected)}
    assert [finding.subject for finding in outcome.findings] == ["bad_0", "bad_5", "bad_10", "bad_15"]


@given(
    st.lists(st.sampled_from(["old_a", "old_b", "bad", "fine", "'é'", "# old_c"]), max_size=12),
    st.integers(0, 2),
)
def test_only_matches_change_and_a_second_run_changes_nothing(words: list[str], newline: int) -> None:
    text = ("\n", "\r\n", "\r")[newline].join(words)
    toy = Toy([OLD, ToyRule("T2", "bad", "bad (")])
    outcome = fix(memory(a=text), toy)
    result = outcome.texts.get(ROOT / "a.py", text)
    assert result == re.sub("old_", "new_", text)
    again = fix(memory(a=result), toy)
    assert again.texts == {}
    assert len(outcome.fixed) == text.count("old_")


def test_groups_are_written_and_failures_do_not_touch_the_others(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": "old_x\n", "b.py": "old_y\n"})
    project = Project(tmp_path, (tmp_path / "a.py", tmp_path / "b.py"))
    outcome = fix(project, Toy([OLD]))
    (tmp_path / "a.py").write_text("changed meanwhile\n")
    failed, reasons = write_fixes(project, outcome)
    assert failed == {tmp_path / "a.py"}
    assert ["changed on disk" in reason.reason for reason in reasons] == [True]
    assert (tmp_path / "a.py").read_text() == "changed meanwhile\n"
    assert (tmp_path / "b.py").read_text() == "new_y\n"


def test_two_paths_of_one_file_are_edited_once(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": "old_x\n"})
    (tmp_path / "twin.py").symlink_to("a.py")
    project = Project(tmp_path, (tmp_path / "a.py", tmp_path / "twin.py"))
    outcome = fix(project, Toy([OLD]))
    assert outcome.texts == {tmp_path / "a.py": "new_x\n"}
    assert outcome.findings == []
    assert write_fixes(project, outcome) == (set(), [])
    assert (tmp_path / "twin.py").is_symlink()
