"""PDFs by WeasyPrint, which may read our own styles and fonts and the company's logo, and nothing else."""

import io
import mimetypes
import threading

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
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


_kept = threading.local()


def _style(name):
    """A style sheet with its fonts: reading them takes as long as laying out a page, so a thread keeps what it read."""
    kept = _kept.__dict__.setdefault("styles", {})
    if name not in kept:
        fonts = FontConfiguration()
        kept[name] = CSS(url=f"{STATIC}{name}", url_fetcher=OwnFilesOnly(None), font_config=fonts), fonts
    return kept[name]


def pages(html, company, *, style):
    """The pages of a text in HTML as a WeasyPrint document, in the style of a file of ours; `logo` is the company's.

    A `<style>` in the text goes before the file.
    """
    css, fonts = _style(style)
    return HTML(string=html, base_url=BASE, url_fetcher=OwnFilesOnly(company.logo)).render(font_config=fonts, stylesheets=[css])
