from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("overzicht/", views.MessageOverview.as_view(), name="overview"),
    path("overzicht/<int:pk>/", views.MessageDetail.as_view(), name="detail"),
    path("overzicht/<int:pk>/opnieuw-verzenden/", views.resend, name="resend"),
]
