"""The headers that every answer has, written in one place."""

from csp.constants import HEADER as CONTENT_SECURITY_POLICY
from csp.utils import build_policy
from django.conf import settings

FEATURES = {"camera": "self", "microphone": "self"}  # photos of damage, and speech into a note
REFUSED = ("accelerometer", "autoplay", "display-capture", "geolocation", "gyroscope", "magnetometer", "midi", "payment", "usb", "serial")
PERMISSIONS = ", ".join([*(f"{name}=({who})" for name, who in FEATURES.items()), *(f"{name}=()" for name in REFUSED)])


class HeadersMiddleware:
    """What a page may load (CSP), what it may ask of the browser (Permissions-Policy), and that no other site frames it or takes in
    what we send (CORP). They are the same for all answers, but for a view with django-csp's `csp_update`."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.fixed = {
            CONTENT_SECURITY_POLICY: build_policy(),
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
            "Permissions-Policy": PERMISSIONS,
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def __call__(self, request):
        response = self.get_response(request)
        if update := getattr(response, "_csp_update", None):
            response.headers[CONTENT_SECURITY_POLICY] = build_policy(update=update)
        for name, value in self.fixed.items():
            response.headers.setdefault(name, value)
        return response
