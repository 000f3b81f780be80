"""One small program an idiom: fields of list items, read through loops, tables, templates and models."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts

AURORA = "api.aurorasolar.com"
VENDOR = "api.lender.example"
RULE = "AUR402"

LIST = """
import requests
def items_of(i):
    return requests.get("https://HOST/tenants/1/designs/" + i + "/financings").json()["financings"]
"""

# A line that ends in `# <-` is one that must be found; `items_of` gives the financings of one design.
IDIOMS = {
    "a loop": """
for f in items_of("2"):
    print(f["name"], f["system_price"])  # <-
""",
    "the first that fits": """
best = next((f for f in items_of("2") if f["selected_in_sales_mode"]), None)
print(best and best.get("payback_period"))  # <-
""",
    "a sort by itemgetter": """
from operator import itemgetter
items = items_of("2")
items.sort(key=itemgetter("payback_period", "name"))  # <-
""",
    "a sort by a lambda": """
ranked = sorted(items_of("2"), key=lambda f: (f["financing_option"], f["lifetime_savings"]))  # <-
""",
    "max and min": """
items = items_of("2")
best = max(items, key=lambda f: f["lifetime_savings"])  # <-
worst = min(items, key=lambda f: f["lifetime_savings"])  # <-
""",
    "a dict by id": """
by_id = {f["id"]: f for f in items_of("2")}
print(by_id["x"]["system_price"])  # <-
""",
    "a list that grows by pages": """
def every():
    found = []
    for design in ("1", "2"):
        found.extend(items_of(design))
    return found
total = sum(f["system_price"] for f in every())  # <-
""",
    "a list that grows by addition": """
def every():
    found = []
    for design in ("1", "2"):
        found += items_of(design)
    return found
total = sum(f["system_price"] for f in every())  # <-
""",
    "a pair unpacked": """
first, second = items_of("2")
print(first["loan_principal"])  # <-
""",
    "an item by position": """
print(items_of("2")[0]["system_price"])  # <-
""",
    "a membership test": """
loans = [f for f in items_of("2") if "loan_principal" in f]  # <-
""",
    "a match statement": """
for f in items_of("2"):
    match f:
        case {"name": name, "monthly_payment": payment}:  # <-
            print(name, payment)
""",
    "keyword arguments of a function": """
def line(name, system_price, **rest):  # <-
    return f"{name}: {system_price}"
for f in items_of("2"):
    print(line(**f))
""",
    "a template with names": """
for f in items_of("2"):
    print("%(name)s costs %(system_price)s" % f)  # <-
""",
    "a format string filled from the item": """
for f in items_of("2"):
    print("{name} costs {system_price}".format(**f))  # <-
""",
    "a format map": """
for f in items_of("2"):
    print("{name} costs {system_price}".format_map(f))  # <-
""",
    "a format string that looks into the item": """
for f in items_of("2"):
    print("{0[name]} costs {0[system_price]}".format(f))  # <-
""",
    "a dataclass": """
from dataclasses import dataclass
@dataclass
class Financing:
    id: str
    system_price: float  # <-
def load(f):
    return Financing(id=f["id"], system_price=f["system_price"])  # <-
financings = [load(f) for f in items_of("2")]
""".replace("float  # <-", "float"),
    "a pydantic model": """
from pydantic import BaseModel
class Financing(BaseModel):
    id: str
    name: str
    system_price: float  # <-
financings = [Financing(**f) for f in items_of("2")]
""",
    "a frame's column": """
import pandas as pd
df = pd.DataFrame(items_of("2"))
print(df["system_price"].sum(), df["name"].count())  # <-
""",
    "a frame's column as an attribute": """
import pandas as pd
df = pd.DataFrame(items_of("2"))
print(df.system_price.mean(), df.name, df.shape)  # <-
""",
    "a list of columns": """
import pandas as pd
COLUMNS = ["name", "payback_period"]  # <-
df = pd.DataFrame(items_of("2"))
df["design"] = "2"
df[["design", *COLUMNS]].to_csv("x.csv", index=False)
""",
    "a cell by condition": """
import pandas as pd
df = pd.DataFrame(items_of("2"))
print(df.loc[df["selected_in_sales_mode"], "system_price"].sum())  # <-
""",
    "frames joined, sorted and grouped": """
import pandas
frames = []
for d in ("1", "2"):
    frames.append(pandas.DataFrame(items_of(d)))
df = pandas.concat(frames, ignore_index=True)
df = df.sort_values("payback_period")  # <-
print(df.groupby("financing_option")["system_price"].mean())  # <-
""",
    "a frame that may be empty": """
import pandas as pd
COLUMNS = ["name", "system_price"]  # <-
def frame(d):
    df = pd.DataFrame(items_of(d))
    if df.empty:
        return pd.DataFrame(columns=COLUMNS)
    return df[COLUMNS].sort_values("name").reset_index(drop=True)
frames = [frame(d) for d in ("1", "2")]
both = pd.concat([f for f in frames if not f.empty])
print(both.groupby("financing_option")["lifetime_savings"].mean().sort_index())  # <-
""",
    "rows of a frame": """
import pandas as pd
df = pd.DataFrame.from_records(items_of("2"))
for _, row in df.iterrows():
    print(row["name"], row["system_price"])  # <-
for row in df.itertuples():
    print(row.name, row.lifetime_savings)  # <-
print(df.apply(lambda row: row["system_price"] / 2, axis=1))  # <-
""",
    "columns dropped, renamed and computed": """
import pandas as pd
df = pd.DataFrame(items_of("2")).drop(columns=["annual_cashflows"])  # <-
df = df.rename(columns={"system_price": "price"})  # <-
df = df.assign(half=lambda d: d["price"] / 2)
print(df[["name", "price", "half"]])
""",
    "flattened json": """
import pandas as pd
df = pd.json_normalize(items_of("2"))
print(df["financier.provider"])  # <-
""",
    "rows of a csv file": """
import csv, sys
writer = csv.DictWriter(sys.stdout, fieldnames=["name", "system_price"], extrasaction="ignore")  # <-
writer.writeheader()
writer.writerows(items_of("2"))
""",
}

IDIOMS |= {
    "items written as json": """
import json
with open("financings.json", "w") as f:
    json.dump({"financings": items_of("2")}, f)  # <-
""",
    "items sent to another vendor": """
rows = [f for f in items_of("2") if f["selected_in_sales_mode"]]
payload = {"rows": rows}
requests.post("https://crm.example/rows", json=payload)  # <-
""",
}

KEPT = {
    "only what the list keeps": """
for f in items_of("2"):
    print(f["id"], f["name"], f["selected_in_sales_mode"], f["financing_option"])
""",
    "a label of the program's own": """
items = items_of("2")
for f in items:
    f["label"] = f["name"].upper()
print([f["label"] for f in items])
""",
    "a frame of kept columns and own ones": """
import pandas as pd
df = pd.DataFrame(items_of("2"))
df["design"] = "2"
df.loc[df["selected_in_sales_mode"], "mark"] = "*"
df = df.rename(columns={"financing_option": "kind"}).set_index("id")
print(df[["design", "name", "mark", "kind"]].to_string(), df.kind)
""",
    "how many there are": """
items = items_of("2")
print(len(items), [f["name"] for f in items][0])
""",
    "keys chosen by a constant": """
import json
KEEP = ("id", "name")
print(json.dumps([{k: f[k] for k in KEEP} for f in items_of("2")]))
""",
    "a csv file of kept columns": """
import csv, sys
writer = csv.DictWriter(sys.stdout, ["id", "name"], extrasaction="ignore")
writer.writerows(items_of("2"))
""",
    "own objects made of kept fields, written and sent": """
import json
rows = [{"id": f["id"], "name": f["name"]} for f in items_of("2")]
print(json.dumps(rows), json.dumps(len(items_of("2"))))
requests.post("https://crm.example/rows", json={"rows": rows})
""",
    "the program's own table beside it": """
import pandas as pd
names = [f["name"] for f in items_of("2")]
df = pd.DataFrame({"name": names, "system_price": [1.0] * len(names)})
print(df["system_price"].sum(), df.payback_period)
""",
}


def _found(program: str, host: str) -> list[int]:
    report = check_texts({"program.py": program.replace("HOST", host)}, Settings(root=Path("/")))
    assert not report.errors
    return sorted({found.location.start.line for found in report.findings if found.rule == RULE})


def _wanted(program: str) -> list[int]:
    return [number for number, line in enumerate(program.splitlines(), 1) if line.endswith("# <-")]


@pytest.mark.parametrize("idiom", IDIOMS.values(), ids=IDIOMS.keys())
def test_a_field_of_an_item_is_found_where_it_is_read(idiom: str) -> None:
    program = LIST + idiom
    assert _wanted(program)
    assert _found(program, AURORA) == _wanted(program)


@pytest.mark.parametrize("idiom", IDIOMS.values(), ids=IDIOMS.keys())
def test_another_lenders_items_are_left_alone(idiom: str) -> None:
    assert _found(LIST + idiom, VENDOR) == []


@pytest.mark.parametrize("idiom", KEPT.values(), ids=KEPT.keys())
def test_what_the_list_keeps_is_left_alone(idiom: str) -> None:
    assert _found(LIST + idiom, AURORA) == []
