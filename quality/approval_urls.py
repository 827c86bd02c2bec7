from django.urls import path

from . import approval_pages

urlpatterns = [
    path("<int:company_pk>/<int:pk>/<str:signature>/", approval_pages.page, name="approval"),
    path("<int:company_pk>/<int:pk>/<str:signature>/foto/", approval_pages.photo, name="approval-photo"),
]
