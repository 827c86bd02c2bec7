"""The page of a quote, for who has the link."""

from django.urls import path

from . import views

urlpatterns = [path("offerte/<int:company_pk>/<int:pk>/<str:signature>/", views.page, name="quote-page")]
