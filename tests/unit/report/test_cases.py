from gatewright.engine.cases import Outcome
from gatewright.report.json import cases


def test_every_case_is_told_with_its_failures() -> None:
    good = Outcome("host-ports", "none", "a.yaml", 3, 30, expects_findings=False, failures=())
    bad = Outcome("host-ports", "one", "a.yaml", 5, 10, expects_findings=True, failures=("Pod: not found: spec: x",))
    assert cases([good, bad], ["b.yaml: is no file of cases"]) == {
        "version": 1,
        "cases": [
            {"policy": "host-ports", "name": "none", "source": "a.yaml", "line": 3, "objects": 30, "failures": []},
            {
                "policy": "host-ports",
                "name": "one",
                "source": "a.yaml",
                "line": 5,
                "objects": 10,
                "failures": ["Pod: not found: spec: x"],
            },
        ],
        "errors": ["b.yaml: is no file of cases"],
    }
