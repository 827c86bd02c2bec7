from django.apps import AppConfig

from .texts import clean_fields


class CleanConnectConfig(AppConfig):
    name = "cleanconnect"

    def ready(self):
        clean_fields()
