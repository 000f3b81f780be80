"""Walking trees: the same nodes as LibCST's own visitors see."""

import libcst as cst
import pytest

from aurora_migrate.flow.trees import children, everything_in, parents_of

PROGRAMS = {
    "a star import": "from a import *\n",
    "comments": "class A(B, metaclass=C):  # why\n    x = 1\n\n    # below\n    def f(self, *, a=1): ...\n",
    "an f-string": 'print(f"{a!r:>{width}} and {b}", end="")\n',
    "match": "match a:\n    case {'x': [1, *rest], **more} if b:\n        pass\n    case _:\n        pass\n",
    "nothing": "",
}


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_children_are_those_of_libcst(code: str) -> None:
    tree = cst.parse_module(code)
    for node in everything_in(tree):
        assert {id(each) for each in children(node)} == {id(each) for each in node.children}


@pytest.mark.parametrize("code", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_every_node_but_the_module_has_its_parent(code: str) -> None:
    tree = cst.parse_module(code)
    parents = parents_of(tree)
    assert len(parents) == len({id(node) for node in everything_in(tree)}) - 1
    for node in everything_in(tree):
        assert node is tree or any(node is each for each in parents[id(node)].children)
