import json

import pytest
import record
from recorded import masked, settled

UID = "6c647281-3714-42ee-a1c9-7dbf6adc0ba{}"
TIME = "2026-11-24T10:35:0{}Z"


def review(run: int, **more: object) -> str:
    """A review as the API server writes it; what differs from run to run has the run's digit."""
    volume = {"name": f"kube-api-access-r7lg{run}"}
    metadata = {
        "name": "web",
        "uid": UID.format(run),
        "resourceVersion": f"21{run}",
        "creationTimestamp": TIME.format(run),
        "deletionTimestamp": TIME.format(run),
        "ownerReferences": [{"uid": UID.format(run + 1)}],
        "annotations": {"text": json.dumps({"uid": UID.format(0), "time": TIME.format(0)})},
        "managedFields": [{"time": TIME.format(run), "fields": {f'k:{{"name":"debugger-lwd8{run}"}}': {}}}],
        **more,
    }
    spec = {"volumes": [volume], "ephemeralContainers": [{"name": f"debugger-lwd8{run}"}]}
    request = {"uid": UID.format(run), "userInfo": {"uid": "admin"}, "object": {"metadata": metadata, "spec": spec}}
    return json.dumps({"request": request}, separators=(",", ":"))


def test_two_runs_differ_in_nothing_else() -> None:
    assert review(1) != review(2)
    assert masked(review(1)) == masked(review(2))


@pytest.mark.parametrize(
    "more",
    [
        {"name": "api"},
        {"generation": 2},
        {"uid": "admin"},
        {"resourceVersion": "x"},
        {"creationTimestamp": None},
        {"deletionTimestamp": None},
        {"annotations": {"text": json.dumps({"uid": UID.format(1), "time": TIME.format(0)})}},
        {"annotations": {"text": json.dumps({"uid": UID.format(0), "time": TIME.format(1)})}},
        {"managedFields": []},
        {"labels": {"time": "noon"}},
    ],
    ids=str,
)
def test_all_else_is_a_difference(more: dict[str, object]) -> None:
    assert masked(review(1, **more)) != masked(review(1))


def test_a_review_that_says_the_same_stays_as_it_is() -> None:
    assert list(settled([review(2), review(3)], [review(1), review(1)])) == [review(1), review(1)]


def test_one_that_says_something_else_keeps_the_values_of_the_old_one() -> None:
    assert list(settled([review(2, generation=2)], [review(1)])) == [review(1, generation=2)]


def test_the_same_thing_has_the_same_value_everywhere() -> None:
    assert list(settled([review(2), review(2, generation=2)], [review(1)])) == [review(1), review(1, generation=2)]


def test_what_is_new_keeps_its_own_values() -> None:
    assert list(settled([review(2)], [])) == [review(2)]


def test_the_files_are_the_traffic_and_three_reviews_of_it() -> None:
    files = {path.relative_to(record.TOP).as_posix(): text for path, text in record.files([*"abcdefg"]).items()}
    assert files == {
        "tests/reviews/traffic.jsonl": "a\nb\nc\nd\ne\nf\ng\n",
        "hack/reviews/denied.json": "e\n",
        "hack/reviews/warned.json": "f\n",
        "hack/reviews/allowed.json": "g\n",
    }


def test_the_files_hold_what_they_are_said_to() -> None:
    assert {path: path.read_text() for path in record.files(record.present())} == record.files(record.present())


def test_the_same_delete_counts_once() -> None:
    def asked(operation: str, uid: str | None, now: str = "") -> str:
        old = None if uid is None else {"metadata": {"uid": uid, "deletionTimestamp": now}}
        return json.dumps({"request": {"operation": operation, "oldObject": old}})

    others = [asked("CREATE", None), asked("CREATE", None), asked("UPDATE", "a"), asked("UPDATE", "a")]
    deletes = [asked("DELETE", "a"), asked("DELETE", "a", "now"), asked("DELETE", "b")]
    assert list(record.once([*others, *deletes])) == [*others, *deletes[1:]]
