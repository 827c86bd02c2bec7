from django.urls import path

from . import views

app_name = "imports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("voorbeeld/<slug:kind>.xlsx", views.example, name="example"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/kolommen/", views.columns, name="columns"),
    path("<int:pk>/uitvoeren/", views.carry_out, name="carry-out"),
    path("<int:pk>/fouten.csv", views.problems, name="problems"),
    path("<int:pk>/verwijderen/", views.ImportDelete.as_view(), name="delete"),
]
