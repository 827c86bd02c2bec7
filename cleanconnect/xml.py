"""XML as we write it: no text of a person or a frozen row can stop a file."""

import re

from lxml import etree

_NOT_ALLOWED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2 (Char)


def xml_text(text):
    """The text with only what XML 1.0 can hold; of a document, and of the cells of a workbook, which is XML too."""
    return _NOT_ALLOWED.sub("", text)


def root(name, namespaces=None):
    """The element that a document is; `namespaces` are `{prefix: address}`, with None for the one without a prefix."""
    return etree.Element(name, nsmap=namespaces)


def element(parent, name, text=None, **attributes):
    """Put an element with this text and these attributes under its parent; returns it."""
    made = etree.SubElement(parent, name, {key: xml_text(value) for key, value in attributes.items()})
    made.text = text if text is None else xml_text(text)
    return made


def document(root):
    """The whole as bytes, in UTF-8 with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
