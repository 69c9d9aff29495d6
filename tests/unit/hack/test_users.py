import base64
import json
from pathlib import Path

from controlplane.certificates import Authority
from controlplane.users import USERS, bindings, read_tokens, write_kubeconfig, write_tokens


def test_every_user_has_a_token_and_only_the_administrator_a_group(tmp_path: Path) -> None:
    tokens = write_tokens(tmp_path / "tokens.csv")
    assert tokens.keys() == USERS.keys()
    assert len(set(tokens.values())) == len(USERS)
    assert min(map(len, tokens.values())) == 32
    assert read_tokens(tmp_path / "tokens.csv") == tokens
    lines = [line.split(",", 1)[1] for line in (tmp_path / "tokens.csv").read_text().splitlines()]
    assert lines == ["admin,admin,system:masters", "editor,editor", "viewer,viewer", "nobody,nobody"]
    assert (tmp_path / "tokens.csv").stat().st_mode & 0o777 == 0o600


def test_the_built_in_roles_are_bound() -> None:
    bound = {(b["metadata"]["name"], b["roleRef"]["name"], b["subjects"][0]["name"]) for b in bindings()}
    assert bound == {("control-plane:editor", "edit", "editor"), ("control-plane:viewer", "view", "viewer")}


def test_a_kubeconfig_holds_all_that_it_needs(tmp_path: Path) -> None:
    Authority(tmp_path).client("admin", "admin", "system:masters")
    write_kubeconfig(tmp_path / "kubeconfig", "https://127.0.0.1:1", "admin", {"admin": "a", "viewer": "v"})
    told = json.loads((tmp_path / "kubeconfig").read_text())
    assert told["current-context"] == "admin"
    ca, certificate, key = (
        base64.b64encode((tmp_path / name).read_bytes()).decode() for name in ("ca.crt", "admin.crt", "admin.key")
    )
    cluster = {"server": "https://127.0.0.1:1", "certificate-authority-data": ca}
    assert told["clusters"] == [{"name": "control-plane", "cluster": cluster}]
    assert told["users"] == [
        {"name": "admin", "user": {"client-certificate-data": certificate, "client-key-data": key}},
        {"name": "viewer", "user": {"token": "v"}},
    ]
    assert told["contexts"] == [
        {"name": name, "context": {"cluster": "control-plane", "user": name}} for name in ("admin", "viewer")
    ]
    assert (tmp_path / "kubeconfig").stat().st_mode & 0o777 == 0o600
