"""The character encoding of a bare page: what declares it, and what the declared name means.

In: a page's bytes and its `content-type` header, from `decode`. Out: the text and the name of its encoding. Takes a
declaration at its word and never guesses from the bytes; reads strictly, so that nothing is silently replaced.
"""

import codecs
import re

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 before UTF-16, whose little-endian mark is the beginning of UTF-32's."""

MARKS = tuple(mark for mark, _ in BYTE_ORDER_MARKS)

META_WINDOW = 1024
"""Bytes of an HTML page in which its charset must be declared (HTML Living Standard, 4.2.5.4)."""

META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
HEADER_CHARSET = re.compile(r";\s{0,9}charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)

CODECS = {
    "utf-8": ("utf-8", "utf8", "unicode-1-1-utf-8"),
    "utf-16": ("utf-16", "utf-16le", "utf-16be", "unicode"),
    "cp1250": ("windows-1250", "cp1250", "x-cp1250"),
    "cp1251": ("windows-1251", "cp1251", "x-cp1251"),
    "cp1252": ("windows-1252", "cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii"),
    "cp1253": ("windows-1253", "cp1253"),
    "cp1254": ("windows-1254", "cp1254", "iso-8859-9", "iso8859-9", "latin5"),
    "cp1255": ("windows-1255", "cp1255"),
    "cp1256": ("windows-1256", "cp1256", "x-cp1256"),
    "cp1257": ("windows-1257", "cp1257"),
    "cp1258": ("windows-1258", "cp1258"),
    "iso8859-2": ("iso-8859-2", "iso8859-2", "latin2"),
    "iso8859-3": ("iso-8859-3", "latin3"),
    "iso8859-4": ("iso-8859-4", "latin4"),
    "iso8859-5": ("iso-8859-5", "iso8859-5"),
    "iso8859-6": ("iso-8859-6", "iso8859-6", "arabic", "asmo-708"),
    "iso8859-7": ("iso-8859-7", "iso8859-7", "greek"),
    "iso8859-8": ("iso-8859-8", "iso-8859-8-i", "hebrew"),
    "iso8859-10": ("iso-8859-10", "latin6"),
    "iso8859-13": ("iso-8859-13",),
    "iso8859-14": ("iso-8859-14",),
    "iso8859-15": ("iso-8859-15", "latin9"),
    "iso8859-16": ("iso-8859-16",),
    "koi8-r": ("koi8-r", "koi8"),
    "koi8-u": ("koi8-u",),
    "mac-cyrillic": ("x-mac-cyrillic",),
    "cp866": ("ibm866", "cp866"),
    "cp874": ("windows-874", "tis-620", "iso-8859-11"),
    "gb18030": ("gb18030", "gbk", "gb2312", "x-gbk", "chinese"),
    "big5hkscs": ("big5", "big5-hkscs", "x-x-big5"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"),
    "euc_jp": ("euc-jp", "x-euc-jp"),
    "iso2022_jp": ("iso-2022-jp",),
    "cp949": ("euc-kr", "ks_c_5601-1987", "windows-949", "korean"),
}
"""Python's codec by the labels of the WHATWG Encoding Standard, which reads the old ISO names as their Windows
supersets; labels beyond these are unknown. Naming the codecs here keeps Python's own special ones out."""

CODEC_OF = {label: codec for codec, labels in CODECS.items() for label in labels}


def read_bare(value: bytes, content_type: str, *, is_html: bool) -> tuple[str, str]:
    """Return the text of a bare page and the name of its encoding.

    A byte order mark wins, then the header, then an HTML meta declaration, then UTF-8 (Encoding Standard, "decode").

    Raises:
        UnicodeDecodeError: the bytes are not what is declared.
    """
    if value.startswith(MARKS):
        mark, codec = next(pair for pair in BYTE_ORDER_MARKS if value.startswith(pair[0]))
        return value[len(mark) :].decode(codec), codec
    codec = _declared(content_type) or (_declared_inside(value) if is_html else None) or "utf-8"
    return value.decode(codec), codec


def _declared(content_type: str) -> str | None:
    found = HEADER_CHARSET.search(content_type) if ";" in content_type else None
    return CODEC_OF.get(found.group(1).lower()) if found else None


def _declared_inside(value: bytes) -> str | None:
    found = META_CHARSET.search(value, 0, META_WINDOW)
    codec = CODEC_OF.get(found.group(1).decode("ascii", "replace").lower()) if found else None
    # A declaration that can be read as ASCII does not stand in UTF-16 (HTML Living Standard, 13.2.3.3).
    return "utf-8" if codec == "utf-16" else codec
