"""A connection to the queue that was lost is just that, also to a task that still has something to say on it."""

import pytest
from django.conf import settings
from kombu import Connection

from cleanconnect.celery import app


def test_who_acknowledges_on_a_channel_that_is_gone_meets_a_lost_connection():
    assert app.main == "cleanconnect"  # that module names the transport
    connection = Connection(settings.REDIS_URL)
    channel, expected = connection.channel(), connection.connection_errors

    connection.collect()

    with pytest.raises(expected):
        channel.basic_ack("of a task that has just ended")
