"""The bot's processes: started as an installer starts them, and killed."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from bot.playground.server import BOT_TOKEN, HOST, SIGNING_SECRET

_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Worker:
    """One process. `name` is what a database server knows it by."""

    name: str
    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        return self.process.pid


@dataclass
class Crew:
    """Those who work at the moment. What they complain of is in the `.log` files of `folder`."""

    database_url: str
    api_url: str
    folder: Path
    at_work: dict[int, Worker] = field(default_factory=dict)
    _started: int = 0

    async def hire(self) -> None:
        """Start a process that sends what is due."""
        self._started += 1
        name, url = f"worker-{self._started}", make_url(self.database_url)
        is_file = url.get_backend_name() == "sqlite"
        own = url if is_file else url.update_query_dict({"application_name": name})
        settings = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.api_url,
            "DATABASE_URL": own.render_as_string(hide_password=False),
            "HOST": HOST,
            "PORT": "0",
            "LOG_LEVEL": "WARNING",
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run" if is_file else "worker",
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_CHECKOUT), **settings},
            )
        self.at_work[process.pid] = Worker(name, process)

    @property
    def complaints(self) -> str:
        """What any of them had to say, where there is an error in it. That something was tried again is none."""
        logs = "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))
        return logs if any(level in logs for level in (" ERROR ", "Traceback")) else ""


@asynccontextmanager
async def crew_of(number: int, database_url: str, api_url: str, folder: Path) -> AsyncIterator[Crew]:
    """So many workers, who go home at the end."""
    crew = Crew(database_url, api_url, folder)
    try:
        for _ in range(number):
            await crew.hire()
        yield crew
    finally:
        for worker in crew.at_work.values():
            if worker.process.returncode is None:
                worker.process.terminate()
        for worker in crew.at_work.values():
            await worker.process.wait()
