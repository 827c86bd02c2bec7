"""The rooms of the house: the Django apps that are ours, found by where they stand."""

from pathlib import Path

from django.apps import apps
from django.conf import settings


def rooms():
    """The `AppConfig`s of our own apps, in the order of INSTALLED_APPS."""
    return [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]


def models():
    """All our models, those in between (many to many) too."""
    return [model for config in rooms() for model in config.get_models(include_auto_created=True)]
