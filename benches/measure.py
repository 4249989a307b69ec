#!/usr/bin/env python3
"""Measures the program as a whole and keeps the tables of benches/README.md. Standard library only.

  cargo build --release
  benches/measure.py templates     seven templates x three classes: cards a second, bytes, memory
  benches/measure.py growth        100 to 100,000 cards: time and memory a card
  benches/measure.py start         one card as a whole process: time, memory, instructions
  benches/measure.py stages        CPU a card by stage, from the last `cargo bench --bench stages`
  benches/measure.py peers FILE    the table of a results.json of the harness that compares programs
  benches/measure.py report        writes the tables and the plot again from results.json

Each command keeps its figures in benches/results.json, with the commit and the load of the machine, and reports.
Cards go to memory-backed storage (MEASURE_MEMORY, else /dev/shm) and to disk (MEASURE_DISK, else the target folder).
Of several runs the fastest counts: on a shared machine the others say more about the neighbours."""
import json, math, os, random, re, shutil, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PROGRAM = os.environ.get("PULLQUOTE", os.path.join(ROOT, "target", "release", "pullquote"))
RESULTS, README = os.path.join(HERE, "results.json"), os.path.join(HERE, "README.md")
MEMORY = os.environ.get("MEASURE_MEMORY", "/dev/shm")
DISK = os.environ.get("MEASURE_DISK", os.path.join(ROOT, "target"))
TEMPLATES = ["broadsheet", "bulletin", "nocturne", "profile", "aurora", "figure", "shuimo"]
CLASSES = ["square", "landscape", "story"]
RUNS = int(os.environ.get("MEASURE_RUNS", "3"))


# --- what is rendered ---

def sentences(language):
    """Sentences of the demo's invented press conference, of a length that every template takes."""
    text = open(os.path.join(ROOT, "src", "demo", f"briefing-{language}.txt"), encoding="utf-8").read()
    shortest, longest, end = (60, 170, r"(?<=[.!?])\s+") if language == "en" else (18, 60, r"(?<=[。！？])|\n")
    lines = [line.split(": ", 1)[-1] for line in text.splitlines()]
    found = [s.strip() for line in lines for s in re.split(end, line) if s]
    found = [s for s in found if shortest <= len(s) <= longest and not re.search(r"\d|[“”\"（(]|[一二三四五六七八九十]", s)]
    assert len(found) > 5, f"the sample in {language} has too few sentences"
    return found


def quotes(count, template):
    """`count` different quotes: the same sentences, their words in another order each time."""
    language = "zh" if template == "shuimo" else "en"
    lines, rows = sentences(language), []
    for i in range(count):
        words = lines[i % len(lines)]
        words = words[:-1].split() if language == "en" else list(words[:-1].replace("，", ""))
        random.Random(i).shuffle(words)
        text = " ".join(words).capitalize() + "." if language == "en" else "".join(words) + "。"
        if template == "figure":
            text = f"We planted {i + 2} million trees. " + text
        row = {"id": f"q{i:06}", "text": text, "speaker": "Lu Zhiheng" if language == "en" else "陆之恒",
               "role": "Governor of Yunze province" if language == "en" else "云泽省省长", "date": "2031-04-16",
               "event": "YIO press conference" if language == "en" else "新闻发布会"}
        if template in ("profile", "aurora"):
            row["photo"] = "speaker.png"
        rows.append(row)
    return rows


class Lists:
    """Lists on memory-backed storage, removed at the end."""
    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="pullquote-measure-", dir=MEMORY)
        shutil.copy(os.path.join(ROOT, "tests", "kit", "speaker.png"), self.dir)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def of(self, count, template):
        path = os.path.join(self.dir, f"{template}-{count}.json")
        if not os.path.exists(path):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(quotes(count, template), file, ensure_ascii=False, indent=0)
        return path


# --- how it is measured ---

def run(args, stdout=subprocess.DEVNULL):
    """Wall seconds, CPU seconds and the most memory (MB) of one run."""
    begun = time.perf_counter()
    child = subprocess.Popen([PROGRAM, *args], stdout=stdout, stderr=subprocess.PIPE)
    said = child.stderr.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"pullquote {' '.join(args)}: status {child.returncode}\n{said}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(args, runs=RUNS):
    """The fastest run."""
    return min(run(args) for _ in range(runs))


def to_folder(args, folder, count):
    """The fastest run into an empty folder, and the mean bytes of a PNG."""
    found = []
    out = os.path.join(folder, "pullquote-measure-out")
    for _ in range(RUNS):
        shutil.rmtree(out, ignore_errors=True)
        found.append(run([*args, "--out", out, "--quiet"]))
    sizes = [e.stat().st_size for e in os.scandir(out) if e.name.endswith(".png")]
    assert len(sizes) == count, f"{len(sizes)} files for {count} quotes"
    shutil.rmtree(out)
    return min(found), sum(sizes) / len(sizes)


def how_many(args_of, seconds, most):
    """As many cards as take about so long."""
    short, long = best(args_of(2), 2)[0], best(args_of(34), 2)[0]
    each = max((long - short) / 32, 5e-5)
    return max(32, min(most, int(seconds / each)))


def keep(section, figures):
    """Into results.json, then into the README."""
    results = json.load(open(RESULTS)) if os.path.exists(RESULTS) else {}
    git = lambda *args: subprocess.run(["git", "-C", ROOT, *args], capture_output=True, text=True).stdout.strip()
    dirty = "+" if git("status", "--porcelain", "--", "src", "Cargo.toml") else ""
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    results[section] = {"commit": git("rev-parse", "--short", "HEAD") + dirty, "machine": f"{os.cpu_count()} cores, {cpu}",
                        "load": round(os.getloadavg()[0], 1), "figures": figures}
    with open(RESULTS, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
    report()


def templates():
    figures = []
    with Lists() as lists:
        for template in TEMPLATES:
            for size in CLASSES:
                args = lambda n, jobs=2: ["render", lists.of(n, template), "--template", template, "--size", size,
                                          "--jobs", str(jobs)]
                count = how_many(lambda n: [*args(n), "--out", "-"], 1.5, 6000)
                start = best([*args(2), "--out", "-"])[0]
                (wall, cpu, memory), size_of_png = to_folder(args(count), MEMORY, count)
                one = to_folder(args(count, 1), MEMORY, count)[0][0]
                disk = to_folder(args(count), DISK, count)[0][0]
                rate = lambda wall: (count - 2) / max(wall - start, 1e-9)
                figures.append(dict(template=template, size=size, cards=count, per_second=rate(wall), one_thread=rate(one),
                                    disk=rate(disk), cpu_us=1e6 * cpu / count, bytes=size_of_png, memory_mb=memory))
                print(figures[-1], file=sys.stderr)
    keep("templates", figures)


def growth():
    figures = []
    with Lists() as lists:
        for count in (100, 1000, 10_000, 100_000):
            args = ["render", lists.of(count, "broadsheet"), "--jobs", "2", "--out", "-", "--quiet"]
            wall, cpu, memory = best(args, RUNS if count < 100_000 else 1)
            figures.append(dict(cards=count, seconds=wall, us=1e6 * wall / count, cpu_us=1e6 * cpu / count, memory_mb=memory))
            print(figures[-1], file=sys.stderr)
    keep("growth", figures)


def instructions(args, folder):
    """Instructions of a whole run by callgrind, if that is installed."""
    if not shutil.which("valgrind"):
        return None
    out = os.path.join(folder, "callgrind.out")
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", PROGRAM, *args]
    said = subprocess.run(command, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", said.stderr).group(1))


def start():
    figures = []
    with Lists() as lists:
        for template in TEMPLATES:
            for size in CLASSES:
                args = ["render", lists.of(1, template), "--template", template, "--size", size, "--force", "--quiet",
                        "--out", os.path.join(lists.dir, "out")]
                found = sorted(run(args) for _ in range(20))
                count = instructions(args, lists.dir)
                figures.append(dict(template=template, size=size, ms=1e3 * found[0][0], median_ms=1e3 * found[10][0],
                                    cpu_ms=1e3 * min(cpu for _, cpu, _ in found),
                                    memory_mb=found[0][2], instructions=count))
                print(figures[-1], file=sys.stderr)
    keep("start", figures)


def stages():
    """Means of criterion, which names a bench STAGE/TEMPLATE/SIZE."""
    figures, root = {}, os.path.join(ROOT, "target", "criterion")
    for folder, _, files in os.walk(root):
        if "estimates.json" in files and os.path.basename(folder) == "new":
            name = json.load(open(os.path.join(folder, "benchmark.json")))["full_id"].split("/", 1)
            if name[-1].split("/")[0] in TEMPLATES:
                mean = json.load(open(os.path.join(folder, "estimates.json")))["median"]["point_estimate"]
                figures.setdefault(name[1], {})[name[0]] = mean / 1e3
    if not figures:
        sys.exit("run `cargo bench --bench stages` first")
    keep("stages", figures)


def peers(path):
    keep("peers", json.load(open(path))["results"])


# --- what is told ---

def table(head, rows):
    line = lambda cells: "| " + " | ".join(str(c) for c in cells) + " |"
    return "\n".join([line(head), "|---|" + "--:|" * (len(head) - 1), *map(line, rows)])


def number(value, digits=0):
    return "–" if value is None else f"{value:,.{digits}f}"


def told_templates(figures):
    return table(["template", "class", "cards/s, 2 threads", "1 thread", "to disk, 2 threads", "CPU, µs a card", "KB a card", "MB"],
                 [[f["template"], f["size"], number(f["per_second"]), number(f["one_thread"]), number(f["disk"]), number(f["cpu_us"]),
                   number(f["bytes"] / 1000), number(f["memory_mb"])] for f in figures])


def told_growth(figures):
    plot(figures)
    rows = [[number(f["cards"]), number(f["seconds"], 2), number(f["us"]), number(f["cpu_us"]), number(f["memory_mb"])] for f in figures]
    return table(["cards", "seconds", "µs a card", "CPU, µs a card", "MB at most"], rows) + "\n\n![Time and memory by number of cards](growth.svg)"


def told_start(figures):
    million = lambda f: number(f["instructions"] and f["instructions"] / 1e6, 1)
    return table(["template", "class", "fastest, ms", "median, ms", "least CPU, ms", "MB", "million instructions"],
                 [[f["template"], f["size"], number(f["ms"], 1), number(f["median_ms"], 1), number(f.get("cpu_ms"), 1), number(f["memory_mb"], 1), million(f)] for f in figures])


def told_stages(figures):
    names = sorted({stage for stages in figures.values() for stage in stages}, key=lambda n: (n == "ground", n))
    order = lambda key: (TEMPLATES.index(key.split("/")[0]), CLASSES.index(key.split("/")[1]))
    rows = [[*key.split("/"), *[number(figures[key].get(n)) for n in names]] for key in sorted(figures, key=order)]
    return table(["template", "class", *[f"{n}, µs" for n in names]], rows)


def told_peers(figures):
    rows = []
    for f in sorted(figures, key=lambda f: (f["card"], -f.get("marginal_cards_per_s", 0))):
        if "error" not in f:
            rows.append([f["peer"], f["card"], number(f["n"]), number(f["cards_per_s"]), number(f["marginal_cards_per_s"]),
                         number(f["cpu_ms_per_card"], 2), number(f["peak_pss_mib"]), number(f["mean_png_bytes"] / 1000), f["png"],
                         "/".join(map(str, f["foreign_cores"]))])
    return table(["program", "card", "n", "cards/s", "margin.", "CPU, ms a card", "PSS, MiB", "KB a card", "PNG", "other load, cores"], rows)


def plot(figures):
    """Time and memory over the number of cards, both axes by powers of ten."""
    width, height, left, top, wide, high = 720, 320, 60, 40, 250, 210
    def panel(x0, title, key, low, top_power, unit):
        at = lambda f: (x0 + wide * (math.log10(f["cards"]) - 2) / 3,
                        top + high * (1 - (math.log10(max(f[key], 10 ** low)) - low) / (top_power - low)))
        anchor = lambda f: "start" if f is figures[0] else "middle"
        out = [f'<text x="{x0}" y="16" font-weight="bold">{title}</text>',
               f'<path d="M{x0} {top}V{top + high}H{x0 + wide}" fill="none" stroke="#444"/>']
        for p in range(low, top_power + 1):
            y = top + high * (1 - (p - low) / (top_power - low))
            out.append(f'<path d="M{x0} {y:.1f}h{wide}" stroke="#ddd"/><text x="{x0 - 6}" y="{y + 4:.1f}" text-anchor="end">{10 ** p:,}</text>')
        for f in figures:
            x, y = at(f)
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#A8281E"/><text x="{x + 5:.1f}" y="{y - 8:.1f}" text-anchor="{anchor(f)}">{f[key]:,.0f}</text>'
                       f'<text x="{x:.1f}" y="{top + high + 16}" text-anchor="middle">{f["cards"]:,}</text>')
        points = " ".join("%.1f,%.1f" % at(f) for f in figures)
        out.append(f'<polyline points="{points}" fill="none" stroke="#A8281E" stroke-width="1.5"/>')
        out.append(f'<text x="{x0 + wide / 2}" y="{top + high + 36}" text-anchor="middle">cards ({unit})</text>')
        return "".join(out)
    power = lambda key: math.ceil(math.log10(max(f[key] for f in figures)))
    body = panel(left, "time a card", "us", 1, max(power("us"), 3), "µs of wall time, two threads")
    body += panel(left + wide + 100, "memory", "memory_mb", 0, max(power("memory_mb"), 3), "MB at most")
    with open(os.path.join(HERE, "growth.svg"), "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
                   f'font-family="sans-serif" font-size="11" fill="#222"><rect width="{width}" height="{height}" fill="#fff"/>{body}</svg>\n')


def report():
    """The tables between the markers of the README."""
    results, text = json.load(open(RESULTS)), open(README, encoding="utf-8").read()
    told = dict(templates=told_templates, growth=told_growth, start=told_start, stages=told_stages, peers=told_peers)
    for section, made in results.items():
        head = f"Measured at commit {made['commit']} on {made['machine']}; the load of the machine was {made['load']} at the end."
        block = f"<!-- {section} -->\n{head}\n\n{told[section](made['figures'])}\n<!-- end -->"
        text, count = re.subn(rf"<!-- {section} -->.*?<!-- end -->", lambda _: block, text, flags=re.S)
        assert count == 1, f"the README has no place for {section}"
    open(README, "w", encoding="utf-8").write(text)


COMMANDS = dict(templates=templates, growth=growth, start=start, stages=stages, peers=peers, report=report)
if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
    sys.exit(__doc__)
COMMANDS[sys.argv[1]](*sys.argv[2:])
