"""What a file says of itself: title, language, standards; no date, so that runs do not differ."""

from __future__ import annotations

import re
from html import escape

from examgen.render.pdf.operators import text_string
from examgen.render.pdf.painted import Painted

PRODUCER = "examgen"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def xmp(document: Painted) -> bytes:
    """The metadata of a file as XMP (ISO 16684-1), which says that it keeps to PDF/UA-1."""
    title, subject = _text(document.title), _text(document.subject)
    language = _text(document.language)
    made = _XMP.format(title=title, subject=subject, language=language, producer=PRODUCER)
    return made.encode("utf-8", "replace")


def _text(text: str) -> str:
    """A text as XML; a character that XML cannot hold is shown as missing."""
    return escape(
        re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text), quote=False
    )


def information(document: Painted) -> str:
    """The same in the older dictionary."""
    texts = {
        "Title": document.title,
        "Subject": document.subject,
        "Creator": PRODUCER,
        "Producer": PRODUCER,
    }
    return f"<<{''.join(f'/{key}{text_string(text)}' for key, text in texts.items())}>>"


def catalog(document: Painted, pages: int, structure: int, metadata: int, outline: int) -> str:
    """The root of a file; the numbers are those of its objects; outline: 0 for none."""
    bookmarks = f"/Outlines {outline} 0 R" if outline else ""
    return (
        f"<</Type/Catalog/Pages {pages} 0 R/StructTreeRoot {structure} 0 R"
        f"{bookmarks}/Metadata {metadata} 0 R/Lang{text_string(document.language)}"
        "/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>>>"
    )
