"""Beat, which does not believe that it has run in the future."""

import logging

from celery.beat import PersistentScheduler

logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    """Celery's schedule in a file, of which times that lie in the future are forgotten at the start.

    They do after a clock that was wrong has been set right; nothing would be swept until it is that late again.
    """

    def setup_schedule(self):
        super().setup_schedule()
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at > now:
                logger.warning("%s ran at %s, which is still to come; it begins anew.", entry.name, entry.last_run_at)
                entry.last_run_at = now
        self.sync()
