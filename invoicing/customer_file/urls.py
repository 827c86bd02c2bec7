from django.urls import path

from . import views

urlpatterns = [
    path("overzicht/<int:pk>/", views.CustomerFile.as_view(), name="customer-file"),
    path("overzicht/<int:pk>/geschiedenis/", views.CustomerHistory.as_view(), name="customer-history"),
    path("overzicht/<int:pk>/terugzetten/", views.restore, name="customer-restore"),
    path("overzicht/<int:pk>/samenvoegen/", views.merge_with, name="customer-merge"),
    path("overzicht/<int:pk>/anonimiseren/", views.forget, name="customer-anonymise"),
]
