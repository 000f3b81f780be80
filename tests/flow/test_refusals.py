"""What refused requests say is followed: through exceptions, hooks and the texts that are made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.files.project import Project
from aurora_migrate.flow.explore import explore
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.modules import Modules

ROOT = Path("/project")
URL = "https://api.aurorasolar.com/tenants/1/users"

READ = {
    "a response that was asked for before the try": "import requests\n"
    f'r = requests.get("{URL}")\ntry:\n    r.raise_for_status()\n'
    'except requests.HTTPError as e:\n    print(e.response.json()["error"])\n',
    "raise_for_status in a helper": "import httpx\ndef check(r):\n    r.raise_for_status()\n    return r\n"
    f'try:\n    check(httpx.get("{URL}"))\n'
    'except httpx.HTTPStatusError as e:\n    print(e.response.json()["error"])\n',
    "a hook put into a session's list": "import requests\ndef hook(r, *args, **kwargs):\n"
    '    print(r.json()["error"])\ns = requests.Session()\ns.hooks["response"].append(hook)\n'
    f's.get("{URL}")\n',
    "a hook of one call": "import requests\ndef hook(r, *args, **kwargs):\n"
    f'    print(r.json()["error"])\nrequests.get("{URL}", hooks={{"response": [hook]}})\n',
    "an event hook of a client": "import httpx\ndef hook(response):\n"
    '    print(response.json()["error"])\nc = httpx.Client(event_hooks={"response": [hook]})\n'
    f'c.get("{URL}")\n',
    "the message of an assert": "import requests\n"
    f'r = requests.get("{URL}")\nassert r.ok, r.json()["error"]\n',
}

TESTED = {
    "a regular expression": f'import re, requests\nr = requests.get("{URL}")\nre.search("taken", r.text)\n',
    "a compiled one": "import re, requests\nTAKEN = re.compile('taken')\n"
    f'r = requests.get("{URL}")\nTAKEN.search(r.text)\n',
    "a text around it": f'import requests\nr = requests.get("{URL}")\n'
    'text = "%d: %s" % (r.status_code, r.json()["error"])\nprint("taken" in text)\n',
    "str() of it": f'import requests\nr = requests.get("{URL}")\nprint(str(r.json()["error"]) == "taken")\n',
}


def facts_of(source: str) -> Facts:
    """What the flow finds out about one program."""
    path = ROOT / "a.py"
    modules = Modules(Project.in_memory(ROOT, {path: source}))
    module = modules.load(path)
    assert module is not None
    return explore(modules, [module], [], [])


@pytest.mark.parametrize("source", READ.values(), ids=READ)
def test_the_error_is_read(source: str) -> None:
    assert {read.name for read in facts_of(source).reads.values()} == {"error"}


@pytest.mark.parametrize("source", TESTED.values(), ids=TESTED)
def test_the_test_is_noted(source: str) -> None:
    assert {match.value.literal for match in facts_of(source).matches.values()} == {"taken"}
