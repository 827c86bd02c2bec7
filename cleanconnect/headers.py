"""Headers of every answer that Django's own settings do not know."""

FEATURES = {"camera": "self", "microphone": "self"}  # photos of damage, and speech into a note
REFUSED = ("accelerometer", "autoplay", "display-capture", "geolocation", "gyroscope", "magnetometer", "midi", "payment", "usb", "serial")
PERMISSIONS = ", ".join([*(f"{name}=({who})" for name, who in FEATURES.items()), *(f"{name}=()" for name in REFUSED)])


class HeadersMiddleware:
    """What a page may ask of the browser (Permissions-Policy), and that no other site takes in what we send (CORP)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
