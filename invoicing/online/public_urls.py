"""Paying an invoice, for who has the link."""

from django.urls import path

from . import views

urlpatterns = [
    path("betalen/<int:company_pk>/<int:pk>/<str:signature>/", views.page, name="pay-online"),
    path("betalen/nieuws/<int:company_pk>/<int:pk>/<str:signature>/", views.webhook, name="mollie-webhook"),
]
