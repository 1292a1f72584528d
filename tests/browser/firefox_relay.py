"""`python -m tests.browser.firefox_relay FIREFOX …` starts an installed Firefox and stands between it and Playwright.

Playwright drives an installed Firefox by WebDriver BiDi, and begins each visit with a command that Debian's ESR does
not know yet: to pretend that a person prefers light or dark. The relay answers that one command itself (Firefox then
asks the system, as it does for everybody), and hands on everything else unchanged.
"""

import asyncio
import json
import re
import signal
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve

NOT_KNOWN_YET = "emulation.setMediaFeaturesOverride"
_LISTENING = re.compile(r"(WebDriver BiDi listening on )(ws://[^\s/]+)")


async def main(path: str, arguments: list[str]) -> int:
    """Run a Firefox with these arguments until it ends; says where to reach it, as Firefox itself does."""
    firefox = await asyncio.create_subprocess_exec(
        path, *arguments, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, firefox.terminate)
    relays: list[Server] = []
    if firefox.stderr is None:
        raise RuntimeError("Firefox was started without a way to hear it")
    while line := (await firefox.stderr.readline()).decode("utf-8", "replace"):
        if told := _LISTENING.search(line):
            relays.append(await _relay(told[2]))
            line = f"{told[1]}ws://127.0.0.1:{relays[-1].sockets[0].getsockname()[1]}\n"
        sys.stderr.write(line)
        sys.stderr.flush()
    for relay in relays:
        relay.close()
    return await firefox.wait()


async def _relay(address: str) -> Server:
    async def hand_on(client: ServerConnection) -> None:
        path = client.request.path if client.request else "/session"
        async with connect(f"{address}{path}", max_size=None, open_timeout=30) as browser:
            back = asyncio.create_task(_pass(browser, client))
            async for message in client:
                await _answer_or_pass(str(message), client, browser)
            back.cancel()

    return await serve(hand_on, "127.0.0.1", 0, max_size=None)


async def _answer_or_pass(message: str, client: ServerConnection, browser: ClientConnection) -> None:
    if f'"{NOT_KNOWN_YET}"' in message:
        asked = json.loads(message)
        if asked["method"] == NOT_KNOWN_YET:
            await client.send(json.dumps({"type": "success", "id": asked["id"], "result": {}}))
            return
    await browser.send(message)


async def _pass(browser: ClientConnection, client: ServerConnection) -> None:
    async for message in browser:
        await client.send(message)
    await client.close()


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(sys.argv[1], sys.argv[2:])))
