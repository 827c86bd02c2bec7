"""XML is written in one place, which knows what XML cannot hold."""

import ast
import subprocess

import pytest
from django.conf import settings

from cleanconnect import xml

MAKERS = {"Element", "SubElement", "ElementTree", "ElementMaker", "TreeBuilder", "XMLGenerator", "Comment", "ProcessingInstruction"}
WRITTEN = {"text", "tail", "attrib"}
LIBRARIES = {"lxml", "xml"}


def sources():
    """The sources of the product, by their place in it; without its tests and the one place where XML is made."""
    names = subprocess.check_output(["git", "ls-files", "*.py"], cwd=settings.BASE_DIR, text=True).split()
    for name in names:
        if "tests" not in name.split("/") and name != "cleanconnect/xml.py":
            yield name, (settings.BASE_DIR / name).read_text()


def imported(node):
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) and not node.level else set()


def xml_made_in(source):
    """The lines where a source that knows an XML library makes or fills an element by itself."""
    nodes = list(ast.walk(ast.parse(source)))
    if not any(imported(node) & LIBRARIES for node in nodes):
        return []
    made = []
    for node in nodes:
        if isinstance(node, ast.Attribute) and (node.attr in MAKERS or (node.attr in WRITTEN and isinstance(node.ctx, ast.Store))):
            made.append(node.lineno)
        elif isinstance(node, ast.ImportFrom) and imported(node) & LIBRARIES:
            made += [node.lineno for alias in node.names if alias.name in MAKERS | {"minidom", "builder", "saxutils"}]
    return sorted(made)


def test_no_element_is_made_elsewhere():
    found = [(name, line) for name, source in sources() for line in xml_made_in(source)]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from lxml import etree\nroot = etree.Element('a')",
        "import xml.etree.ElementTree as ET\nET.SubElement(root, 'a')",
        "from xml.etree.ElementTree import SubElement",
        "from xml.dom import minidom",
        "from lxml import etree\nroot.text = name",
    ],
)
def test_the_test_above_would_see_it(source):
    assert xml_made_in(source)


def test_reading_is_allowed():
    assert xml_made_in("from lxml import etree\nfor _event, element in etree.iterparse(file):\n    names.append(element.text)") == []


def test_what_xml_cannot_hold_is_left_out_of_texts_and_attributes():
    root = xml.root("facturen")
    xml.element(root, "naam", "Auto\x0bHuis \ud800\uffff😀", code="\x002026\x1f")

    assert xml.document(root).decode().split("\n")[1:3] == ["<facturen>", '  <naam code="2026">AutoHuis 😀</naam>']
