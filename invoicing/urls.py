from django.urls import path

from . import payment_views, reminder_views, run_views, views

app_name = "invoicing"
urlpatterns = [
    path("te-factureren/", views.ToInvoice.as_view(), name="to-invoice"),
    path("te-factureren/klant/<int:pk>/", views.choose_orders, name="choose-orders"),
    path("te-factureren/klant/<int:pk>/alles/", views.invoice_all, name="invoice-all"),
    path("te-factureren/los/", views.free_invoice, name="free"),
    path("te-factureren/werkorder/<int:pk>/", views.from_order, name="from-order"),
    path("te-factureren/werkorder/<int:pk>/afleveren/", views.deliver, name="deliver"),
    path("te-factureren/rondes/", run_views.RunOverview.as_view(), name="runs"),
    path("te-factureren/rondes/nieuw/", run_views.start, name="run-start"),
    path("te-factureren/rondes/<int:pk>/", run_views.detail, name="run"),
    path("te-factureren/rondes/<int:pk>/akkoord/", run_views.confirm, name="run-confirm"),
    path("te-factureren/rondes/<int:pk>/stoppen/", run_views.stop, name="run-stop"),
    path("te-factureren/rondes/<int:pk>/verder/", run_views.resume, name="run-resume"),
    path("te-factureren/rondes/<int:pk>/weggooien/", run_views.discard, name="run-discard"),
    path("overzicht/", views.InvoiceOverview.as_view(), name="overview"),
    path("overzicht/<int:pk>/", views.detail, name="detail"),
    path("overzicht/<int:pk>/pdf/", views.download, name="pdf"),
    path("overzicht/<int:pk>/e-factuur/", views.download_ubl, name="ubl"),
    path("overzicht/<int:pk>/e-factuur/maken/", views.make_ubl, name="make-ubl"),
    path("overzicht/<int:pk>/crediteren/", views.credit, name="credit"),
    path("overzicht/<int:pk>/betaald/", payment_views.pay, name="pay"),
    path("betalingen/<int:pk>/verwijderen/", payment_views.RemovePayment.as_view(), name="payment-remove"),
    path("openstaand/", reminder_views.OpenItems.as_view(), name="open-items"),
    path("openstaand/herinneren/", reminder_views.reminders, name="reminders"),
    path("openstaand/herinneren/<int:pk>/", reminder_views.preview, name="reminder-preview"),
    path("overzicht/<int:pk>/herinneringen/", reminder_views.stop, name="reminder-stop"),
    path("btw/", views.vat_overview, name="vat"),
    path("bank/", payment_views.BankOverview.as_view(), name="bank"),
    path("bank/zeker/", payment_views.bank_book_certain, name="bank-book-certain"),
    path("bank/<int:pk>/boeken/", payment_views.bank_book, name="bank-book"),
    path("bank/<int:pk>/kiezen/", payment_views.bank_choose, name="bank-choose"),
    path("bank/<int:pk>/negeren/", payment_views.bank_ignore, name="bank-ignore"),
    path("bank/<int:pk>/losmaken/", payment_views.bank_unbook, name="bank-unbook"),
]
