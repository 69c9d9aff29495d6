from collections.abc import Iterator

import pytest

from tests.image.built import Image, built


@pytest.fixture(name="image", scope="session")
def _image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    with built(tmp_path_factory.mktemp("image")) as image:
        # Its size is for whoever reads the log of a run, passed or not.
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{image.told}", end="")
        yield image
