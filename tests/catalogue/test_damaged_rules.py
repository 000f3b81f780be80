"""What a damaged file under rules/ is told: the file, the key, the reason and the nearest valid name."""

from __future__ import annotations

import pytest

from tests.catalogue.small_rules import RULE, Rules


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param('code = "AUR201"', "", "code: is missing", id="no code"),
        pytest.param(
            '"AUR201"', '"AUR202"', "code: AUR202 must stand in the file AUR202.toml", id="another code"
        ),
        pytest.param('"AUR201"', '"X1"', "code: 'X1' is no code such as AUR102", id="no such code"),
        pytest.param(
            '"thing-prefix"', '"Thing prefix"', "name: 'Thing prefix' must be", id="a name with a space"
        ),
        pytest.param(
            "default = true", 'default = "yes"', "default: must be true or false, not 'yes'", id="no flag"
        ),
        pytest.param(
            'summary = "A', 'sumary = "A', "summary: is missing", id="a misspelt key that is needed"
        ),
        pytest.param(
            "default = true",
            "default = true\nadvise = 1",
            "advise: unknown key; did you mean advice?",
            id="an unknown key",
        ),
        pytest.param('"Removed /old."', '"  "', "source: must not be blank", id="a blank text"),
        pytest.param('"Removed /old."', "7", "source: must be a text, not 7", id="a number for a text"),
        pytest.param(
            '["list-things"]',
            '["list-thing"]',
            "endpoints: 'list-thing' is no endpoint of endpoints.toml; did you mean list-things?",
            id="an unknown endpoint",
        ),
        pytest.param('["list-things"]', "[]", "endpoints: must name endpoints", id="no endpoints"),
        pytest.param('["list-things"]', '["*", "root"]', "endpoints: must name endpoints", id="all and one"),
        pytest.param(
            '["path"]', '["paths"]', "where: 'paths' is none of path, header", id="an unknown where"
        ),
        pytest.param('["path"]', '["path", "path"]', "where: names something twice", id="a where twice"),
        pytest.param(
            '"path-prefix-removed"',
            '"path-prefix-remove"',
            "change.kind: 'path-prefix-remove' is no kind of change; did you mean path-prefix-removed?",
            id="an unknown kind",
        ),
        pytest.param('prefix = "/old"', "", "change.prefix: is missing", id="no parameter"),
        pytest.param(
            'prefix = "/old"',
            'prefix = ["/old"]',
            "change.prefix: must be a text, not ['/old']",
            id="a parameter of another type",
        ),
        pytest.param(
            'prefix = "/old"',
            'prefix = "/old"\nsuffix = "x"',
            "change.suffix: unknown key",
            id="a parameter of no kind",
        ),
        pytest.param(
            '"safe"',
            '"sage"',
            "applicability.level: 'sage' is none of safe, unsafe, manual; did you mean safe?",
            id="no applicability",
        ),
        pytest.param("why =", "because =", "applicability.why: is missing", id="no reason"),
        pytest.param(
            '`{prefix}` is gone"',
            '`{prefx}` is gone"',
            "messages.finding: {prefx} is no placeholder of this kind; did you mean prefix?",
            id="a misspelt placeholder",
        ),
        pytest.param(
            "remove `{prefix}`",
            "remove, as {reason}",
            "messages.fix: {reason} is no placeholder",
            id="a reason outside manual",
        ),
        pytest.param(
            'fix = "remove `{prefix}`"', "", "messages.fix: is missing", id="no message for the fix"
        ),
        pytest.param(
            "Take {prefix}",
            "Take {prefixes}",
            "advice: {prefixes} is no placeholder",
            id="a placeholder of no kind in the advice",
        ),
        pytest.param("[change]", "[change", "cannot be read: ", id="no TOML"),
        pytest.param('id = "a prefix"', "", "examples[0].id: is missing", id="an example without an id"),
        pytest.param(
            '"a.py" = "get(\'/things\')"',
            '"b.py" = "1"',
            "examples[0].after: must name the same files as before",
            id="other files after",
        ),
        pytest.param(
            "get('/things')",
            "get('/old/things')",
            "examples[0].after: is the same as before",
            id="no change after",
        ),
        pytest.param(
            'id = "a prefix"',
            'id = "a prefix"\nunchanged = true',
            "examples[0]: must have either `unchanged = true`",
            id="unchanged and changed",
        ),
        pytest.param(
            '[examples.after]\n"a.py" = "get(\'/things\')"',
            "",
            "examples[0]: must have either `unchanged = true`",
            id="no outcome",
        ),
        pytest.param(
            'id = "a prefix"',
            'id = "a prefix"\nby-hand = ["b.py:1"]',
            "examples[0].by-hand: 'b.py:1' is no file:line",
            id="by hand in no file",
        ),
        pytest.param(
            'id = "a prefix"',
            'id = "a prefix"\nby-hand = ["a.py"]',
            "examples[0].by-hand: 'a.py' is no file:line",
            id="by hand on no line",
        ),
        pytest.param(
            '[examples.before]\n"a.py"',
            '[examples.before]\n"../a.py"',
            "examples[0].before.../a.py: must be the relative name",
            id="a file elsewhere",
        ),
        pytest.param(
            '[examples.before]\n"a.py" = "get(\'/old/things\')"',
            "[examples.before]",
            "examples[0].before: names no file",
            id="no file",
        ),
        pytest.param(
            '[examples.after]\n"a.py" = "get(\'/things\')"',
            '[[examples]]\nid = "x"\nunchanged = true\nbefore = {"a.py" = "1"}',
            "examples[0]: must have either",
            id="the second example does not help the first",
        ),
    ],
)
def test_a_damaged_rule_is_named_with_file_key_and_reason(
    rules: Rules, old: str, new: str, message: str
) -> None:
    rules.replace(rules.rule, old, new)
    assert rules.error().startswith(f"AUR201.toml: {message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            'status = "observed"',
            'status = "rumoured"',
            "endpoints[1].status: 'rumoured' is none of",
            id="a status",
        ),
        pytest.param(
            'path = "/things"', 'path = "things"', "endpoints[1].path: 'things' must begin", id="no slash"
        ),
        pytest.param(
            'id = "list-things"', 'id = "root"', "endpoints[1]: root is in the table twice", id="an id twice"
        ),
        pytest.param(
            'path = "/things"', 'path = "/"', "endpoints[1]: GET / is in the table twice", id="a path twice"
        ),
        pytest.param(
            'path = "/things"',
            'path = "/things"\nremoved = true\nadded = true',
            "endpoints[1].added: an endpoint cannot",
            id="both added and removed",
        ),
        pytest.param(
            'source = "a customer"',
            'source = "a customer"\nnote = ""',
            "endpoints[1].note: unknown key",
            id="an unknown key",
        ),
        pytest.param('"production"', "1", "hosts: must be a table of texts", id="a host that is a number"),
        pytest.param('[hosts]\n"api.example" = "production"', "", "hosts: is missing", id="no hosts"),
    ],
)
def test_a_damaged_endpoint_table_is_named_with_file_key_and_reason(
    rules: Rules, old: str, new: str, message: str
) -> None:
    rules.replace(rules.endpoints, old, new)
    assert rules.error().startswith(f"endpoints.toml: {message}")


def test_a_code_may_be_given_once_only_over_all_versions(rules: Rules) -> None:
    newer = rules.folder / "2024.05"
    newer.mkdir()
    (newer / "AUR201.toml").write_text(RULE, encoding="utf-8")
    assert "AUR201.toml: AUR201 is already the rule of " in rules.error()


def test_a_name_may_be_given_once_only(rules: Rules) -> None:
    other = rules.rule.with_name("AUR202.toml")
    other.write_text(RULE.replace("AUR201", "AUR202"), encoding="utf-8")
    assert rules.error().startswith("AUR202.toml: thing-prefix is already the rule of ")


def test_an_example_id_may_be_given_once_only(rules: Rules) -> None:
    with rules.rule.open("a", encoding="utf-8") as file:
        file.write('[[examples]]\nid = "a prefix"\nunchanged = true\nbefore = {"a.py" = "1"}\n')
    assert rules.error() == "AUR201.toml: examples[1].id: 'a prefix' is there twice"


def test_examples_that_only_stay_silent_are_not_enough(rules: Rules) -> None:
    head = RULE.partition("[[examples]]")[0]
    rules.rule.write_text(
        head + '[[examples]]\nid = "x"\nunchanged = true\nbefore = {"a.py" = "1"}\n', encoding="utf-8"
    )
    assert rules.error() == "AUR201.toml: examples: none shows what the rule finds"


def test_a_file_that_is_no_utf8_is_an_error(rules: Rules) -> None:
    rules.rule.write_bytes(b'code = "\xff"')
    assert rules.error().startswith("AUR201.toml: cannot be read: ")


def test_a_missing_endpoint_table_is_an_error(rules: Rules) -> None:
    rules.endpoints.unlink()
    assert rules.error().startswith("endpoints.toml: cannot be read: ")
