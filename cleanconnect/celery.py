import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cleanconnect.settings")
app = Celery("cleanconnect")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
