# ruff: noqa: E501
"""AUR601 on objects that tests expect of what the code makes: whole bodies, and one object of a body."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings, load_settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability


def settings(tmp_path: Path) -> Settings:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.aurora-migrate]\nsystem-size = "stc"\nfiller-row-locations = ["top"]\n'
    )
    return load_settings(tmp_path)


RECIPES = """
import requests

RUN = "https://api.aurorasolar.com/v2/tenants/t/designs/"


def flat_roof(site):
    options = {"flat_face_orientations": ["landscape"], "flat_face_column_spacing_meters": 0.02}
    options["flat_face_panel_tilt_deg"] = 10 if site.get("east_west") else 15
    options["allow_filler_row"] = False
    options["min_tsrf"] = 80
    return {"mode": "max_fit", "placement_options": options}


def energy(site):
    return dict(
        mode="max_fit",
        placement_options={"orientations": ["portrait"], "row_spacing_meters": 0.02, "min_tsrf": site["tsrf"]},
    )


def wide(site):
    body = {"mode": "max_fit", "placement_options": {"orientations": ["portrait"], "min_tsrf": 70}}
    body["placement_options"]["row_spacing_meters"] = site["gap"]
    return body


def steep(site):
    options = {"orientations": ["landscape"]}
    if site.get("obstructed"):
        options["min_tsrf"] = 80
    return {"mode": "max_fit", "placement_options": options}


def start_with(design, options):
    body = {"mode": "max_fit", "placement_options": options}
    return requests.post(RUN + design + "/auto_designer/run", json=body).json()["job_id"]


def run(design, kind, site):
    body = {"steep": steep, "flat": flat_roof, "energy": energy, "wide": wide}[kind](site)
    return requests.post(RUN + design + "/auto_designer/run", json=body).json()["job_id"]


def start(design):
    start_with(design, {"orientations": ["landscape"], "min_sap": 3})
    return run(design, "energy", {"tsrf": 60})
"""

OBJECTS = [
    pytest.param(
        """
import recipes

def test_it():
    assert recipes.flat_roof({}) == {
        "mode": "max_fit",
        "placement_options": {
            "flat_face_orientations": ["landscape"],
            "flat_face_column_spacing_meters": 0.02,
            "flat_face_panel_tilt_deg": 15,
            "allow_filler_row": False,
            "min_tsrf": 80,
        },
    }
""",
        """
import recipes

def test_it():
    assert recipes.flat_roof({}) == {
        "mode": "max_fit",
        "flat_face_placement_options": {
            "flat_face_orientations": ["landscape"],
            "flat_face_column_spacing": 0.02,
            "flat_face_panel_tilt": 15,
        },
        "irradiance_constraints": {
            "min_tsrf": 80,
        },
    }
""",
        id="a whole body that a function returns",
    ),
    pytest.param(
        """
import recipes

def test_it():
    body = recipes.energy({"tsrf": 85})
    assert body["placement_options"] == {
        "orientations": ["portrait"],
        "row_spacing_meters": 0.02,
        "min_tsrf": 85,  # what was asked for
    }
""",
        """
import recipes

def test_it():
    body = recipes.energy({"tsrf": 85})
    assert body["placement_options"] == {
        "orientations": ["portrait"],
        "row_spacing": 0.02,
    }
    assert body["irradiance_constraints"] == {
        "min_tsrf": 85,  # what was asked for
    }
""",
        id="one object of a body",
    ),
    pytest.param(
        """
import recipes

def test_it():
    assert recipes.flat_roof({"east_west": True})["placement_options"] == {
        "flat_face_orientations": ["landscape"], "flat_face_column_spacing_meters": 0.02, "flat_face_panel_tilt_deg": 10, "allow_filler_row": False, "min_tsrf": 80
    }, "as the wind wants it"
""",
        """
import recipes

def test_it():
    body = recipes.flat_roof({"east_west": True})
    assert body["flat_face_placement_options"] == {
        "flat_face_orientations": ["landscape"], "flat_face_column_spacing": 0.02, "flat_face_panel_tilt": 10
    }, "as the wind wants it"
    assert body["irradiance_constraints"] == {
        "min_tsrf": 80
    }, "as the wind wants it"
""",
        id="an object of a call's result, all of which moves",
    ),
    pytest.param(
        """
import unittest
import recipes

class EnergyTest(unittest.TestCase):
    def test_it(self):
        options = {"orientations": ["portrait"], "row_spacing_meters": 0.02, "min_tsrf": 85}
        self.assertEqual({"mode": "max_fit", "placement_options": options}, recipes.energy({"tsrf": 85}))
        self.assertDictEqual(
            recipes.energy({"tsrf": 5})["placement_options"],
            {"orientations": ["portrait"], "row_spacing_meters": 0.02, "min_tsrf": 5},
        )
""",
        """
import unittest
import recipes

class EnergyTest(unittest.TestCase):
    def test_it(self):
        options = {"orientations": ["portrait"], "row_spacing": 0.02}
        irradiance_constraints = {"min_tsrf": 85}
        self.assertEqual({"mode": "max_fit", "placement_options": options, "irradiance_constraints": irradiance_constraints}, recipes.energy({"tsrf": 85}))
        body = recipes.energy({"tsrf": 5})
        self.assertDictEqual(
            body["placement_options"],
            {"orientations": ["portrait"], "row_spacing": 0.02},
        )
        self.assertDictEqual(body["irradiance_constraints"], {"min_tsrf": 5})
""",
        id="unittest's assertions",
    ),
    pytest.param(
        """
import json
import responses
import recipes

@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/v2/tenants/t/designs/d/auto_designer/run", json={"job_id": "j"})
    recipes.start("d")
    sent = json.loads(responses.calls[0].request.body)
    assert sent["placement_options"] == {"orientations": ["portrait"], "row_spacing_meters": 0.02, "min_tsrf": 60}
""",
        """
import json
import responses
import recipes

@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/tenants/t/designs/d/auto_designer/run", json={"job_id": "j"})
    recipes.start("d")
    sent = json.loads(responses.calls[0].request.body)
    assert sent["placement_options"] == {"orientations": ["portrait"], "row_spacing": 0.02}
    assert sent["irradiance_constraints"] == {"min_tsrf": 60}
""",
        id="one object of what was sent",
    ),
    pytest.param(
        """
import recipes

def test_it():
    body = recipes.wide({"gap": 0.1})
    assert body["placement_options"]["row_spacing_meters"] == 0.1
    placement = recipes.wide({"gap": 0.2})["placement_options"]
    assert placement["min_tsrf"] == 70
""",
        """
import recipes

def test_it():
    body = recipes.wide({"gap": 0.1})
    assert body["placement_options"]["row_spacing"] == 0.1
    placement = recipes.wide({"gap": 0.2})["placement_options"]
    irradiance_constraints = recipes.wide({"gap": 0.2})["irradiance_constraints"]
    assert irradiance_constraints["min_tsrf"] == 70
""",
        id="single fields",
    ),
    pytest.param(
        """
import recipes

def test_it():
    assert recipes.steep({}) == {
        "mode": "max_fit",
        "placement_options": {"orientations": ["landscape"]},
    }
    assert recipes.steep({"obstructed": 1})["placement_options"] == {"orientations": ["landscape"], "min_tsrf": 80}
""",
        """
import recipes

def test_it():
    assert recipes.steep({}) == {
        "mode": "max_fit",
        "placement_options": {"orientations": ["landscape"]},
        "irradiance_constraints": {},
    }
    body = recipes.steep({"obstructed": 1})
    assert body["placement_options"] == {"orientations": ["landscape"]}
    assert body["irradiance_constraints"] == {"min_tsrf": 80}
""",
        id="a new object that the code sends with nothing in it",
    ),
    pytest.param(
        """
from unittest.mock import patch, call
import recipes

ROOT = "https://api.aurorasolar.com/v2/tenants/t/designs/"

@patch("recipes.requests.post")
def test_it(post):
    recipes.start_with("d", {"orientations": ["landscape"]})
    body = {"mode": "max_fit", "placement_options": {"orientations": ["landscape"]}}
    post.assert_called_once_with(ROOT + "d/auto_designer/run", json=body)
    assert post.call_args_list == [
        call(ROOT + "d/auto_designer/run", json={"mode": "max_fit", "placement_options": {"orientations": ["landscape"]}}),
    ]
""",
        """
from unittest.mock import patch, call
import recipes

ROOT = "https://api.aurorasolar.com/tenants/t/designs/"

@patch("recipes.requests.post")
def test_it(post):
    recipes.start_with("d", {"orientations": ["landscape"]})
    body = {"mode": "max_fit", "placement_options": {"orientations": ["landscape"]}, "irradiance_constraints": {}}
    post.assert_called_once_with(ROOT + "d/auto_designer/run", json=body)
    assert post.call_args_list == [
        call(ROOT + "d/auto_designer/run", json={"mode": "max_fit", "placement_options": {"orientations": ["landscape"]}, "irradiance_constraints": {}}),
    ]
""",
        id="calls of a mock, where the code selects by name",
    ),
]


@pytest.mark.parametrize(("test", "wanted"), OBJECTS)
def test_expected_objects_are_split_as_those_of_the_code(tmp_path: Path, test: str, wanted: str) -> None:
    texts = {"recipes.py": RECIPES, "test_recipes.py": test}
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    assert after["test_recipes.py"] == wanted
    assert list(report.findings) == []


OBJECTS_LEFT = [
    pytest.param(
        """
import recipes

def test_it():
    found = recipes.energy({"tsrf": 85})["placement_options"]
    assert found == {"orientations": ["portrait"], "row_spacing_meters": 0.02, "min_tsrf": 85}
""",
        [("AUR601", 6)],
        id="an object that has a name of its own",
    ),
    pytest.param(
        """
import recipes

def test_it():
    assert len(recipes.energy({"tsrf": 85})["placement_options"]) == 3
""",
        [],
        id="how many fields it has: the code stays, too",
    ),
    pytest.param(
        """
import recipes

def test_it():
    assert recipes.energy({"tsrf": 85})["placement_options"] == dict(recipes.BASE, min_tsrf=85)
""",
        [("AUR601", 5)],
        id="an object that the test does not write out: the code stays, too",
    ),
]


@pytest.mark.parametrize(("test", "lines"), OBJECTS_LEFT)
def test_expected_objects_that_cannot_be_split_are_left(
    tmp_path: Path, test: str, lines: list[tuple[str, int]]
) -> None:
    texts = {"recipes.py": RECIPES, "test_recipes.py": test}
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    found = [(f.rule, f.location.start.line) for f in report.findings if f.location.path.name != "recipes.py"]
    assert found == lines
    if "found" not in test:
        assert {f.rule for f in report.findings if f.location.path.name == "recipes.py"} == {"AUR503"}
