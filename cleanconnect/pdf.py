"""PDFs by WeasyPrint, which may read our own styles and fonts and the company's logo, and nothing else."""

import io
import mimetypes

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

BASE = "https://cleanconnect.invalid/"  # a host that never exists: nothing is fetched from the network
STATIC, LOGO = f"{BASE}static/", f"{BASE}logo"
OWN_FILES = ("invoice_pdf.css", "slip_pdf.css", "vendor/inter/")


class OwnFilesOnly(URLFetcher):
    """Gives WeasyPrint the files of our PDFs; any other address, such as `file:` or `http:`, is refused."""

    def __init__(self, logo):
        super().__init__(allowed_protocols=["https"])
        self.logo = logo

    def fetch(self, url, headers=None):
        if url == LOGO and self.logo:
            with self.logo.storage.open(self.logo.name) as file:
                return _response(url, file.read())
        name = url.removeprefix(STATIC)
        if url.startswith(STATIC) and name.startswith(OWN_FILES) and ".." not in name and (path := finders.find(name)):
            with open(path, "rb") as file:
                return _response(url, file.read())
        raise ValueError(f"not a file of our PDFs: {url}")


def _response(url, content):
    kind = mimetypes.guess_type(url)[0] or "application/octet-stream"
    return URLFetcherResponse(url, io.BytesIO(content), {"Content-Type": kind})


def pages(html, company):
    """The pages of a text in HTML as a WeasyPrint document; `static/…` and `logo` (of the company) are its files."""
    return HTML(string=html, base_url=BASE, url_fetcher=OwnFilesOnly(company.logo)).render()
