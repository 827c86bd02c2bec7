"""Whether the file of a picture goes on to its end, seen by the lengths that stand in it: nothing is decoded."""

import os
import struct


def ends(file, kind):
    """Whether a file that Pillow knows as this kind was not cut off on its way; what cannot be seen so cheaply counts as whole."""
    size = file.seek(0, os.SEEK_END) or file.tell()
    return {"HEIF": _heif, "JPEG": _jpeg, "MPO": _jpeg, "PNG": _png, "WEBP": _webp}[kind](file, size)


def _heif(file, size):
    """The boxes of ISO/IEC 14496-12 fill the file."""
    at = 0
    while at < size:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            break
        (length,) = struct.unpack(">I", head[:4])
        if length == 0:  # to the end of the file, wherever that is
            return True
        if length == 1:
            (length,) = struct.unpack(">Q", head[8:].ljust(8, b"\xff"))
        at += max(length, 8)
    return at <= size


def _jpeg(file, size):
    """After the segments, of which one may hold a small JPEG of its own, there is an end of image."""
    at = 2
    while at < size:
        file.seek(at)
        head = file.read(4)
        if len(head) < 4:
            return False
        if head[0] != 0xFF or head[1] == 0xDA:  # start of scan
            return _has(file, b"\xff\xd9")
        at += 1 if head[1] == 0xFF else 2 + struct.unpack(">H", head[2:])[0]
    return False


def _has(file, mark):
    before = b""
    while part := file.read(2**18):
        if mark in before + part:
            return True
        before = part[-1:]
    return False


def _png(file, size):
    """The chunks reach IEND."""
    at = 8
    while at + 12 <= size:
        file.seek(at)
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IEND":
            return True
        at += 12 + length
    return False


def _webp(file, size):
    file.seek(4)
    (length,) = struct.unpack("<I", file.read(4))
    return 8 + length <= size
