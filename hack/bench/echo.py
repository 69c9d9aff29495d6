"""The bare endpoint: uvicorn with the service's options, which reads a body and answers the same small review always.

The options are written out, not imported: what the service's listener does beyond them shall show in the ratio.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
import uvloop

from bench.reviews import UID_LENGTH

_RESPONSE = {"uid": "0" * UID_LENGTH, "allowed": True}
ANSWER = json.dumps(
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": _RESPONSE}, separators=(",", ":")
).encode()
"""As long as the service's answer to what it allows."""

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER))]

Message = MutableMapping[str, Any]


async def echo(
    _: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Reads all of a request and answers it."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})


class Bare(uvicorn.Server):
    """Tells its port on standard output, once it listens."""

    async def startup(self, sockets: Any = None) -> None:
        """As uvicorn's own."""
        await super().startup(sockets)
        print(json.dumps({"webhook": f"https://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}/"}), flush=True)


def main(certificate: str, key: str) -> None:
    """Serves on a free port of loopback, until it is ended."""
    config = uvicorn.Config(
        echo,
        port=0,
        http="httptools",
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        workers=1,
        timeout_keep_alive=125,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(Bare(config).serve())


if __name__ == "__main__":
    main(*sys.argv[1:])
