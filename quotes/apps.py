from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "quotes"

    def ready(self):
        from customers.leaving import forgotten

        from .forgetting import on_forgotten

        forgotten.connect(on_forgotten)
