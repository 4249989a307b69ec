#!/usr/bin/env python3
"""Puts pullquote under stress and prints what it took. Python 3 and nothing else.

    cargo build --release
    python3 tests/stress/run.py            # all of it: some minutes, and a hundred thousand cards
    python3 tests/stress/run.py --quick    # two thousand cards, the rest as it is
    python3 tests/stress/run.py hostile    # one part: cards, hostile, disk, bombs, contact

Every part makes its own folder and takes it away again. What needs root (a small file system that fills up) says loudly
where it is skipped. Status 1 where anything fails.
"""

import argparse
import csv
import io
import json
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unicodedata
import zlib

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ.get("PULLQUOTE", HERE.parent.parent / "target" / "release" / "pullquote"))
FAILED = []
SKIPPED = []
ROWS = []


def check(holds, what):
    if not holds:
        FAILED.append(what)
        print(f"  FAILED: {what}", flush=True)


def skip(what):
    SKIPPED.append(what)
    print(f"  SKIPPED: {what}", flush=True)


def figure(what, took, memory, said):
    ROWS.append((what, took, memory, said))
    print(f"  {what:<44} {took:>7.2f} s {memory:>6.0f} MB  {said}", flush=True)


class Run:
    """A run of the program: its status, what it said, seconds, and the most memory that it held, MB."""

    def __init__(self, args, cwd, reader=None, timeout=120, memory_mb=None, stdout=None):
        def limit():
            if memory_mb:
                resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))

        begun = time.monotonic()
        self.err = b""
        process = subprocess.Popen(
            [PROGRAM, *map(str, args)],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=limit,
        )

        def listen():
            self.err = process.stderr.read()

        listener = threading.Thread(target=listen)
        listener.start()
        timer = threading.Timer(timeout, process.kill)
        timer.start()
        self.out = None if stdout else (reader or (lambda f: f.read()))(process.stdout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        timer.cancel()
        listener.join()
        self.status = process.returncode
        self.took = time.monotonic() - begun
        self.memory = usage.ru_maxrss / 1024
        self.err = self.err.decode("utf-8", "replace")


def rows(count, start=0):
    """So many different short quotes, a JSON object a line."""
    for n in range(start, start + count):
        words = f"Village {n} has a road, a school and a clinic of its own, and {n % 97 + 2} teachers who stay."
        yield json.dumps({"id": f"c{n:06}", "text": words, "speaker": ("Lu Bai", "Wen Lan")[n % 2]})


def is_whole_png(path):
    with open(path, "rb") as file:
        head = file.read(8)
        file.seek(-8, os.SEEK_END)
        return head == b"\x89PNG\r\n\x1a\n" and file.read() == b"IEND\xaeB`\x82"


# --- a hundred thousand cards -------------------------------------------------------------------------------------


def cards(folder, count):
    sheet = folder / "many.jsonl"
    with open(sheet, "w", encoding="utf-8") as file:
        file.writelines(row + "\n" for row in rows(count))

    def read(stream):
        names, size = [], 0
        with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 20) as archive:
            for member in archive:
                names.append(member.name)
                size += member.size
        return names, size

    run = Run(["render", sheet, "--out", "-", "--quiet"], folder, read, timeout=3600)
    names, size = run.out
    check(run.status == 0, f"a stream of {count} cards ends with status 0, not {run.status}: {run.err[:300]}")
    check(len(set(names)) == count + 1 and names[-1] == "manifest.json", f"the stream has {len(names)} files")
    check(run.memory < 300, f"a stream of {count} cards holds {run.memory:.0f} MB, more than 300")
    figure(f"{count:,} cards as a stream, {size / 1e9:.1f} GB", run.took, run.memory, f"{count / run.took:,.0f} cards/s")


# --- lists that mean harm -----------------------------------------------------------------------------------------

HOSTILE = [
    "../../outside", "/etc/outside", "..\\..\\outside", "a/../../outside", "nul\0byte", "CON", "con.png", "LPT1", "aux.",
    "trailing. ", "x" * 10_000, "字" * 10_000, "\u202egnp.exe", "a\u200bb", "new\nline", "tab\tbed", "bell\x07", "\x1b[31mred",
    "-rf", "--help", ".hidden", "~root", "$HOME", "`id`", "$(id)", "a;b|c&d", "<script>alert(1)</script>", "'\"--", "%2e%2e%2f",
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", " =1", "＝1", "\ufeff", "", "   ", "contact", "manifest",
    "manifest.json", "contact.html", "hostile.out", "e\u0301" * 300, "👩‍👩‍👧‍👧" * 80,
]


def hostile(folder, _):
    inside = folder / "inside"
    inside.mkdir()
    (folder / "secret.png").write_bytes(png(2, 2))
    fields = ["id", "speaker", "role", "event", "date", "kicker", "template", "size", "photo", "translation", "highlight", "lang"]
    listed = [{"text": "Water is life, and water is work.", "speaker": "Lu Bai", "id": name} for name in HOSTILE]
    for name in HOSTILE:
        listed += [{"text": "Water is life.", "speaker": "Lu Bai", "id": "same", field: name} for field in fields]
    listed += [{"text": name or "x", "speaker": "Lu Bai"} for name in HOSTILE]
    listed += [{"text": "Water.", "speaker": "Lu", "template": "profile", "photo": p} for p in ("../secret.png", "/dev/zero", "/etc/passwd")]
    (inside / "hostile.json").write_text(json.dumps(listed), encoding="utf-8")
    with open(inside / "hostile.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["id", "text", *fields[1:]])
        writer.writeheader()
        writer.writerows({k: v.replace("\0", "") for k, v in row.items()} for row in listed)
    before = listing(folder)
    for sheet in ("hostile.json", "hostile.csv"):
        for pattern in ([], ["--name", "{id}-{speaker}-{event}-{slug}-{date}"]):
            out = f"out-{sheet}-{len(pattern)}"
            run = Run(["render", sheet, "--out", out, "--contact", *pattern], inside)
            check(run.status == 3, f"{sheet}: some rows fail, the others are made (status {run.status}): {run.err[-400:]}")
            check("panicked" not in run.err, f"{sheet}: {run.err[-400:]}")
            figure(f"{len(listed)} hostile rows, {sheet} {pattern[:1]}", run.took, run.memory, f"status {run.status}")
            safe(inside / out, sheet)
    new = [path for path in listing(folder) if path not in before and not path.startswith("inside/out-")]
    check(not new, f"written outside of the output folder: {new}")


def listing(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def safe(out, sheet):
    """Nothing in a folder has an unsafe name; the sheet that came back has no formula; the page runs nothing of theirs."""
    reserved = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
    folded = set()
    for path in out.rglob("*"):
        name = path.name
        check(path.parent == out and path.is_file() and not path.is_symlink(), f"{sheet}: `{name}` is no file of the folder")
        check(len(name.encode()) <= 200, f"{sheet}: `{name[:40]}…` is long")
        check(name.split(".")[0].lower() not in reserved, f"{sheet}: `{name}` is a device of Windows")
        check(not name.startswith((".", "-", "~")) and not name.endswith((".", " ")), f"{sheet}: `{name}` begins or ends oddly")
        odd = [c for c in name if c in '\\/:*?"<>|' or unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"]
        check(not odd, f"{sheet}: `{name!r}` has {odd}")
        key = unicodedata.normalize("NFC", name).casefold()
        check(key not in folded, f"{sheet}: `{name}` is there twice on a file system that ignores case")
        folded.add(key)
        if name.endswith(".png"):
            check(is_whole_png(path), f"{sheet}: `{name}` is no whole PNG")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    named = {card["file"] for card in manifest["cards"]}
    there = {path.name for path in out.glob("*.png")} - {"contact.png"}
    check(named == there, f"{sheet}: the manifest names {len(named)} cards, there are {len(there)}")
    back = (out / (sheet.rsplit(".", 1)[0] + ".out.csv")).read_text(encoding="utf-8-sig")
    for row in csv.reader(io.StringIO(back, newline="")):
        for cell in row:
            check(not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")), f"{sheet}: {cell[:30]!r} is a formula")
    page = (out / "contact.html").read_text(encoding="utf-8")
    check(page.count("<script") == 1 and "<script>alert" not in page, f"{sheet}: a script of theirs is in the page")
    check(not any(c in page for c in "\0\x07\x1b\u202e"), f"{sheet}: a control is in the page")


# --- disks that are full or closed --------------------------------------------------------------------------------


def disk(folder, _):
    (folder / "rows.jsonl").write_text("\n".join(rows(200)), encoding="utf-8")
    small = folder / "small"
    small.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small], capture_output=True, check=False
    ).returncode == 0
    if mounted:
        try:
            run = Run(["render", "rows.jsonl", "--out", "small/out", "--jobs", "4"], folder)
            figure("200 cards onto a disk of 3 MB", run.took, run.memory, f"status {run.status}")
            check(run.status == 3, f"a full disk is status 3, not {run.status}")
            check("the disk is full" in run.err and "free some space" in run.err, f"a full disk is told: {run.err[:300]}")
            consistent(small / "out", "a full disk")
            # The journal stays where no manifest could be written: by it the next run knows what is right.
            left = [p.name for p in small.rglob("*") if p.name.startswith(".") and p.name != ".pullquote-journal"]
            check(not left, f"a full disk leaves no temporary file: {left}")
            # Made again where there is room, it is whole.
            subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
            run = Run(["render", "rows.jsonl", "--out", "small/out", "--force"], folder)
            check(run.status == 0, f"with room again all is made: {run.status} {run.err[:300]}")
            check(not [p for p in small.rglob("*") if p.name.startswith(".")], "the journal goes once there is a manifest")
            consistent(small / "out", "with room again")
            subprocess.run(["mount", "-o", "remount,ro", small], check=True)
            run = Run(["render", "rows.jsonl", "--out", "small/other"], folder)
            closed(run, "the file system is read-only", "a read-only file system")
        finally:
            subprocess.run(["umount", small], check=False)
    else:
        skip("a disk that fills up, and a read-only file system: that needs root and tmpfs")
    if os.geteuid() == 0:
        skip("a folder without the right to write: root may write everywhere")
    else:
        (folder / "closed").mkdir(mode=0o555)
        run = Run(["render", "rows.jsonl", "--out", "closed"], folder)
        closed(run, "permission denied", "a folder without the right to write")
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            run = Run(["render", "rows.jsonl", "--out", "-"], folder, stdout=full)
        check(run.status == 3 and "the disk is full" in run.err, f"a stream onto a full disk: {run.status} {run.err[:300]}")
        figure("a stream onto /dev/full", run.took, run.memory, f"status {run.status}")


def closed(run, words, what):
    check(run.status == 2 and words in run.err and "--out DIR" in run.err, f"{what}: {run.status} {run.err[:300]}")
    check(run.out == b"", f"{what}: nothing is printed")
    figure(what, run.took, run.memory, f"status {run.status}")


def consistent(out, what):
    """Every picture is whole; a manifest, where there is one, can be read and names what is there."""
    if not out.exists():
        return
    pictures = {path.name for path in out.glob("*.png")}
    check(all(is_whole_png(out / name) for name in pictures), f"{what}: a half picture")
    if (out / "manifest.json").exists():
        named = {card["file"] for card in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["cards"]}
        check(named == pictures, f"{what}: the manifest names {len(named)} cards, there are {len(pictures)}")


# --- bombs ----------------------------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data=None, before=b"", depth=8, color=2):
    body = data if data is not None else zlib.compress(bytes((width * 3 + 1) * height))
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zeros(count):
    """So many zero bytes, compressed, without ever holding them."""
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    out = b"".join(packer.compress(block) for _ in range(count >> 20))
    return out + packer.flush()


def jpeg(width, height):
    sof = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    table = b"\xff\xdb\x00\x43\x00" + bytes([1] * 64)
    return b"\xff\xd8" + table + b"\xff\xc0" + struct.pack(">H", len(sof) + 2) + sof + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"


def webp(width, height):
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    lossless = b"\x2f" + struct.pack("<I", (width - 1) & 0x3FFF | (((height - 1) & 0x3FFF) << 14)) + bytes(32)
    body += b"VP8L" + struct.pack("<I", len(lossless)) + lossless + (b"\0" if len(lossless) % 2 else b"")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def svg(inside, view="0 0 100 100"):
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{view}">{inside}</svg>'.encode()


def svg_bombs():
    levels = "".join(
        f'<g id="g{n}">' + f'<use xlink:href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)
    )
    entities = '<!DOCTYPE svg [<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)
    ) + "]>"
    yield "uses of uses", svg(f'<defs><g id="g0"><rect width="1" height="1"/></g>{levels}</defs><use xlink:href="#g9"/>')
    yield "entities of entities", entities.encode() + svg("<desc>&a10;</desc><rect width='9' height='9'/>")
    yield "groups 100,000 deep", svg("<g>" * 100_000 + '<rect width="9" height="9"/>' + "</g>" * 100_000)
    yield "a use of itself", svg('<g id="a"><use xlink:href="#a"/><rect width="9" height="9"/></g>')
    yield "a drawing of 10^9 px", svg('<rect width="9" height="9"/>', "0 0 1000000000 1000000000")
    yield "a blur of 10^6 px", svg('<filter id="f" x="-1e6" y="-1e6" width="2e6" height="2e6"><feGaussianBlur stdDeviation="1e6"/></filter><rect width="9" height="9" filter="url(#f)"/>')
    yield "a pattern of 1e-5 px", svg('<pattern id="p" width=".00001" height=".00001" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect width="99" height="99" fill="url(#p)"/>')
    yield "a million path segments", svg('<path d="M0 0' + "L9 9L0 9" * 500_000 + '"/>')
    yield "a dash of 1e-6 px", svg('<path d="M0 0H100" stroke="#000" stroke-dasharray=".000001"/>')
    yield "a file of the machine", svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>')


def bombs(folder, _):
    huge = {
        "bomb.png": png(50_000, 50_000, b""),
        "true-bomb.png": png(50_000, 50_000, zeros(256 << 20)),
        "most.png": png(8192, 8192, zlib.compress(bytes((8192 * 3 + 1) * 8192))),
        "text.png": png(2, 2, before=chunk(b"zTXt", b"x\0\0" + zeros(1 << 30))),
        "profile.png": png(2, 2, before=chunk(b"iCCP", b"x\0\0" + zeros(1 << 30))),
        "pixels.png": png(64, 64, zeros(1 << 30)),
        "bomb.jpg": jpeg(50_000, 50_000),
        "bomb.webp": webp(16_384, 16_384),
        "larger.webp": webp(1 << 24, 1 << 24),
        "half.jpg": jpeg(400, 400)[:40],
        "empty.png": b"",
    }
    # (most.png is a picture of 67 million pixels that may be read; all others must be refused or harmless.)
    for name, data in huge.items():
        (folder / name).write_bytes(data)
        row = {"id": "a", "text": "Water is life, and water is work.", "speaker": "Lu Bai", "photo": name}
        (folder / "row.json").write_text(json.dumps([row]), encoding="utf-8")
        run = Run(["render", "row.json", "--template", "profile", "--out", "cards", "--force"], folder, memory_mb=2048)
        bounded(run, f"photograph {name}, {len(data) / 1e6:.2f} MB", 800)
    kit = folder / "kit"
    kit.mkdir()
    (kit / "brand.toml").write_text('name = "Bomb"\n[logo]\nmark = "mark.svg"\n', encoding="utf-8")
    (folder / "row.json").write_text('[{"id": "a", "text": "Water is life.", "speaker": "Lu Bai"}]', encoding="utf-8")
    for what, data in svg_bombs():
        (kit / "mark.svg").write_bytes(data)
        run = Run(["render", "row.json", "--brand", "kit", "--out", "cards", "--force"], folder, timeout=60, memory_mb=2048)
        bounded(run, f"logo: {what}, {len(data) / 1e6:.2f} MB", 800)
    with open(kit / "huge.ttf", "wb") as file:
        file.truncate(4 << 30)
    for what, data in {
        "a file of 4 GB": None,
        "many tables": b"\0\1\0\0" + struct.pack(">HHHH", 65535, 0, 0, 0) + bytes(65535 * 16),
        "tables beyond its end": b"\0\1\0\0" + struct.pack(">HHHH", 1, 0, 0, 0) + b"glyf" + struct.pack(">III", 0, 0xFFFFFFF0, 0xFFFFFFFF),
    }.items():
        if data is not None:
            (kit / "huge.ttf").write_bytes(data)
        (kit / "brand.toml").write_text('name = "Bomb"\n[fonts]\nquote = "huge.ttf"\n', encoding="utf-8")
        run = Run(["render", "row.json", "--brand", "kit", "--out", "cards", "--force"], folder, memory_mb=2048)
        bounded(run, f"font: {what}", 400)
        check(run.status == 2, f"font: {what}: refused, not status {run.status}")
    laughs = '<!DOCTYPE TEI [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11))
    (folder / "laughs.xml").write_text(f'<?xml version="1.0"?>{laughs}]><TEI><u who="#a">&a10;</u></TEI>', encoding="utf-8")
    bounded(Run(["read", "laughs.xml"], folder, memory_mb=2048), "transcript: entities of entities", 400)
    (folder / "deep.json").write_text("[" * 1_000_000, encoding="utf-8")
    bounded(Run(["read", "deep.json"], folder, memory_mb=2048), "list: a million brackets", 400)
    columns = ",".join(f"c{n}" for n in range(200_000))
    (folder / "wide.csv").write_text(f"text,speaker,{columns}\n" + "x,y\n" * 1000, encoding="utf-8")
    bounded(Run(["render", "wide.csv", "--input-format", "csv-list", "--out", "cards"], folder, memory_mb=2048), "sheet: 200,000 columns", 400)


def bounded(run, what, most):
    check(run.status in (0, 1, 2, 3), f"{what}: ends by itself, not with {run.status}: {run.err[-300:]}")
    check("panicked" not in run.err, f"{what}: {run.err[-300:]}")
    check(run.memory < most, f"{what}: {run.memory:.0f} MB, more than {most}")
    told = next((line for line in run.err.splitlines() if line.startswith("error")), "made")
    figure(what, run.took, run.memory, f"status {run.status}: {told[:70]}")


# --- contact sheets -------------------------------------------------------------------------------------------------


def contact(folder, count):
    for cards in (300, max(count // 10, 1000)):
        sheet = folder / f"{cards}.jsonl"
        sheet.write_text("\n".join(rows(cards)), encoding="utf-8")
        out = folder / f"out{cards}"
        Run(["render", sheet, "--out", out, "--quiet"], folder, timeout=3600)
        run = Run(["render", sheet, "--out", out, "--quiet", "--contact"], folder, timeout=3600)
        check(run.status == 0, f"a contact sheet of {cards} cards: {run.status} {run.err[:300]}")
        check(run.memory < 300, f"a contact sheet of {cards} cards holds {run.memory:.0f} MB")
        size = (out / "contact.html").stat().st_size / 1e6
        figure(f"{cards:,} cards with a contact sheet", run.took, run.memory, f"contact.html {size:.1f} MB")


PARTS = {"cards": cards, "hostile": hostile, "disk": disk, "bombs": bombs, "contact": contact}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="which parts; all where none is named")
    parser.add_argument("--quick", action="store_true", help="2,000 cards instead of 100,000")
    args = parser.parse_args()
    if not PROGRAM.exists():
        sys.exit(f"{PROGRAM} is not there: cargo build --release")
    for name in args.parts or PARTS:
        print(f"{name}:", flush=True)
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"desk-stress-{name}-"))
        try:
            PARTS[name](folder, 2_000 if args.quick else 100_000)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"\n{len(ROWS)} runs, {len(FAILED)} failures, {len(SKIPPED)} skipped")
    for what in SKIPPED:
        print(f"SKIPPED: {what}")
    for what in FAILED:
        print(f"FAILED: {what}")
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
