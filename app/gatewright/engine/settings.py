"""The form of a configuration: pydantic models made from the catalogue, so that they know every id and parameter."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema

from gatewright.engine.catalog import Catalog, Entry
from gatewright.engine.modes import Modes, is_map
from gatewright.model.pod import TEMPLATES
from gatewright.model.version import parse_version
from gatewright.policy import Globs
from gatewright.policy.params import Strict

Folder = Annotated[str, Field(min_length=1)]
LabelUse = Literal["honour", "at-most-warn", "tighten", "ignore"]
EnforceOn = Literal["workloads", "pods"]
EnforceRoles = Literal["all", "bound"]


class Setting(Strict):
    """What a configuration says of one policy: its mode and its parameters, or the mode alone."""

    mode: Modes | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"mode": data} if not isinstance(data, dict) or is_map(data) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        whole = handler.resolve_ref_schema(super().__get_pydantic_json_schema__(schema, handler))
        return {"anyOf": [*whole["properties"]["mode"]["anyOf"], whole], "description": whole.pop("description", "")}


def _version(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError('must be like "v1.36", in quotes or with the v')
    parse_version(text)
    return text


def _template(text: str) -> str:
    if not re.fullmatch(NAMES, text):
        raise ValueError("must be a path of names, like spec.template")
    return text


def _custom(kind: str) -> str:
    if not re.fullmatch(KIND, kind):
        raise ValueError("must be a group and a kind, like argoproj.io/Rollout")
    if key_of(kind) in TEMPLATES:
        raise ValueError("is built in")
    return kind


def key_of(kind: str) -> str:
    """`argoproj.io/Rollout` as a request's kind has it: `Rollout.argoproj.io`."""
    group, _, name = kind.rpartition("/")
    return f"{name}.{group}" if group else name


NAMES = r"[A-Za-z0-9_$-]+(\.[A-Za-z0-9_$-]+)*"
KIND, VERSION = r"([a-z0-9.-]+/)?[A-Za-z0-9]+", r"latest|v1\.(0|[1-9][0-9]*)"


def _form(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^({pattern})$"}


Version = Annotated[str, BeforeValidator(_version), WithJsonSchema(_form(VERSION))]
Templates = Annotated[
    dict[Annotated[str, AfterValidator(_custom)], Annotated[str, AfterValidator(_template)]],
    WithJsonSchema({"type": "object", "propertyNames": _form(KIND), "additionalProperties": _form(NAMES)}),
]


class Block(Strict):
    """What a profile, a file and an override have in common."""

    policies: Any = None
    pod_security_labels: LabelUse | None = Field(
        None, description="What a namespace's pod-security labels do: replace the mode, only tighten it, or nothing."
    )
    enforce_on: EnforceOn | None = Field(
        None, description="Whether a violating pod template is denied at the workload too, or at its Pods alone."
    )
    enforce_roles: EnforceRoles | None = Field(
        None, description="Whether a role is denied for what it contains, or only where somebody is bound to it."
    )


class Condition(Strict):
    """Where an override applies: everywhere that all of the keys given hold. Names are globs."""

    namespaces: Globs | None = None
    namespace_labels: dict[str, str] | None = None
    kinds: Globs | None = None
    names: Globs | None = None
    operations: list[Literal["CREATE", "UPDATE", "DELETE", "CONNECT"]] | None = None
    users: Globs | None = None
    groups: Globs | None = None

    @property
    def conditions(self) -> "tuple[Condition, ...]":
        """Itself, or nothing where no key is given: then it always holds."""
        return (self,) if any(getattr(self, name) is not None for name in Condition.model_fields) else ()


def models(catalog: Catalog, profiles: Iterable[str]) -> tuple[type[Strict], type[Block]]:
    """The models of a configuration file and of a profile, for the policies of a catalogue."""
    policies: Any = _policies(catalog) | None
    profile: Any = Literal[tuple(profiles)]
    override: Any = create_model(
        "Override",
        __base__=(Condition, Block),
        __doc__="Settings for a part of the cluster.",
        profile=(profile | None, None),
        policies=(policies, None),
    )
    shared: dict[str, Any] = {
        "api_version": (Literal["gatewright/v1"] | None, None),
        "policies": (policies, None),
        "overrides": (list[override] | None, None),
    }
    block = create_model("Profile", __base__=Block, __doc__="A profile.", **shared)
    own: dict[str, Any] = {
        "profile": (profile | None, Field(None, description="Where the modes start from; default where unset.")),
        "kubernetes": (Version | None, Field(None, description="What latest means, e.g. v1.36.")),
        "templates": (
            Templates | None,
            Field(None, description="Where custom kinds keep their pod, e.g. argoproj.io/Rollout: spec.template."),
        ),
        "policy_folders": (list[Folder] | None, Field(None, description="Folders of policies of your own.")),
    }
    file = create_model("Configuration", __base__=Block, __doc__="Gatewright's configuration.", **shared, **own)
    return file, block


def _policies(catalog: Catalog) -> type[Strict]:
    subjects = sorted({entry.subject for entry in catalog.entries.values()})
    patterns = {"*": "every policy", **{f"{subject}/*": f"every policy of {subject}" for subject in subjects}}
    fields: dict[str, Any] = {
        f"pattern_{number}": (Setting | None, Field(None, alias=pattern, description=f"The mode of {meaning}."))
        for number, (pattern, meaning) in enumerate(patterns.items())
    }
    for number, (id_, entry) in enumerate(catalog.entries.items()):
        fields[f"policy_{number}"] = (_setting(entry), Field(None, alias=id_, description=entry.policy.summary))
    aliases = catalog.aliases

    class Policies(Strict):
        """Modes and parameters by policy; an id beats `subject/*`, which beats `*`."""

        @model_validator(mode="before")
        @classmethod
        def _aliases(cls, data: Any) -> Any:
            return {aliases.get(key, key): value for key, value in data.items()} if isinstance(data, dict) else data

        @classmethod
        def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
            reference = super().__get_pydantic_json_schema__(schema, handler)
            properties = handler.resolve_ref_schema(reference)["properties"]
            properties.update({alias: properties[id_] for alias, id_ in aliases.items()})
            return reference

    return create_model("Policies", __base__=Policies, **fields)


def _setting(entry: Entry) -> Any:
    base = (entry.policy.params, Setting) if entry.policy.params else Setting
    return create_model(f"Setting_{entry.policy.check.__name__}", __base__=base, __doc__=entry.policy.text)
