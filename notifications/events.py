"""The kinds of mail. Each is defined by the room that sends it, in its `mail_events.py`, with its texts in its `mailtexts/`."""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from cleanconnect.rooms import rooms

MODULE = "mail_events"


@dataclass(frozen=True)
class Word:
    """What stands between braces in a text: what it is, and an example of it, or a function that gives one for a company."""

    about: str | Promise
    example: object

    def example_of(self, company):
        return self.example(company) if callable(self.example) else self.example


class Event(str):
    """A kind of mail: its key in the database and in the names of its texts, with its label and the words of those texts.

    Without the words in `required` the mail is of no use.
    """

    def __new__(cls, key, label, words, *, required=()):
        event = super().__new__(cls, key)
        event.label, event.words, event.required = label, words, frozenset(required)
        return event


@cache
def by_key():
    """`{key: Event}` of all rooms, from left to right and as they stand there."""
    modules = [import_module(f"{room.name}.{MODULE}") for room in rooms() if module_has_submodule(room.module, MODULE)]
    return {event: event for module in modules for event in vars(module).values() if isinstance(event, Event)}


def choices():
    """Of a field that names an event; a migration keeps the name of this function, so that an event more needs none."""
    return [(str(event), event.label) for event in by_key().values()]


@cache
def text_of(event, language):
    """The path of our own text."""
    return next(path for room in rooms() if (path := Path(room.path) / "mailtexts" / f"{event}.{language}.txt").exists())
