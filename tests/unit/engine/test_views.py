import pytest

from gatewright.engine.views import Views
from gatewright.model import schema
from gatewright.model.path import parse
from gatewright.model.pod import TEMPLATES
from gatewright.model.schema import Malformed
from gatewright.policy import Namespace, Pod, Resource
from tests.builders import Object, namespace, pod, raises, request, workload


def views(item: Object) -> Views:
    review = request(item)
    return Views(review, review.object, TEMPLATES.get(review.kind.key, ()))


def test_a_view_is_made_once() -> None:
    one = views(workload())
    assert one.get(Pod) is one.get(Pod)
    assert one.get(Resource) is one.get(Resource)
    assert one.get(Namespace).name == "web"


@pytest.mark.parametrize(
    ("item", "at"),
    [
        (pod(), ""),
        (workload("Deployment"), "spec.template."),
        (workload("CronJob"), "spec.jobTemplate.spec.template."),
        (workload("ReplicationController"), "spec.template."),
    ],
)
def test_nodes_are_found_in_the_object_that_was_sent(item: Object, at: str) -> None:
    one = views(item)
    found: Pod = one.get(Pod)
    assert one.path_of(found.template) == parse(at.rstrip("."))
    assert one.path_of(found.metadata) == parse(f"{at}metadata")
    assert one.path_of(found.spec) == parse(f"{at}spec")
    assert one.path_of(found.containers[0]) == parse(f"{at}spec.containers[0]")
    assert one.places.about(parse(f"{at}spec.containers[0].securityContext.privileged")) == 'container "app"'
    assert one.places.about(parse(f"{at}spec.containers[1]")) == ""
    assert one.places.about(parse(f"{at}spec")) == ""


def test_nodes_of_every_view_are_found_whichever_was_made_last() -> None:
    one = views(workload())
    found = one.get(Pod)
    assert one.path_of(found.spec) == ("spec", "template", "spec")
    resource = one.get(Resource)
    assert one.path_of(resource.node) == ()
    assert one.path_of(resource.metadata) == ("metadata",)
    assert one.path_of(found.spec) == ("spec", "template", "spec")


def test_what_is_no_part_of_the_object_is_not_found() -> None:
    one, other = views(pod()), views(pod())
    one.get(Pod)
    with pytest.raises(LookupError):
        one.path_of(other.get(Pod).spec)


def test_what_is_about_no_pod_is_about_no_container() -> None:
    one = views(namespace())
    one.get(Namespace)
    assert one.places.about(("spec", "containers", 0)) == ""


def test_what_is_wrong_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one = views(pod({"spec.hostPID": 1}))
    for _ in range(2):
        with raises(Malformed, "spec.hostPID must be a boolean, not an integer"):
            one.get(Pod)
        monkeypatch.setattr(schema, "plain", None)  # the second time nothing is read
