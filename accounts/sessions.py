"""Django's sessions in the database; every request begins with this question, so its SQL is kept."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from cleanconnect.prepared import Asked, Prepared

OF_KEY = Prepared(lambda: Session.objects.filter(session_key=Asked("key"), expire_date__gt=Asked("now")))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        for session in OF_KEY(key=self.session_key, now=timezone.now()):
            return session
        self._session_key = None
        return None
