import contextlib

import msgspec
import pytest

from gatewright.model.cluster import Identity
from gatewright.model.container import Container
from gatewright.model.pod import PodSpec, PodTemplate
from gatewright.model.review import AdmissionReview
from gatewright.model.schema import Malformed, decode, plain
from tests.builders import raises


def template(spec: str) -> PodTemplate:
    return decode(PodTemplate, b'{"spec": %s}' % spec.encode())


def problems(data: bytes, kind: type = PodTemplate) -> list[str]:
    with pytest.raises(Malformed) as caught:
        decode(kind, data)
    return [str(problem) for problem in caught.value.problems]


def test_unknown_fields_are_ignored() -> None:
    assert template('{"nodeName": "n", "nodename": "m", "shiny": {"a": [1]}}').spec == PodSpec(node_name="n")


@pytest.mark.parametrize(
    "spec",
    [
        '{"hostNetwork": null}',
        '{"nodeName": null}',
        '{"hostUsers": null}',
        '{"containers": null}',
        '{"volumes": null}',
        '{"securityContext": null}',
        '{"securityContext": {"runAsUser": null, "sysctls": null, "windowsOptions": null}}',
        '{"os": {"name": null}}',
        '{"containers": null, "shiny": null}',
        "null",
    ],
)
def test_null_is_the_zero_value_of_its_field(spec: str) -> None:
    assert template(spec) == PodTemplate()


def test_null_in_a_list_is_the_zero_value_of_an_item() -> None:
    assert template('{"containers": [null, {"name": "b"}]}').spec.containers == (Container(), Container(name="b"))
    capabilities = template('{"containers": [{"securityContext": {"capabilities": {"add": [null, "X"]}}}]}')
    assert capabilities.spec.containers[0].security_context.capabilities.add == ("", "X")


def test_null_in_a_map_is_the_zero_value_of_an_entry() -> None:
    assert decode(Identity, b'{"metadata": {"labels": {"a": null, "b": "c"}}}').metadata.labels == {"a": "", "b": "c"}


def test_null_for_the_object_is_its_zero_value() -> None:
    assert decode(PodTemplate, b"null") == PodTemplate()


def test_an_object_of_which_only_the_presence_matters() -> None:
    volumes = template('{"volumes": [{"emptyDir": {"x": 1}}, {"emptyDir": null}, {}]}').spec.volumes
    assert [volume.sources for volume in volumes] == [("emptyDir",), (), ()]


@pytest.mark.parametrize(("number", "value"), [("1000.0", 1000), ("1e3", 1000), ("-0", 0), ("0.0", 0), ("-1", -1)])
def test_a_whole_float_is_an_integer(number: str, value: int) -> None:
    alone = f'{{"securityContext": {{"runAsUser": {number}}}}}'
    beside_a_null = f'{{"hostPID": null, "securityContext": {{"runAsUser": {number}}}}}'
    for spec in (alone, beside_a_null):
        assert template(spec).spec.security_context.run_as_user == value


@pytest.mark.parametrize("number", ["1e300", "-1e300", "1e19", "9223372036854775808.0", "1.5", "1e-3"])
def test_a_float_that_is_no_integer_is_malformed(number: str) -> None:
    port = f'{{"containers": [{{"ports": [{{"hostPort": {number}}}]}}]}}'
    for spec in (port, f'{{"hostPID": null, {port[1:]}'):
        with raises(Malformed, "spec.containers[0].ports[0].hostPort must be an integer, not a number"):
            template(spec)


def test_of_two_equal_keys_the_last_counts() -> None:
    assert template('{"hostPID": true, "hostPID": false}') == template('{"hostPID": false}')
    assert template('{"hostPID": false, "hostIPC": null, "hostPID": true}').spec.host_pid is True
    assert plain(b'{"a": 1, "a": 2}') == {"a": 2}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ('{"hostPID": "true"}', "spec.hostPID must be a boolean, not a string"),
        ('{"hostPID": 1}', "spec.hostPID must be a boolean, not an integer"),
        ('{"nodeName": 1.5}', "spec.nodeName must be a string, not a number"),
        (
            '{"securityContext": {"runAsUser": true}}',
            "spec.securityContext.runAsUser must be an integer, not a boolean",
        ),
        ('{"securityContext": {"runAsUser": 1.5}}', "spec.securityContext.runAsUser must be an integer, not a number"),
        ('{"securityContext": {"runAsUser": "0"}}', "spec.securityContext.runAsUser must be an integer, not a string"),
        ('{"containers": {}}', "spec.containers must be a list, not an object"),
        ('{"containers": [[]]}', "spec.containers[0] must be an object, not a list"),
        ('{"volumes": [{"emptyDir": []}]}', "spec.volumes[0].emptyDir must be an object, not a list"),
        ('{"os": "windows"}', "spec.os must be an object, not a string"),
        ("[]", "spec must be an object, not a list"),
    ],
)
def test_a_wrong_type_is_told_with_its_place(spec: str, message: str) -> None:
    assert problems(b'{"spec": %s}' % spec.encode()) == [message]


def test_every_wrong_type_is_told_in_order() -> None:
    data = (
        b'{"metadata": {"labels": {"a": 1}}, "spec": {"hostPID": 0, "containers": [{"ports": [{"hostPort": "80"}]}]}}'
    )
    assert problems(data) == [
        "metadata.labels.a must be a string, not an integer",
        "spec.hostPID must be a boolean, not an integer",
        "spec.containers[0].ports[0].hostPort must be an integer, not a string",
    ]
    with raises(Malformed, "metadata.labels.a must be a string, not an integer (and 2 more)"):
        decode(PodTemplate, data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[]", "the object must be an object, not a list"),
        (b'"x"', "the object must be an object, not a string"),
        (b"", "the object is not JSON: Input data was truncated"),
        (b"{} {}", "the object is not JSON: JSON is malformed: trailing characters (byte 4)"),
        (b'{"spec": {"nodeName": "\xff"}}', "the object is not UTF-8"),
        (b'{"spec": {"x": NaN}}', "the object is not JSON: JSON is malformed: invalid character (byte 15)"),
    ],
)
def test_what_is_no_json_object(data: bytes, message: str) -> None:
    assert problems(data) == [message]


DEEP = (999, 1_500, 9_990)


@pytest.mark.parametrize("depth", DEEP)
@pytest.mark.parametrize("around", [b'{"spec": {"nodeName": %s}}', b'{"x": %s}', b'{"spec": null, "x": %s}'])
def test_too_deep_is_malformed_wherever_it_is(depth: int, around: bytes) -> None:
    for item in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
        assert problems(around % item) == ["the object is nested too deeply"]


HOSTILE = {
    "not UTF-8": b'"\xff"',
    "an overlong encoding": b'"\xc0\xaf"',
    "a lone surrogate": b'"\\ud800"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "a byte order mark": b"\xef\xbb\xbf1",
    "not a number": b"NaN",
    "infinite": b"-Infinity",
    "an integer of 5,000 digits": b"1" * 5000,
    "a float past every float": b"1e400",
    "an integer past 64 bits": b"99999999999999999999",
    "a control character": b'"\x01"',
    "cut off": b'{"a": [1',
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "around",
    [
        b'{"spec": {"nodeName": %s}}',
        b'{"spec": {"securityContext": {"runAsUser": %s}}}',
        b'{"metadata": {"labels": {"a": %s}}}',
        b'{"metadata": {"managedFields": %s}}',
        b'{"spec": {"hostPID": null, "shiny": %s}}',
        b"%s",
    ],
    ids=["a string", "an integer", "a label", "skipped", "skipped beside a null", "all"],
)
def test_hostile_json_is_malformed_or_a_value(value: bytes, around: bytes) -> None:
    decoded = None
    with contextlib.suppress(Malformed):
        decoded = decode(PodTemplate, around % value)
    assert decoded is None or decode(PodTemplate, msgspec.json.encode(decoded)) == decoded


def test_only_the_envelope_can_lack_a_field() -> None:
    with raises(msgspec.ValidationError, "Object missing required field `apiVersion`"):
        decode(AdmissionReview, b"{}")


def test_plain_says_why_it_cannot_read() -> None:
    with raises(Malformed, "the object is nested too deeply"):
        plain(b"[" * 5000)
