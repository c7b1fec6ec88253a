#!/usr/bin/env python3
"""Runs the command's readers over mutated files: no crash, no hang, no great appetite for memory.

    tests/mutants/mutants.py build/release/foothold --count 50000 --seed 1 [--keep DIR] [--only REGEX]

Each mutant is a seed file with one to four changes: bytes turned, pieces cut out, doubled or taken from another seed,
numbers and words replaced by troublesome ones, lines swapped, the end cut off. Each is given to one of the commands that
read its kind. A run is bad when a signal ends it, when its exit code is none that the command has, when it takes more
than 5 s of processor time or 300 MB, or says that it has found a bug of its own. The same seed makes the same mutants.
Exit code 1 when a run was bad; --keep keeps the inputs of such runs.
"""
import argparse
import concurrent.futures
import gzip
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MOST_CPU_S = 5.0
MOST_MB = 300
MOST_WALL_S = 120  # of a machine that does other things too
GOOD_CODES = {0, 1, 2, 3}
WORDS = [b"0", b"-1", b"-0.0", b"1e308", b"1e-310", b"1e999", b"9223372036854775807", b"18446744073709551616", b"null",
         b"true", b"[]", b"{}", b'""', b"[[[[[[[[", b"NaN", b"\x00", b"\x1b[2J", b"\xff\xfe", b"\xf0\x9f\x98\x80",
         b"1" * 400, b'"\\ud800"', b"\n", b",", b":", b"../../../../etc/passwd"]


def corpus(name):
    return sorted(path for path in (SOURCE / "tests/fuzz/corpus" / name).iterdir() if path.is_file())


class Kind:
    """Seeds of one kind of file, and the arguments of the commands that read it; {} is the file, {out} a new file."""

    def __init__(self, name, seeds, commands, suffix="", file="input", program="foothold"):
        self.name, self.seeds, self.commands, self.file, self.program = name, seeds, commands, file + suffix, program


def make_log(foothold, folder):
    """A log with failures, started lines and two runs."""
    log = folder / "seed.jsonl"
    for seed in ("1", "2"):
        subprocess.run([foothold, "tune", "dense:1x64,64", "--target", "vta:pynq", "--searcher", "random", "--trials", "6",
                        "--seed", seed, "--jobs", "1", "--log", str(log)], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return log.read_bytes()


def make_exploration(foothold, folder):
    path = folder / "seed.explored"
    subprocess.run([foothold, "explore", "dense:1x64,64", "--target", "vta:pynq", "--jobs", "1", "-o", str(path)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path.read_bytes()


def kinds(foothold, folder):
    log = make_log(foothold, folder)
    old = re.sub(rb',"crc":"[0-9a-f]{8}"', b"", log).replace(b'"version":2', b'"version":1')
    readers = [["log", "dump", "{}"], ["log", "dump", "--json", "{}"], ["best", "{}", "--json"], ["report", "{}", "-o", "{out}"],
               ["log", "rules", "{}"], ["log", "repair", "{}", "-o", "{out}"],
               ["log", "convert", "--from", "foothold", "--to", "autotvm", "{}", "{out}"],
               ["log", "convert", "--from", "foothold", "--to", "t4", "{}", "{out}"],
               ["explain", "dense:1x64,64", "0", "--target", "vta:pynq", "--log", "{}"],
               ["tune", "dense:1x64,64", "--target", "vta:pynq", "--searcher", "random", "--trials", "6", "--jobs", "1", "--log", "{}"]]
    recorded = {"k": [], "t": [], "x": []}
    for path in corpus("recorded_space_fuzz"):
        data = path.read_bytes()
        kind = data[:1].decode(errors="replace")
        recorded[kind if kind in "kt" else "x"].append(data[1:])
    convert = {"k": "kernel-tuner", "t": "t4", "x": "ktt"}
    replay = ["tune", "kernel:k", "--target", "replay:{}", "--trials", "3", "--jobs", "1", "--log", "{out}"]
    found = [Kind("log", [log], readers), Kind("log of version 1", [old], readers)]
    for key, name in convert.items():
        commands = [["log", "convert", "--from", name, "--to", "kernel-tuner" if name == "t4" else "t4", "{}", "{out}"], replay]
        if recorded[key]:
            found.append(Kind(name, recorded[key], commands, ".json"))
            found.append(Kind(name + ".gz", [gzip.compress(data, mtime=0) for data in recorded[key]], commands, ".json.gz"))
    texts = lambda name: [path.read_bytes() for path in corpus(name)]
    explain = lambda target: [["explain", "dense:1x64,64", "0", "--target", target]]
    found += [
        Kind("exploration", [make_exploration(foothold, folder)],
             [["tune", "dense:1x64,64", "--target", "replay:{}", "--trials", "3", "--jobs", "1", "--log", "{out}"]], ".explored"),
        Kind("autotvm", texts("autotvm_log_fuzz"),
             [["log", "convert", "--from", "autotvm", "--to", "foothold", "{}", "{out}"],
              ["calibrate", "vta:pynq", "{}"]]),
        Kind("workload", texts("workload_fuzz"), [["explain", "{}", "0", "--target", "vta:pynq"]], ".json"),
        Kind("command file", texts("command_fuzz"), explain("command:{}"), ".json"),
        Kind("network", texts("onnx_fuzz"),
             [["network", "{}"], ["network", "{}", "--json"],
              ["tune", "{}", "--target", "vta:pynq", "--searcher", "random", "--trials", "2", "--jobs", "1", "--log", "{out}"]],
             ".onnx"),
        Kind("T1", texts("t1_fuzz"), explain("opencl:{}"), ".json"),
        Kind("board", texts("vta_board_fuzz"), explain("vta:{}"), ".json"),
        Kind("VTA program", texts("vta_program_fuzz"), [["vta", "run", ".", "--timeline", "5"], ["vta", "disasm", "."]],
             file="instructions.bin"),
        Kind("board trials", [path.read_bytes() for path in corpus("board_trials_fuzz") if path.suffix == ".csv"],
             [["fidelity", "--trials", "{}"]], ".csv", program="study"),
    ]
    return found


def replace_number(data, random_):
    places = list(re.finditer(rb"-?\d+(?:\.\d+)?(?:e-?\d+)?", data))
    if not places:
        return data
    place = random_.choice(places)
    value = random_.choice([b"0", b"1", b"-1", b"2", b"1000000007", str(random_.getrandbits(random_.choice([8, 31, 63]))).encode()])
    return data[:place.start()] + value + data[place.end():]


def mutated(data, others, random_):
    for _ in range(random_.randint(1, 4)):
        if not data:
            return data
        at = random_.randrange(len(data))
        size = min(len(data) - at, random_.choice([1, 2, 8, 64, 1024]))
        way = random_.randrange(9)
        if way == 0:
            data = data[:at] + bytes([data[at] ^ (1 << random_.randrange(8))]) + data[at + 1:]
        elif way == 1:
            data = data[:at] + data[at + size:]
        elif way == 2:
            data = data[:at] + data[at:at + size] * random_.choice([2, 2, 50]) + data[at + size:]
        elif way == 3:
            data = data[:at] + random_.choice(WORDS) + data[at + random_.choice([0, 1, size]):]
        elif way == 4:
            data = replace_number(data, random_)
        elif way == 5:
            lines = data.split(b"\n")
            first, second = random_.randrange(len(lines)), random_.randrange(len(lines))
            lines[first], lines[second] = lines[second], lines[first]
            data = b"\n".join(lines)
        elif way == 6:
            other = random_.choice(others)
            begin = random_.randrange(max(1, len(other)))
            data = data[:at] + other[begin:begin + size] + data[at:]
        elif way == 7:
            data = data[:at]
        else:
            data = data[:at] + bytes(random_.randrange(256) for _ in range(min(size, 16))) + data[at:]
    return data


def run(program, arguments, folder):
    """Exit code (negative: a signal), seconds of processor time, MB, what it said on stderr."""
    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (int(MOST_CPU_S) + 3,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with open(folder / "stderr", "wb") as err:
        process = subprocess.Popen([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=err, preexec_fn=limit)
        timer = threading.Timer(MOST_WALL_S, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    text = (folder / "stderr").read_bytes()
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


class Row:
    def __init__(self):
        self.codes, self.cpu, self.mb, self.bad = {}, 0.0, 0.0, []


def one(job):
    programs, seed, index, chosen, temporary, keep = job
    random_ = random.Random(f"{seed}/{index}")
    kind = random_.choice(chosen)
    command = random_.choice(kind.commands)
    data = mutated(random_.choice(kind.seeds), [seed_ for other in chosen for seed_ in other.seeds], random_)
    folder = pathlib.Path(tempfile.mkdtemp(dir=temporary))
    name = kind.file
    (folder / name).write_bytes(data)
    arguments = [word.replace("{out}", "output").replace("{}", name) for word in command]
    code, cpu, mb, said = run(programs[kind.program], arguments, folder)
    why = []
    if code not in GOOD_CODES:
        why.append(f"exit code {code}")
    if cpu > MOST_CPU_S:
        why.append(f"{cpu:.1f} s")
    if mb > MOST_MB:
        why.append(f"{mb:.0f} MB")
    if b"bug in Foothold" in said or b"internal error" in said:
        why.append("a bug")
    if b"\x1b" in said:
        why.append("an escape on the terminal")
    if why and keep:
        shutil.copytree(folder, pathlib.Path(keep) / str(index), dirs_exist_ok=True)
    shutil.rmtree(folder)
    label = kind.name + ": " + " ".join(word for word in command if "{" not in word)
    return label, code, cpu, mb, f"#{index}: {', '.join(why)}: foothold {' '.join(arguments)}" if why else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("foothold")
    parser.add_argument("--count", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep")
    parser.add_argument("--study", help="the program foothold-study; without it what it reads is left out")
    parser.add_argument("--only", default="", help="kinds of files to try, a regular expression")
    options = parser.parse_args()
    foothold = os.path.abspath(options.foothold)
    programs = {"foothold": foothold}
    if options.study:
        programs["study"] = os.path.abspath(options.study)
    rows = {}
    with tempfile.TemporaryDirectory() as temporary:
        chosen = [kind for kind in kinds(foothold, pathlib.Path(temporary))
                  if kind.program in programs and re.search(options.only, kind.name)]
        jobs = ((programs, options.seed, index, chosen, temporary, options.keep) for index in range(options.count))
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for label, code, cpu, mb, bad in pool.map(one, jobs):
                row = rows.setdefault(label, Row())
                row.codes[code] = row.codes.get(code, 0) + 1
                row.cpu, row.mb = max(row.cpu, cpu), max(row.mb, mb)
                if bad:
                    row.bad.append(bad)
    print(f"seed {options.seed}, {options.count} mutants")
    print(f"{'kind: command':72} {'runs':>6} {'worst s':>8} {'worst MB':>9}  exit codes")
    for label, row in sorted(rows.items()):
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(row.codes.items()))
        print(f"{label[:72]:72} {sum(row.codes.values()):6} {row.cpu:8.2f} {row.mb:9.0f}  {codes}")
    bad = [line for row in rows.values() for line in row.bad]
    print(f"bad: {len(bad)}")
    for line in bad[:50]:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
