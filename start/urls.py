from django.urls import path

from . import views

urlpatterns = [
    path("", views.guide, name="start-guide"),
    path("wat-u-krijgt/", views.expected, name="start-guide-expected"),
    path("klaar/", views.finish, name="start-guide-finish"),
]
