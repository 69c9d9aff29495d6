"""The engine: a request becomes a Decision. Immutable; a changed configuration makes a new one."""

import datetime
import math
import time
from collections.abc import Callable, Collection

from gatewright.engine.config import Configuration
from gatewright.engine.decision import Decision, Mode
from gatewright.engine.judgement import Judgement
from gatewright.engine.match import Target
from gatewright.engine.plans import Plans
from gatewright.engine.rules import strongest
from gatewright.engine.views import Pods
from gatewright.engine.world import World
from gatewright.model.review import AdmissionRequest


def utc_today() -> datetime.date:
    """The current day in UTC."""
    return datetime.datetime.now(datetime.UTC).date()


class Engine:
    """Judges requests by a configuration and what is known of the cluster."""

    def __init__(
        self,
        configuration: Configuration,
        world: World,
        *,
        only: Collection[str] = (),
        quarantined: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime.date] = utc_today,
    ) -> None:
        """Compiles the configuration.

        Args:
            configuration: what applies where.
            world: what is known of the cluster.
            only: ids of the policies to run; all where empty.
            quarantined: ids of the policies that are not run, and whose violations are therefore not known.
            clock: seconds, on which deadlines are given.
            today: the day by which policies judge what ages.
        """
        self.configuration = configuration
        self.clock = clock
        self._today = today
        self._world = world
        self._plans = Plans(configuration, only, quarantined)
        self.strongest = strongest(configuration, self._plans.policies)

    def judge(self, request: AdmissionRequest, deadline: float = math.inf, pods: Pods | None = None) -> Decision:
        """The Decision on a request. Never raises: what cannot be decided is a finding, under a mode as any other.

        Args:
            request: what the API server asks.
            deadline: on the engine's clock; what is not judged by then counts as undecided.
            pods: those in the request, where they are read already.
        """
        target = Target(request.kind.key, request.operation, request.sub_resource)
        if self._plans.of(target).strongest is Mode.OFF:
            return Decision()
        judgement = Judgement(self._plans, self._world, request, target, self.clock, deadline, self._today, pods)
        return judgement.decide()
