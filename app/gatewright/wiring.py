"""The composition root: builds and connects everything. Nothing is built at import."""

import functools
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gatewright.cluster.inventory import Inventory, cluster_of, take
from gatewright.cluster.manifests import Manifests, gather
from gatewright.cluster.reflected import ReflectedWorld
from gatewright.cluster.registration import publish
from gatewright.engine import cases, config, granting, registration
from gatewright.engine import catalog as catalogs
from gatewright.engine.cases import Outcome
from gatewright.engine.catalog import Catalog
from gatewright.engine.config import Configuration
from gatewright.engine.decision import Miss, Mode
from gatewright.engine.documents import Document, DocumentError
from gatewright.engine.engine import Engine
from gatewright.engine.exposed import placed, risky
from gatewright.engine.match import Target
from gatewright.engine.plans import Plans
from gatewright.engine.reading import ConfigError, the_document
from gatewright.engine.rules import strongest
from gatewright.engine.settings import models
from gatewright.engine.world import ClosedWorld, Unavailable, World
from gatewright.model.kinds import CLUSTER_KIND, KINDS, STORED
from gatewright.model.review import CREATE
from gatewright.model.version import NEWEST, KubernetesVersion
from gatewright.policy import Policy
from gatewright.webhook.reviewer import LocalReviewer, RemoteReviewer, Reviewer

GATHERING = 30.0
"""Seconds for which a configuration waits for what its policies read, before it is taken up without."""

VERSION_EVERY = 300.0
"""Seconds between two questions which version the API server is of: an upgrade takes longer."""


def configure(
    file: Path | None,
    profile: str | None = None,
    loaded: Catalog | None = None,
    latest: KubernetesVersion = NEWEST,
) -> Configuration:
    """The configuration of a file, or of a profile alone; with the policies that are `loaded` already, if any.

    Raises:
        ConfigError: it is refused.
    """
    return config.load(_text(file), str(file or ""), profile, loaded, latest)


def _text(file: Path | None) -> bytes:
    """The text of a configuration; an empty one where there is no file.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return file.read_bytes() if file else b""
    except OSError as error:
        raise ConfigError([f"{file}: cannot be read: {error.strerror}"]) from None


def engine_for(configuration: Configuration, manifests: Manifests, only: Collection[str] = ()) -> Engine:
    """An engine whose world is the manifests alone.

    Raises:
        ConfigError: `only` names a policy that does not exist, or that is off.
    """
    check_only(configuration, only)
    return Engine(configuration, ClosedWorld(manifests.values), only=only)


def check_only(configuration: Configuration, only: Iterable[str]) -> None:
    """Refuses the selection of what cannot run: it restricts and never turns on.

    Raises:
        ConfigError: for every id that does not exist or is off everywhere.
    """
    policies = configuration.catalog.policies
    problems = []
    for id_ in only:
        if id_ not in policies:
            problems.append(f"--only {id_}: no such policy; gatewright policies lists them")
        elif strongest(configuration, [policies[id_]]) is Mode.OFF:
            problems.append(f"--only {id_}: it is off; turn it on with policies: {{{id_}: warn}} in the configuration")
    if problems:
        raise ConfigError(problems)


def webhook_rules(configuration: Configuration) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """The rules to register the webhook for, of all policies that are on somewhere; and what is missing among them."""
    policies = on(configuration)
    missing = registration.unknown(policies, configuration.templates)
    return registration.rules(policies), [str(one) for one in missing]


def cluster_role(configuration: Configuration) -> dict[str, list[dict[str, Any]]]:
    """The rules of the ClusterRole that the service needs, for all policies that are on somewhere."""
    return {"rules": registration.cluster_role(on(configuration))}


def on(configuration: Configuration) -> list[Policy]:
    """The policies that are on somewhere."""
    policies = configuration.catalog.policies.values()
    return [policy for policy in policies if strongest(configuration, [policy]) is not Mode.OFF]


def _read(configuration: Configuration) -> set[type]:
    """The kinds that its policies read of the cluster."""
    return registration.read_by(on(configuration))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a service runs in: what is known of the cluster, what `latest` means, how its certificate is published.

    `version` asks again what `latest` means, and raises Unavailable where there is no answer.
    """

    world: World
    latest: KubernetesVersion = NEWEST
    publish: Callable[[bytes], bool] | None = None
    version: Callable[[], KubernetesVersion] | None = None

    @property
    def reflected(self) -> ReflectedWorld | None:
        """The world, where it is one that changes."""
        return self.world if isinstance(self.world, ReflectedWorld) else None


def closed(paths: Iterable[str]) -> Surroundings:
    """Manifests alone.

    Raises:
        ConfigError: they cannot be read.
    """
    manifests = gather(paths)
    if manifests.errors:
        raise ConfigError(str(error) for error in manifests.errors)
    return Surroundings(ClosedWorld(manifests.values))


def live(kubeconfig: Path | None, register: str) -> Surroundings:
    """A cluster, by a kubeconfig or by the account of the Pod that this runs in.

    Args:
        kubeconfig: None inside a cluster.
        register: the ValidatingWebhookConfiguration that gets the certificate, or empty.

    Raises:
        ConfigError: the cluster does not answer.
    """
    from gatewright.cluster.client import Client  # noqa: PLC0415  # the official client, where a cluster is read

    try:
        client = Client.connect(kubeconfig)
        latest = client.version()
    except Unavailable as error:
        raise ConfigError([str(error)]) from None
    published = functools.partial(publish, client, register) if register else None
    return Surroundings(ReflectedWorld(client), latest, published, client.version)


class Scanning:
    """A live cluster as a scan sees it: read once, and only read."""

    def __init__(self, kubeconfig: Path | None, context: str | None) -> None:
        """Finds the cluster of a context.

        Raises:
            ConfigError: it does not answer.
        """
        from gatewright.cluster.client import Client  # noqa: PLC0415  # the official client, where a cluster is read

        try:
            self.client = Client.by_kubeconfig(kubeconfig, context)
            self._name = context or self.client.address
            self.latest = self.client.version()
            self._version = str(self.client.get("/version").get("gitVersion", ""))
        except Unavailable as error:
            raise ConfigError([str(error)]) from None

    def read(
        self,
        configuration: Configuration,
        only: Collection[str],
        namespace: str,
        progress: Callable[[Sequence[str], str], Iterable[str]],
    ) -> tuple[Inventory, Engine]:
        """What there is of the kinds that policies judge, and an engine that knows it.

        Args:
            configuration: says which policies there are.
            only: ids of those that run; all where empty.
            namespace: whose objects alone are judged; all where empty.
            progress: goes through kinds, and tells somebody of it.

        Raises:
            ConfigError: `only` names what cannot run.
        """
        check_only(configuration, only)
        judged = _judged(configuration, only)
        is_whole = CLUSTER_KIND in judged and not namespace
        stored = {"Namespace", *(STORED[kind] for kind in _read(configuration)), *(["Node"] if is_whole else [])}
        kinds = sorted((judged | stored) - {CLUSTER_KIND})
        inventory = take(self.client, progress(kinds, "reading"), judged, stored, namespace)
        if is_whole:
            nodes = [item for item in inventory.objects if item["kind"] == "Node"]
            inventory.judge(cluster_of(self._name, self._version, nodes))
        return inventory, Engine(
            configuration, ClosedWorld(inventory.objects, inventory.unread, is_whole=True), only=only
        )


@dataclass(frozen=True, slots=True)
class Permitted:
    """Roles and bindings, where they were found, what could not be read, and what `latest` means there."""

    catalog: Catalog
    world: ClosedWorld
    documents: list[Document]
    errors: list[DocumentError]
    latest: KubernetesVersion = NEWEST


def permitted(
    paths: Sequence[str] | None,
    kubeconfig: Path | None,
    context: str | None,
    progress: Callable[[Sequence[str], str], Iterable[str]],
) -> Permitted:
    """The roles and bindings of manifests or, without any, of a context's cluster.

    Raises:
        ConfigError: the cluster does not answer.
    """
    catalog = catalogs.load([catalogs.built_in()])
    if catalog.problems:
        raise ConfigError(catalog.problems)
    if paths:
        manifests = gather(paths)
        documents = list(placed(manifests.objects))
        return Permitted(catalog, ClosedWorld(one.value for one in documents), documents, manifests.errors)
    scanning = Scanning(kubeconfig, context)
    stored = {STORED[kind] for kind in registration.read_by(risky(catalog))}
    kinds = sorted({*granting.KINDS, *stored})
    inventory = take(scanning.client, progress(kinds, "reading"), granting.KINDS, stored)
    world = ClosedWorld(inventory.objects, inventory.unread, is_whole=True)
    return Permitted(catalog, world, inventory.documents, inventory.errors, scanning.latest)


def _judged(configuration: Configuration, only: Collection[str]) -> set[str]:
    """The kinds that policies judge where an object is created, as `Kind.group`."""
    plans = Plans(configuration, only)
    kinds = {
        *KINDS,
        CLUSTER_KIND,
        *configuration.templates,
        *(kind for one in on(configuration) for kind in one.kinds),
    }
    return {kind for kind in kinds if plans.of(Target(kind, CREATE, "")).strongest is not Mode.OFF}


class Current:
    """The engine that serves now. A changed configuration makes a new one, a bad one is refused and the last stays."""

    def __init__(
        self, file: Path | None, profile: str | None, surroundings: Surroundings, quarantined: Collection[str] = ()
    ) -> None:
        """Loads the configuration; `quarantined` are the ids of policies that are not run.

        Raises:
            ConfigError: it is refused.
        """
        self._file = file
        self._profile = profile
        self._surroundings = surroundings
        self._quarantined = quarantined
        self._latest = surroundings.latest
        self._asked = time.monotonic()
        text = _text(file)
        self._seen: bytes | tuple[str, ...] = text
        self.engine = self._compiled(text)
        if surroundings.reflected:
            surroundings.reflected.want(_read(self.engine.configuration))

    def _compiled(self, text: bytes, loaded: Catalog | None = None) -> Engine:
        configuration = config.load(text, str(self._file or ""), self._profile, loaded, self._latest)
        return Engine(configuration, self._surroundings.world, quarantined=self._quarantined)

    def lacks(self, misses: tuple[Miss, ...]) -> bool:
        """Whether what a judgement lacked can be looked up: not where manifests are the world."""
        world = self._surroundings.reflected
        return world is not None and world.lacks(misses)

    async def look_up(self, misses: tuple[Miss, ...], seconds: float) -> bool:
        """Looks up what a judgement lacked; whether there was anything to look up."""
        world = self._surroundings.reflected
        return world is not None and await world.look_up(misses, seconds)

    def forget(self, namespace: str) -> None:
        """A namespace is about to change; manifests do not."""
        if self._surroundings.reflected:
            self._surroundings.reflected.forget(namespace)

    def refresh(self, refused: Callable[[ConfigError], None], accepted: Callable[[Configuration], None]) -> None:
        """Takes up a configuration whose text changed, or whose `latest` means another version now.

        Args:
            refused: told why the new one was not taken, once.
            accepted: told of the one that serves from now on.
        """
        try:
            text = _text(self._file)
        except ConfigError as error:
            if self._seen != error.problems:
                self._seen = error.problems
                refused(error)
            return
        if not self._has_moved() and text == self._seen:
            return
        self._seen = text
        try:
            engine = self._compiled(text, self.engine.configuration.catalog)
        except ConfigError as error:
            refused(error)
            return
        self._take_up(engine)
        accepted(engine.configuration)

    def _take_up(self, engine: Engine) -> None:
        """Exchanges the engine, once what the new one reads is there."""
        world = self._surroundings.reflected
        before, after = _read(self.engine.configuration), _read(engine.configuration)
        if world and before != after:
            world.want(before | after)
            world.wait(GATHERING)
        self.engine = engine
        if world and before != after:
            world.want(after)

    def _has_moved(self) -> bool:
        """Whether the API server answers as another minor than it did; it is asked every five minutes."""
        if self._surroundings.version is None or time.monotonic() - self._asked < VERSION_EVERY:
            return False
        self._asked = time.monotonic()
        try:
            before, self._latest = self._latest, self._surroundings.version()
        except Unavailable:  # what it was stays
            return False
        return before != self._latest


@dataclass(frozen=True, slots=True)
class CaseRun:
    """The outcomes of a folder of cases, and what kept others from running."""

    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...]


def run_cases(folder: Path) -> CaseRun:
    """Runs every file of cases (`*.yaml`) below a folder, of built-in policies and of those that lie in the folder.

    A file that cannot be run, and a policy of the folder without cases, is a problem; the others still run.

    Raises:
        ConfigError: there is no such folder, or no case in it.
    """
    if not folder.is_dir():
        raise ConfigError([f"{folder}: there is no such folder"])
    own = [] if folder.resolve().is_relative_to(catalogs.built_in().resolve()) else [folder]
    catalog = catalogs.load([catalogs.built_in(), *own])
    outcomes: list[Outcome] = []
    problems = list(catalog.problems)
    for file in sorted(folder.rglob("*.yaml")):
        try:
            document = the_document(_text(file), str(file))
            outcomes += cases.run(document, catalog) if "cases" in document.value else ()
        except ConfigError as error:
            problems += error.problems
    tested = {outcome.policy for outcome in outcomes}
    for id_, entry in catalog.entries.items():
        if entry.file.is_relative_to(folder) and id_ not in tested:
            problems.append(f"{entry.file}: no cases; write them in {entry.file.with_suffix('.yaml')}")
    if not outcomes and not problems:
        raise ConfigError([f"{folder}: there are no cases here"])
    return CaseRun(tuple(outcomes), tuple(problems))


def schema(catalog: Catalog) -> dict[str, object]:
    """The JSON Schema of a configuration for the policies of a catalogue."""
    file, _ = models(catalog, config.profiles())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | file.model_json_schema(mode="validation")


def local_reviewer(configuration: Configuration, manifests: list[str], only: Collection[str]) -> Reviewer:
    """Answers recorded reviews exactly as the webhook would, its world the manifests alone.

    Raises:
        ConfigError: the manifests cannot be read, or `only` names what cannot run.
    """
    gathered = gather(manifests)
    if gathered.errors:
        raise ConfigError(str(error) for error in gathered.errors)
    return LocalReviewer(engine_for(configuration, gathered, only))


def remote_reviewer(url: str, ca: Path | None) -> Reviewer:
    """Has recorded reviews answered by a running webhook.

    Raises:
        ConfigError: the URL is none, or the certificate cannot be read.
    """
    try:
        return RemoteReviewer(url, ca)
    except OSError as error:
        raise ConfigError([f"--ca {ca}: {error.strerror or error}"]) from None
    except ValueError as error:
        raise ConfigError([f"--server {url}: {error}"]) from None
