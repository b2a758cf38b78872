"""How often a server that ended by itself is started again, and after which pauses."""

from __future__ import annotations

import time
from collections.abc import Callable

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.process import Part

# Seconds before the first, the second and the third restart.
PAUSES = (1.0, 5.0, 20.0)
# A server that has run for this long since it last ended (seconds) starts counting anew.
FORGET_AFTER = 600.0


class Restarts:
    """Starts servers again, three times each."""

    def __init__(
        self,
        say: Callable[[str], object],
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """say: called with a line for the operator. sleep: waits for seconds. clock: gives seconds."""
        self._say, self._sleep, self._clock = say, sleep, clock
        self._ended: dict[str, list[float]] = {}

    def start_again(self, part: Part) -> None:
        """Starts a server that has ended, after a pause. If it does not start, it counts as ended at the next look.

        Raises ServiceError, with the reason and the log, if it has been started again three times already.
        """
        reason, log = part.child.describe_end(), part.child.log
        earlier = [moment for moment in self._ended.get(part.name, []) if self._clock() - moment < FORGET_AFTER]
        if len(earlier) == len(PAUSES):
            raise ServiceError(
                f"{part.name} ended unexpectedly ({reason}), after {len(PAUSES)} restarts within "
                f"{FORGET_AFTER / 60:.0f} minutes; see {log}, remove the cause, then start again"
            )
        self._ended[part.name] = [*earlier, self._clock()]
        pause = PAUSES[len(earlier)]
        self._say(
            f"{part.name} ended unexpectedly ({reason}); starting it again in {pause:.0f} s "
            f"({len(earlier) + 1} of {len(PAUSES)})"
        )
        self._sleep(pause)
        try:
            part.start()
        except ServiceError as error:
            part.child.stop()
            self._say(f"{part.name} did not start: {error}")
        else:
            self._say(f"{part.name} is running again")
