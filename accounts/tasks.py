from celery import shared_task
from django.db import transaction

from . import limits
from .members import ask_new_password
from .models import PasswordRequest


@shared_task
def answer_password_requests():
    """Mail a link to who asked for a new password; what was typed is forgotten, whether it is anybody's or not."""
    while True:
        with transaction.atomic():
            asked = PasswordRequest.objects.select_for_update(no_key=True, skip_locked=True).order_by("pk").first()
            if asked is None:
                return
            asked.delete()
            ask_new_password(asked.login)


@shared_task
def forget_limits():
    limits.forget_expired()
