"""AUR301 where a program puts the text under a key of its own and asks for that key; bare clients."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.error_programs import fixed


def test_a_key_of_its_own_that_is_asked_for_is_no_test_of_the_words() -> None:
    before = """\
def get(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        return {"problem": r.json()["error"]}
    return {"user": r.json()["user"]}
def main(i):
    body = get(i)
    if "problem" in body:
        print(body["problem"])
main("1")
"""
    text, left = fixed(before)
    assert left == []
    assert '"errors"' in text


def test_a_list_that_is_searched_for_words_is_left() -> None:
    before = """\
def main(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        problems = [r.json()["error"]]
        if "Forbidden" in problems:
            print("no")
main("1")
"""
    text, left = fixed(before)
    assert text == before
    assert left != []


def test_a_client_that_is_never_called_bare_does_not_call_the_root() -> None:
    program = """\
import requests
class Node:
    def __init__(self, url):
        self.url = url
    def __getattr__(self, name):
        return Node(self.url + "/" + name)
    def get(self):
        return self.send("GET")
    def send(self, verb):
        return requests.request(verb, self.url).json()
print(Node("https://api.aurorasolar.com").tenants.t1.get())
"""
    report = check_texts({"m.py": program}, Settings(root=Path("/")), fix=Applicability.UNSAFE)
    assert report.errors == []
    assert [finding.rule for finding in report.findings] == []
