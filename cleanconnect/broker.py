"""The queue as Celery reaches it: kombu's Redis transport, from which a lost connection looks like one to all who still use it."""

from kombu.transport import redis
from redis.exceptions import ConnectionError as Lost


class Channel(redis.Channel):
    """A channel that says so when its connection is gone.

    A task that was under way when Valkey went is acknowledged on the channel it came by. kombu asks that channel's connection, which it
    let go of, for its address: an AttributeError, which is expected nowhere and ends the worker. A lost connection only costs the
    acknowledgement: the task may come once more, and every task is safe to run twice.
    """

    def _connparams(self, asynchronous=False):
        if self.connection is None or self.connection.client is None:
            raise Lost("this channel was closed with its connection")
        return super()._connparams(asynchronous)


class Transport(redis.Transport):
    Channel = Channel
