from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"

    def ready(self):
        from workorders.status import changed

        from .mails import on_status

        changed.connect(on_status)
