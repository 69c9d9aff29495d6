"""The operator's configuration: read strictly, all errors at once, and flattened into layers that the engine resolves.

Later wins, key by key: the profile, (a namespace's pod-security labels,) `policies`, then every matching override
from top to bottom. Within one block an id beats `subject/*`, which beats `*`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from pydantic import ValidationError

from gatewright.engine import catalog as catalogs
from gatewright.engine.catalog import Catalog
from gatewright.engine.decision import Mode
from gatewright.engine.documents import Document
from gatewright.engine.modes import Modes, is_map
from gatewright.engine.reading import ConfigError, the_document, validate
from gatewright.engine.settings import Condition, EnforceOn, EnforceRoles, LabelUse, Setting, key_of, models
from gatewright.model.path import Path as Steps
from gatewright.model.path import find, parse
from gatewright.model.version import LATEST, NEWEST, KubernetesVersion, parse_version
from gatewright.policy import Params

PROFILES = OBSERVE, DEFAULT, STRICT = ("observe", "default", "strict")
"""The built-in profiles, stricter ones later."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One block, spelt out for each policy, and where it applies: everywhere that all its conditions hold.

    `written` is what the block says of policies in its own, shorter words.
    """

    name: str
    conditions: tuple[Condition, ...] = ()
    modes: dict[str, Modes] = field(default_factory=dict)
    params: dict[str, dict[str, Any]] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    labels: LabelUse | None = None
    enforce_on: EnforceOn | None = None
    enforce_roles: EnforceRoles | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration, ready to be resolved: the profile's layers, then those of the file.

    `hash` tells two configurations apart, the text of their policies included.
    """

    catalog: Catalog
    profile: str
    before_labels: tuple[Layer, ...]
    after_labels: tuple[Layer, ...]
    templates: dict[str, Steps] = field(default_factory=dict)
    latest: KubernetesVersion = NEWEST
    hash: str = ""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, later ones winning."""
        return self.before_labels + self.after_labels

    def params(self, policy_id: str, layers: tuple[Layer, ...]) -> Params | None:
        """The parameters of a policy, made of what the layers say together.

        Raises:
            pydantic.ValidationError: what they say does not go together.
        """
        model = self.catalog.entries[policy_id].policy.params
        if model is None:
            return None
        return model.model_validate(
            {key: value for layer in layers for key, value in layer.params.get(policy_id, {}).items()}
        )


def profiles() -> dict[str, Path]:
    """The built-in profiles, by name."""
    return {name: catalogs.built_in() / "profiles" / f"{name}.yaml" for name in PROFILES}


def load(
    text: bytes = b"{}",
    source: str = "",
    profile: str | None = None,
    loaded: Catalog | None = None,
    latest: KubernetesVersion = NEWEST,
) -> Configuration:
    """The configuration in `text`; without one, the profile alone.

    Args:
        text: the operator's YAML.
        source: the name that errors bear.
        profile: the profile to start from, whatever the file says.
        loaded: the policies, where they are loaded already: they are code, and code is not taken up while it serves.
        latest: what `latest` means where the configuration does not say.

    Raises:
        ConfigError: what is wrong, all of it.
    """
    if profile is not None and profile not in profiles():
        raise ConfigError([f"there is no profile {profile}; there are {', '.join(profiles())}"])
    document = the_document(text, source)
    folders = find(document.value, ("policyFolders",))
    folders = folders if isinstance(folders, list) else [folders]
    own = [Path(folder) for folder in folders if folder and isinstance(folder, str)]
    catalog = loaded or catalogs.load([catalogs.built_in(), *own])
    if catalog.problems:
        raise ConfigError(catalog.problems)
    if catalog.folders != (catalogs.built_in(), *own):
        raise ConfigError([f"{source}: policyFolders: changed; policies are code, so a restart takes them up"])
    file_model, profile_model = models(catalog, profiles())
    settings: Any = validate(file_model, document, catalog.aliases)

    def of_profile(name: str, *conditions: Condition) -> Iterator[Layer]:
        block = the_document(profiles()[name].read_bytes(), f"profile {name}")
        return _layers(validate(profile_model, block, catalog.aliases), block, f"profile {name}", catalog, conditions)

    chosen = profile or settings.profile or DEFAULT
    after = [_layer(settings, document, "policies", catalog)]
    loosened: list[str] = []
    for number, override in enumerate(settings.overrides or ()):
        if override.profile:
            after.extend(of_profile(override.profile, *override.conditions))
        place = document.at(("overrides", number))
        after.append(_layer(override, place, f"overrides[{number}]", catalog, override.conditions))
        if _loosens_by_name(override, after[-1]):
            line, why = place.line_of(("names",)), "alone may only enforce; to loosen, say namespaces or users too"
            loosened.append(f"{source}:{line}: overrides[{number}].names: {why}")
    configuration = Configuration(
        catalog=catalog,
        profile=chosen,
        before_labels=tuple(of_profile(chosen)),
        after_labels=tuple(after),
        templates={key_of(kind): parse(where) for kind, where in (settings.templates or {}).items()},
        latest=parse_version(settings.kubernetes or LATEST, min(latest, NEWEST)),
    )
    if problems := [*loosened, *_contradictions(configuration, source)]:
        raise ConfigError(problems)
    return _hashed(configuration)


def _layers(
    block: Any, document: Document, name: str, catalog: Catalog, conditions: tuple[Condition, ...]
) -> Iterator[Layer]:
    yield _layer(block, document, name, catalog, conditions)
    for number, override in enumerate(block.overrides or ()):
        place = document.at(("overrides", number))
        yield _layer(override, place, f"{name}, overrides[{number}]", catalog, (*conditions, *override.conditions))


def _layer(
    block: Any, document: Document, name: str, catalog: Catalog, conditions: tuple[Condition, ...] = ()
) -> Layer:
    settings: dict[str, Setting] = {}
    if block.policies is not None:
        for attribute, info in type(block.policies).model_fields.items():
            setting = getattr(block.policies, attribute)
            if setting is not None:
                settings[info.alias or ""] = setting
    modes: dict[str, Modes] = {}
    params: dict[str, dict[str, Any]] = {}
    written = find(document.value, ("policies",)) or {}
    for id_, entry in catalog.entries.items():
        for key in ("*", f"{entry.subject}/*", id_):
            if key in settings and settings[key].mode is not None:
                modes[id_] = settings[key].mode  # type: ignore[assignment]  # not None: just asked
        value = written.get(id_, written.get(entry.policy.alias))
        if isinstance(value, dict) and not is_map(value):
            params[id_] = {parameter: given for parameter, given in value.items() if parameter != "mode"}
    said = tuple(f"{key} {setting.mode}" for key, setting in settings.items() if setting.mode is not None)
    said += tuple(f"{id_} {parameter}={value}" for id_, given in params.items() for parameter, value in given.items())
    return Layer(
        name, conditions, modes, params, said, block.pod_security_labels, block.enforce_on, block.enforce_roles
    )


def _loosens_by_name(override: Any, layer: Layer) -> bool:
    """The requester chooses an object's name: alone it may make things stricter, never looser."""
    if override.names is None or override.namespaces is not None or override.users is not None:
        return False
    weakest = min((mode for modes in layer.modes.values() for mode in modes), default=Mode.ENFORCE)
    others = (layer.params, override.profile, layer.labels, layer.enforce_on, layer.enforce_roles)
    return weakest is not Mode.ENFORCE or any(others)


def _contradictions(configuration: Configuration, source: str) -> Iterator[str]:
    """Parameters that are each right in their own block, and wrong together with those before."""
    for end, layer in enumerate(configuration.layers, 1):
        for policy_id in layer.params:
            try:
                configuration.params(policy_id, configuration.layers[:end])
            except ValidationError as error:
                for detail in error.errors(include_url=False):
                    yield f"{source}: {layer.name}: {policy_id}: {detail.get('ctx', {}).get('error', detail['msg'])}"


def _hashed(configuration: Configuration) -> Configuration:
    parts = (
        configuration.profile,
        [
            (
                layer.name,
                [
                    condition.model_dump(mode="json", include=set(Condition.model_fields))
                    for condition in layer.conditions
                ],
                {policy_id: str(modes) for policy_id, modes in layer.modes.items()},
                layer.params,
                layer.labels,
                layer.enforce_on,
                layer.enforce_roles,
            )
            for layer in configuration.layers
        ],
        configuration.templates,
        str(configuration.latest),
        configuration.catalog.digest,
    )
    digest = hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
    return Configuration(
        configuration.catalog,
        configuration.profile,
        configuration.before_labels,
        configuration.after_labels,
        configuration.templates,
        configuration.latest,
        digest[:12],
    )
