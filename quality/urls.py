from django.urls import path

from . import approval_pages, defect_links, photos, shift, views, workfloor

app_name = "quality"
urlpatterns = [
    path("vandaag/", workfloor.Today.as_view(), name="today"),
    path("werkorder/<int:pk>/", workfloor.check, name="check"),
    path("werkorder/<int:pk>/onderdeel/<int:item_pk>/", workfloor.answer_item, name="answer"),
    path("werkorder/<int:pk>/onderdeel/<int:item_pk>/foto/", photos.add_item_photo, name="add-item-photo"),
    path("werkorder/<int:pk>/schade/", photos.add_damage, name="add-damage"),
    path("werkorder/<int:pk>/fotos/", photos.add_photos, name="add-photos"),
    path("werkorder/<int:pk>/foto/", photos.send_photo, name="send-photo"),
    path("werkorder/<int:pk>/mankement/", workfloor.defect_create, name="defect-create"),
    path("werkorder/<int:pk>/gereed/", workfloor.finish, name="finish"),
    path("werkorder/<int:pk>/werk/", workfloor.work, name="work"),
    path("werkorder/<int:pk>/heropenen/", workfloor.reopen_order, name="reopen"),
    path("werkorder/<int:pk>/wacht/", approval_pages.waiting, name="waiting"),
    path("akkoord/<int:pk>/", approval_pages.note_answer, name="note-answer"),
    path("tablet/contact/", shift.contact, name="contact"),
    path("van-de-tablet/", shift.Kept.as_view(), name="kept"),
    path("van-de-tablet/<int:pk>/foto/", shift.kept_photo, name="kept-photo"),
    path("van-de-tablet/<int:pk>/afgehandeld/", shift.settle, name="settle"),
    path("groepen-aanmaken/", views.GroupCreate.as_view(), name="group-create"),
    path("groepen-overzicht/", views.GroupOverview.as_view(), name="group-overview"),
    path("groepen-overzicht/<int:pk>/bewerken/", views.GroupEdit.as_view(), name="group-edit"),
    path("groepen-overzicht/<int:pk>/verwijderen/", views.GroupDelete.as_view(), name="group-delete"),
    path("aanmaken/", views.ItemCreate.as_view(), name="item-create"),
    path("overzicht/", views.ItemOverview.as_view(), name="item-overview"),
    path("overzicht/<int:pk>/bewerken/", views.ItemEdit.as_view(), name="item-edit"),
    path("overzicht/<int:pk>/verwijderen/", views.ItemDelete.as_view(), name="item-delete"),
    path("overnemen/", views.TakeOver.as_view(), name="take-over"),
    path("mankementen/", views.DefectOverview.as_view(), name="defects"),
    path("mankementen/<int:pk>/foto/", photos.defect_photo, name="defect-photo"),
    path("mankementen/<int:pk>/link/", defect_links.revoke, name="revoke-defect-link"),
    path("mankementen/<int:pk>/foto/origineel/", photos.defect_photo_original, name="defect-photo-original"),
    path("fotos/<int:pk>/", photos.check_photo, name="check-photo"),
    path("fotos/<int:pk>/origineel/", photos.check_photo_original, name="check-photo-original"),
]
