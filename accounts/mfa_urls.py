"""Two-step verification by allauth: an authenticator app and recovery codes."""

from allauth.mfa.base import views
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_not_required
from django.urls import path

urlpatterns = [
    path("", views.index, name="mfa_index"),
    path("code/", login_not_required(views.authenticate), name="mfa_authenticate"),
    path("bevestigen/", views.reauthenticate, name="mfa_reauthenticate"),
    path("app/aanzetten/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/uitzetten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("herstelcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("herstelcodes/maken/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("herstelcodes/downloaden/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
