"""`python -m compose.simulator --config simulator.yaml`: the platform, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from aiohttp import web

from compose.simulator.control import Control
from compose.simulator.fault import Switches
from compose.simulator.settings import Settings, parted
from compose.simulator.themes import themes

log = logging.getLogger("simulator")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m compose.simulator", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="see compose/simulator/settings.py")
    settings = Settings.read(parser.parse_args().config)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(simulate(settings))


async def simulate(settings: Settings) -> None:
    """Run every theme that can run here; faults are switched off at the end, as some hold things outside."""
    everything = themes(settings)
    able = [theme for theme in everything if not theme.absent]
    absent = {theme.name: theme.absent for theme in everything if theme.absent}
    for name, reason in absent.items():
        log.warning("%s left out: %s", name, reason)
    switches = Switches(fault for theme in able for fault in theme.faults())
    pages = {path: page for theme in able for path, page in theme.pages.items()}
    control = Control(switches, settings.gateway, absent, pages)
    runner = web.AppRunner(control.app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(theme.run(), name=theme.name) for theme in able]
    try:
        await web.TCPSite(runner, *parted(settings.control), reuse_address=True).start()
        log.info("running: %s", ", ".join(theme.name for theme in able))
        await asyncio.wait([asyncio.create_task(stop.wait()), *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        await asyncio.to_thread(switches.clear)
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await runner.cleanup()
    broken = [result for result in results if result is not None and not isinstance(result, asyncio.CancelledError)]
    if broken:
        raise broken[0]


if __name__ == "__main__":
    main()
