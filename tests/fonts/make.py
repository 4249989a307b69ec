#!/usr/bin/env python3
"""Makes the two emoji faces of the tests: the same few invented pictures, once in `CBDT`, once in `sbix`.

    python3 tests/fonts/make.py      # needs fonttools; writes beside itself
"""

import struct
import zlib
from pathlib import Path

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import newTable
from fontTools.ttLib.tables.BitmapGlyphMetrics import SmallGlyphMetrics
from fontTools.ttLib.tables.C_B_D_T_ import cbdt_bitmap_format_17
from fontTools.ttLib.tables.E_B_L_C_ import (
    BitmapSizeTable, SbitLineMetrics, Strike, eblc_index_sub_table_1,
)
from fontTools.ttLib.tables.sbixGlyph import Glyph
from fontTools.ttLib.tables.sbixStrike import Strike as SbixStrike

PPEM, SIDE, BELOW, UPEM = 64, 60, 12, 1000
# Name: characters, colour. Sequences have no character of their own.
GLYPHS = {
    "leaf": (0x1F33F, (46, 125, 50)),
    "woman": (0x1F469, (240, 180, 41)),
    "rocket": (0x1F680, (97, 97, 97)),
    "brown": (0x1F3FD, (141, 85, 36)),
    "f": (0x1F1EB, (0, 85, 164)),
    "r": (0x1F1F7, (239, 65, 53)),
    "heart": (0x2764, (229, 57, 53)),
    "one": (0x31, None),
    "cap": (0x20E3, (30, 30, 30)),
    "joiner": (0x200D, None),
    "astronaut": (None, (21, 101, 192)),
    "brown_astronaut": (None, (90, 60, 30)),
    "flag": (None, (255, 255, 255)),
    "keycap": (None, (2, 136, 209)),
}
FEATURES = """
feature ccmp {
  sub woman brown joiner rocket by brown_astronaut;
  sub woman joiner rocket by astronaut;
  sub f r by flag;
  sub one cap by keycap;
} ccmp;
"""


def png(color):
    """A disc of the colour on nothing."""
    rows = b""
    for y in range(SIDE):
        rows += b"\0"
        for x in range(SIDE):
            inside = (x - SIDE / 2 + 0.5) ** 2 + (y - SIDE / 2 + 0.5) ** 2 <= (SIDE / 2) ** 2
            rows += bytes((*color, 255)) if inside else bytes(4)

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def base(family):
    order = [".notdef", *GLYPHS]
    font = FontBuilder(UPEM, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap({c: name for name, (c, _) in GLYPHS.items() if c})
    font.setupHorizontalMetrics({name: (0 if name == "joiner" else UPEM, 0) for name in order})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    font.setupPost()
    addOpenTypeFeaturesFromString(font.font, FEATURES)
    font.font.recalcTimestamp = False  # the same bytes every time
    font.font["head"].created = font.font["head"].modified = 0
    return font.font


def cbdt():
    font = base("Pullquote Test Bitmaps")
    names = [name for name, (_, color) in GLYPHS.items() if color]
    strike, data = Strike(), {}
    size = BitmapSizeTable()
    size.ppemX = size.ppemY = PPEM
    size.bitDepth, size.flags, size.colorRef = 32, 1, 0
    for way in ("hori", "vert"):
        line = SbitLineMetrics()
        for key in ("ascender", "descender", "widthMax", "caretSlopeNumerator", "caretSlopeDenominator",
                    "caretOffset", "minOriginSB", "minAdvanceSB", "maxBeforeBL", "minAfterBL", "pad1", "pad2"):
            setattr(line, key, 0)
        line.ascender, line.descender, line.widthMax = SIDE - BELOW, -BELOW, PPEM
        setattr(size, way, line)
    ids = [font.getGlyphID(n) for n in names]
    size.startGlyphIndex, size.endGlyphIndex = min(ids), max(ids)
    strike.bitmapSizeTable = size
    # One table for each stretch of ids.
    stretches = []
    for name in sorted(names, key=font.getGlyphID):
        if stretches and font.getGlyphID(stretches[-1][-1]) + 1 == font.getGlyphID(name):
            stretches[-1].append(name)
        else:
            stretches.append([name])
    for stretch in stretches:
        index = eblc_index_sub_table_1(b"", font)
        index.indexFormat, index.imageFormat, index.imageDataOffset = 1, 17, 0
        index.firstGlyphIndex, index.lastGlyphIndex = (font.getGlyphID(stretch[i]) for i in (0, -1))
        index.names = stretch
        strike.indexSubTables.append(index)
    for name in names:
        glyph = cbdt_bitmap_format_17(b"", font)
        glyph.metrics = SmallGlyphMetrics()
        glyph.metrics.height = glyph.metrics.width = SIDE
        glyph.metrics.BearingX, glyph.metrics.BearingY, glyph.metrics.Advance = 2, SIDE - BELOW, PPEM
        glyph.imageData = png(GLYPHS[name][1])
        data[name] = glyph
    font["CBLC"] = newTable("CBLC")
    font["CBLC"].version, font["CBLC"].strikes = 3.0, [strike]
    font["CBDT"] = newTable("CBDT")
    font["CBDT"].version, font["CBDT"].strikeData = 3.0, [data]
    return font


def sbix():
    font = base("Pullquote Test Sbix")
    font["glyf"] = newTable("glyf")
    from fontTools.ttLib.tables._g_l_y_f import Glyph as Outline
    font["glyf"].glyphs = {name: Outline() for name in font.getGlyphOrder()}
    font["glyf"].glyphOrder = font.getGlyphOrder()
    font["loca"] = newTable("loca")
    table = newTable("sbix")
    table.version, table.flags, table.numStrikes = 1, 1, 1
    strike = SbixStrike(ppem=PPEM, resolution=72)
    for name in font.getGlyphOrder():
        color = GLYPHS.get(name, (None, None))[1]
        if color:
            strike.glyphs[name] = Glyph(
                glyphName=name, graphicType="png ", imageData=png(color), originOffsetX=2, originOffsetY=-BELOW)
        else:
            strike.glyphs[name] = Glyph(glyphName=name)
    table.strikes = {PPEM: strike}
    font["sbix"] = table
    return font


here = Path(__file__).parent
cbdt().save(here / "emoji-cbdt.ttf")
sbix().save(here / "emoji-sbix.ttf")
