from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [
    path("", views.ExportOverview.as_view(), name="overview"),
    path("lijst/", views.create_list, name="create"),
    path("alles/", views.create_everything, name="everything"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/downloaden/", views.download, name="download"),
    path("<int:pk>/verwijderen/", views.ExportDelete.as_view(), name="delete"),
]
