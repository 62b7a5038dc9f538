"""Measures queues over one redis-server each, jobs that do nothing, medians of several runs, and compares with budgets.

usage: queue.py PROGRAM [--runs N] [--jobs N]
PROGRAM is scanfleet-faults. Every run starts a redis-server of its own, which only the measured queue uses. The Python queues
get a twentieth of the jobs, because they would take minutes otherwise; everything is told per job or per second.
Exit status 1 where a budget is exceeded.
"""

import argparse
import asyncio
import contextlib
import json
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import redis

BUDGETS = [
    ("enqueue_per_s", "at least", 50_000),
    ("bytes_per_job", "at most", 200),
    ("consume_per_s", "at least", 10_000),
    ("consume_redis_us", "at most", 50),
]
COLUMNS = [
    ("enqueue_per_s", "enqueue/s"),
    ("enqueue_redis_us", "Redis µs"),
    ("enqueue_client_us", "client µs"),
    ("bytes_per_job", "B/job"),
    ("consume_per_s", "claim+ack/s"),
    ("consume_redis_us", "Redis µs"),
    ("consume_client_us", "client µs"),
]


@contextlib.contextmanager
def server():
    """Lends a redis-server's socket path."""
    with tempfile.TemporaryDirectory(prefix="scanfleet-bench-") as directory:
        path = f"{directory}/redis.sock"
        options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", directory]
        process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        try:
            client = redis.Redis(unix_socket_path=path)
            for _ in range(100):
                with contextlib.suppress(redis.ConnectionError):
                    client.ping()
                    break
                time.sleep(0.05)
            yield path
        finally:
            process.kill()
            process.wait()


def noop(_):
    """What the Python queues run."""


class Sample:
    """What time and memory were used so far."""

    def __init__(self, client):
        info = client.info("all")
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.wall = time.monotonic()
        self.client = usage.ru_utime + usage.ru_stime
        self.server = info["used_cpu_sys"] + info["used_cpu_user"]
        self.memory = info["used_memory"]


def told(empty, full, done, jobs):
    return {
        "enqueue_per_s": jobs / (full.wall - empty.wall),
        "enqueue_redis_us": (full.server - empty.server) * 1e6 / jobs,
        "enqueue_client_us": (full.client - empty.client) * 1e6 / jobs,
        "bytes_per_job": (full.memory - empty.memory) / jobs,
        "consume_per_s": jobs / (done.wall - full.wall),
        "consume_redis_us": (done.server - full.server) * 1e6 / jobs,
        "consume_client_us": (done.client - full.client) * 1e6 / jobs,
    }


def payload(number):
    account = 100_000_000_000 + number % 100
    return f"{account}/eu-central-1/team-{number % 7}/service-{number}"


def measure_rq(path, jobs):
    """rq, in one process without a fork per job, its fastest way."""
    import logging

    import rq

    logging.disable(logging.INFO)
    client = redis.Redis(unix_socket_path=path)
    queue = rq.Queue(connection=client)
    empty = Sample(client)
    for start in range(0, jobs, 500):
        numbers = range(start, min(start + 500, jobs))
        queue.enqueue_many([rq.Queue.prepare_data(noop, (payload(n),), result_ttl=0) for n in numbers])
    full = Sample(client)
    rq.SimpleWorker([queue], connection=client).work(burst=True, logging_level="WARNING")
    done = Sample(client)
    assert queue.is_empty()
    return told(empty, full, done, jobs)


def measure_arq(path, jobs):
    """arq, 64 jobs at a time."""
    import arq
    import arq.connections
    import arq.worker

    count = 0

    async def job(_, __):
        nonlocal count
        count += 1

    async def run():
        client = redis.Redis(unix_socket_path=path)
        settings = arq.connections.RedisSettings(unix_socket_path=path)
        pool = await arq.create_pool(settings)
        empty = Sample(client)
        for start in range(0, jobs, 100):
            numbers = range(start, min(start + 100, jobs))
            await asyncio.gather(*(pool.enqueue_job("job", payload(n)) for n in numbers))
        full = Sample(client)
        worker = arq.worker.Worker(
            [arq.worker.func(job, name="job", keep_result=0)],
            redis_settings=settings,
            burst=True,
            max_jobs=64,
            poll_delay=0.01,
            queue_read_limit=1000,
            handle_signals=False,
        )
        await worker.async_run()
        done = Sample(client)
        await worker.close()
        await pool.aclose()
        assert count == jobs, f"{count} of {jobs} jobs ran"
        return told(empty, full, done, jobs)

    return asyncio.run(run())


def measure_program(program, path, jobs, *arguments):
    words = [program, "benchmark", "--redis", f"unix://{path}", "--jobs", str(jobs), *arguments]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def in_own_process(name, path, jobs):
    """A Python queue runs in a process of its own, so that one does not pay for another's garbage."""
    words = [sys.executable, __file__, "--measure", name, "--socket", path, "--jobs", str(jobs), "-"]
    return json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout)


def show(results):
    width = max(len(name) for name in results)
    print(" " * width + "".join(f"{title:>14}" for _, title in COLUMNS))
    for name, values in results.items():
        print(f"{name:<{width}}" + "".join(f"{values[key]:>14,.1f}" for key, _ in COLUMNS))
    ours = results["scanfleet"]
    print("\nscanfleet's, as a multiple of the other's:")
    for name, values in results.items():
        if name != "scanfleet":
            ratios = (ours[key] / values[key] if values[key] else float("nan") for key, _ in COLUMNS)
            print(f"{name:<{width}}" + "".join(f"{ratio:>14.2f}" for ratio in ratios))


def check(ours):
    kept = True
    print()
    for key, word, budget in BUDGETS:
        fits = ours[key] >= budget if word == "at least" else ours[key] <= budget
        kept = kept and fits
        print(f"{key}: {ours[key]:,.1f}, {word} {budget:,}: {'kept' if fits else 'EXCEEDED'}")
    return kept


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--measure", choices=["rq", "arq"], help=argparse.SUPPRESS)
    parser.add_argument("--socket", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure = {"rq": measure_rq, "arq": measure_arq}[options.measure]
        print(json.dumps(measure(options.socket, options.jobs)))
        return
    queues = {
        "scanfleet": lambda path: measure_program(options.program, path, options.jobs),
        "bare stream": lambda path: measure_program(options.program, path, options.jobs, "--floor"),
        "rq": lambda path: in_own_process("rq", path, options.jobs // 20),
        "arq": lambda path: in_own_process("arq", path, options.jobs // 20),
    }
    runs = {name: [] for name in queues}
    # In turn, so that a busy minute of the machine falls on all of them.
    for number in range(options.runs):
        for name, measure in queues.items():
            with server() as path:
                runs[name].append(measure(path))
            print(f"run {number + 1} of {options.runs}: {name}", file=sys.stderr)
    results = {n: {k: statistics.median(r[k] for r in rs) for k, _ in COLUMNS} for n, rs in runs.items()}
    load = pathlib.Path("/proc/loadavg").read_text().split()[0]
    print(f"{options.jobs:,} jobs, medians of {options.runs}; load {load}\n")
    show(results)
    sys.exit(0 if check(results["scanfleet"]) else 1)


main()
