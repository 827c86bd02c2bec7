from django.urls import path

from . import views

app_name = "bookkeeping"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("codes/", views.codes, name="codes"),
    path("<int:pk>/bestand/", views.download, name="download"),
    path("<int:pk>/terugdraaien/", views.undo, name="undo"),
]
