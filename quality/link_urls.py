"""Pages behind a signed link in a mail, for who has no login."""

from django.urls import path

from . import approval_pages, defect_links

urlpatterns = [
    path("akkoord/<int:company_pk>/<int:pk>/<str:signature>/", approval_pages.page, name="approval"),
    path("akkoord/<int:company_pk>/<int:pk>/<str:signature>/foto/", approval_pages.photo, name="approval-photo"),
    path("mankement/<int:company_pk>/<int:pk>/<str:signature>/", defect_links.page, name="defect-page"),
    path("mankement/<int:company_pk>/<int:pk>/<str:signature>/foto/", defect_links.photo, name="defect-page-photo"),
]
