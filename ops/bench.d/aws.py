"""Runs the same calls by three programs against one local server, and prints what each costs.

Every figure is the median of several runs, and every ratio the median of the runs' own ratios: the programs take turns,
so that a busy machine slows those of one run alike. Exit status 1 where a budget is exceeded. What was measured and tried:
ops/guides/aws-calls.md.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lib"))
from ports import free_port  # noqa: E402

ANSWERS = {"2 KB": 2_000, "500 KB": 500_000}
IN_FLIGHT = (1, 32, 256)
BOTO3_IN_FLIGHT = 32
# Calls of one run: a second or two each, so that five rounds of all take some three minutes.
CALLS = {("2 KB", "boto3"): 800, ("500 KB", "boto3"): 64, "2 KB": 10_000, "500 KB": 600}


def answer(size):
    """A page of a basic scan's findings, near `size` bytes, with the members that AWS sends."""
    page = {
        "registryId": "123456789012",
        "repositoryName": "team/service",
        "imageId": {"imageDigest": "sha256:" + "0a" * 32},
        "imageScanStatus": {"status": "COMPLETE", "description": "The scan was completed successfully."},
        "imageScanFindings": {
            "imageScanCompletedAt": 1760000000.0,
            "vulnerabilitySourceUpdatedAt": 1759990000.0,
            "findingSeverityCounts": {"HIGH": 3, "MEDIUM": 2},
            "findings": [],
        },
    }
    findings = page["imageScanFindings"]["findings"]
    while len(json.dumps(page)) < size - 300:
        number = len(findings)
        findings.append(
            {
                "name": f"CVE-2026-{10000 + number}",
                "description": f"A flaw, number {number}, was found in a library: input that is too long is taken "
                "for its own length, and a remote caller may read memory beyond the buffer\u2019s end.",
                "uri": f"https://security-tracker.debian.org/tracker/CVE-2026-{10000 + number}",
                "severity": ("HIGH", "MEDIUM", "LOW")[number % 3],
                "attributes": [
                    {"key": "package_version", "value": f"3.0.{number}-1~deb12u2"},
                    {"key": "package_name", "value": "openssl"},
                    {"key": "CVSS3_VECTOR", "value": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"},
                    {"key": "CVSS3_SCORE", "value": "7.5"},
                ],
            }
        )
    return json.dumps(page)


def start_nginx(folder):
    """One process; an answer a port. A POST of a file is refused with 405, and that error's page is the file."""
    ports, servers = {}, []
    for name, size in ANSWERS.items():
        port = ports[name] = free_port()
        (folder / f"{port}.json").write_text(answer(size), encoding="utf-8")
        servers.append(
            f"server {{ listen 127.0.0.1:{port} backlog=1024; root {folder}; error_page 405 =200 /{port}.json;"
            f" location = / {{ try_files /{port}.json =404; }} }}"
        )
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        "daemon off; master_process off; error_log stderr crit;\n"
        f"pid {folder}/nginx.pid;\nevents {{ worker_connections 2048; }}\n"
        f"http {{ access_log off; keepalive_requests 10000000; keepalive_timeout 600s; sendfile on; tcp_nopush on;\n"
        f"default_type application/x-amz-json-1.1; open_file_cache max=16; {temporary}\n" + "\n".join(servers) + "}\n",
        encoding="utf-8",
    )
    server = subprocess.Popen(["nginx", "-p", folder, "-e", "stderr", "-c", folder / "nginx.conf"])
    for _ in range(100):
        try:
            for port in ports.values():
                socket.create_connection(("127.0.0.1", port)).close()
            return server, {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        except OSError:
            time.sleep(0.05)
    server.kill()
    raise SystemExit("nginx did not start")


def measure(command, url, in_flight, calls):
    run = subprocess.run(
        [*command, url, str(in_flight), str(calls)], stdout=subprocess.PIPE, text=True, check=True, timeout=600
    )
    usage = json.loads(run.stdout)
    return (
        usage["calls"] / usage["seconds"],
        usage["cpu"] / usage["calls"] * 1e6,
        usage["peak_kib"] / 1024,
    )


def rounds(programs, urls, runs, divisor):
    """Every sample by answer, number in flight and program."""
    samples = {}
    for run in range(runs):
        print(f"run {run + 1} of {runs}", file=sys.stderr, flush=True)
        for name, url in urls.items():
            for in_flight in IN_FLIGHT:
                for program, command in programs.items():
                    if program == "boto3" and in_flight != BOTO3_IN_FLIGHT:
                        continue
                    calls = CALLS.get((name, program), CALLS[name]) // divisor
                    samples.setdefault((name, in_flight, program), []).append(measure(command, url, in_flight, calls))
    return samples


def ratio(samples, key, other, column=1):
    """The median over the runs of what one program costs to what another one costs."""
    return statistics.median(row[column] / base[column] for row, base in zip(samples[key], samples[other]))


def show(samples, medians, programs):
    print("answer   in flight  program        calls/s   CPU µs/call (least-most)   peak MB   CPU: ÷ C loop   ÷ boto3 at 32")
    for name in ANSWERS:
        for in_flight in IN_FLIGHT:
            for program in programs:
                if (name, in_flight, program) not in medians:
                    continue
                rate, cpu, peak = medians[name, in_flight, program]
                costs = [row[1] for row in samples[name, in_flight, program]]
                key = name, in_flight, program
                by_c = ratio(samples, key, (name, in_flight, "C loop"))
                by_boto3 = ratio(samples, (name, BOTO3_IN_FLIGHT, "boto3"), key)
                spread = f"({min(costs):.0f}-{max(costs):.0f})"
                print(
                    f"{name:<8} {in_flight:>9}  {program:<12} {rate:>9.0f}   {cpu:>11.0f} {spread:<16}"
                    f" {peak:>8.1f}   {by_c:>12.2f}×   {'1/' + format(by_boto3, '.1f'):>12}"
                )


def budgets(samples, medians):
    """Says which of the budgets hold, and answers whether all do."""
    ours, loop, boto3 = (("2 KB", BOTO3_IN_FLIGHT, program) for program in ("scanfleet", "C loop", "boto3"))
    by_c, by_boto3 = ratio(samples, ours, loop), ratio(samples, boto3, ours)
    peak = medians["2 KB", 256, "scanfleet"][2]
    checks = [
        (f"CPU {by_c:.2f}× the C loop's, at most 2×", by_c <= 2),
        (f"CPU 1/{by_boto3:.1f} of boto3's, at most 1/20", by_boto3 >= 20),
        (f"{peak:.1f} MB resident with 256 in flight, at most 60 MB", peak <= 60),
    ]
    for text, is_kept in checks:
        print(f"{'kept    ' if is_kept else 'EXCEEDED'}  {text}")
    return all(is_kept for _, is_kept in checks)


def main():
    arguments = argparse.ArgumentParser(prog="ops/bench aws")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("bench")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--short", action="store_true", help="a tenth of the calls")
    given = arguments.parse_args()
    scripts = Path(__file__).parent
    programs = {
        "C loop": [given.folder / "curl_loop"],
        # With what any client needs besides: time-outs, and the answer's headers.
        "C, guarded": [given.folder / "curl_loop", "guarded"],
        "scanfleet": [given.bench, "calls"],
        # Isolated, because queue.py beside it would stand for Python's own module of that name.
        "boto3": [os.environ["SCANFLEET_PYTHON"], "-I", scripts / "boto3_calls.py"],
    }
    server, urls = start_nginx(given.folder)
    load = os.getloadavg()[0]
    try:
        samples = rounds(programs, urls, given.runs, 10 if given.short else 1)
    finally:
        server.terminate()
        server.wait()
    medians = {key: [statistics.median(column) for column in zip(*rows)] for key, rows in samples.items()}
    show(samples, medians, programs)
    print(f"medians of {given.runs} runs; load {load:.1f} before and {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores")
    sys.exit(0 if budgets(samples, medians) else 1)


main()
