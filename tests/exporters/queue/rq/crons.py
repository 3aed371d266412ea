"""A cron config for `rq cron`."""

from rq import cron

from tests.exporters.queue.rq.jobs import nap

cron.register(nap, queue_name="nightly", name="every-day", cron="17 3 * * *")
cron.register(nap, queue_name="often", name="every-hour", interval=3607)
