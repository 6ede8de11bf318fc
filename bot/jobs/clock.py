"""The clock: it only wakes things up. What is due, and whether it was sent, stands in rows."""

from collections.abc import Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

_TICK_SECONDS = 5


def start(tick: Callable[[], None], seconds: float = _TICK_SECONDS) -> AsyncIOScheduler:
    """Call `tick` now and then every few seconds, in the running event loop, until the scheduler is shut down.

    No job store and no memory of missed ticks: one tick catches up with everything that is due.
    """

    async def ring() -> None:
        tick()

    scheduler = AsyncIOScheduler()
    scheduler.add_job(ring, "interval", seconds=seconds, coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    tick()
    return scheduler
