"""Loaded before Django's settings: the embedded servers for the whole test run."""

from cleanconnect.localstack import servers

_servers = servers()
_servers.__enter__()
