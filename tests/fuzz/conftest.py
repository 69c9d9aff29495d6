import contextlib
from collections.abc import Callable, Iterator

import pytest
from fuzz.campaign import Subject, loop
from fuzz.service import Application
from fuzz.tally import Tally

Wrong = Callable[[bytes, Tally], str]
"""What is wrong with what came of an input; nothing where all is right, and counted."""


@pytest.fixture(name="application", scope="module")
def _application(tmp_path_factory: pytest.TempPathFactory) -> Application:
    return Application(tmp_path_factory.mktemp("application"))


@pytest.fixture(name="asked_of")
def _asked_of() -> Iterator[Callable[[Subject], Wrong]]:
    """A subject, as something to call."""
    with contextlib.ExitStack() as stack:
        runner = stack.enter_context(loop())

        def asked_of(subject: Subject) -> Wrong:
            stack.enter_context(contextlib.closing(subject))
            return lambda body, tally: runner.run(subject.wrong(body, tally))

        yield asked_of
