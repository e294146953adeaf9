"""Runs every peer and the library in turns on the same networks, checks that they compute the same, and prints what each
costs. Called by benches/peers/run."""

import importlib.metadata
import json
import math
import platform
import statistics
import subprocess
import sys
import time

from network import Felt, Network
from numpy_peer import NumpyPeer
from simpy_peer import SimpyPeer

try:
    from dagprop_peer import DagpropPeer
except ImportError as problem:
    DagpropPeer = None
    MISSING = f"{problem}; Python is {platform.python_version()}, mc-dagprop needs 3.12 or newer"

LIBRARY = sys.argv[1]
QUICK = "--quick" in sys.argv
UP_TO = int(sys.argv[sys.argv.index("--up-to") + 1]) if "--up-to" in sys.argv else 2_000 if QUICK else 100_000
# Seconds of CPU time that a turn is to take, and turns.
A_TURN, TURNS = (0.05, 1) if QUICK else (0.8, 5)
# Standard errors, of the difference, by which two means may differ.
ALLOWED = 4.0


class Contender:
    """`run(replications, seed)` gives CPU seconds and what the customer felt."""

    def __init__(self, name, step, run):
        self.name, self.step, self.run = name, step, run
        self.seconds = []
        self.replications = step
        self.felt = None
        while True:
            seconds, self.felt = run(self.replications, 1)
            if seconds >= A_TURN:
                break
            factor = min(max(A_TURN / max(seconds, 1e-6), 1.2), 8.0)
            self.replications = math.ceil(self.replications * factor / step) * step

    def turn(self, seed):
        seconds, self.felt = self.run(self.replications, seed)
        self.seconds.append(seconds)

    def cost(self, units, of=min):
        return of(self.seconds) / self.replications / units * 1e9


def library(kind, services, detail):
    def run(replications, seed):
        answer = json.loads(
            subprocess.check_output([LIBRARY, "run", kind, str(services), detail, str(replications), str(seed)])
        )
        felt = Felt()
        felt.count = replications
        for figure in Felt.FIGURES:
            mean, error = answer[figure]["mean"], answer[figure]["error"]
            felt.means[figure] = mean
            felt.squares[figure] = error**2 * replications * (replications - 1)
        return answer["seconds"], felt

    return Contender(f"ripple-effect, {detail}", 256, run)


def timed(run):
    def measure(*arguments):
        start = time.process_time()
        felt = run(*arguments)
        return time.process_time() - start, felt

    return measure


def best(name, variants):
    """The quickest of several ways to use a tool, each given as (words, step, run)."""
    contenders = [Contender(f"{name}, {words}", step, timed(run)) for words, step, run in variants]
    for seed in (2, 3):
        for contender in contenders:
            contender.turn(seed)
    quickest = min(contenders, key=lambda contender: contender.cost(1))
    quickest.seconds.clear()
    return quickest


def numpy_variants(network, by_level, batches):
    peer = NumpyPeer(network, by_level)
    words = "by level" if by_level else "by service"
    return [
        (f"{words}, batches of {batch}", batch, lambda replications, seed, batch=batch: peer.run(replications, batch, seed))
        for batch in batches
    ]


def agree(contender, reference):
    """If both compute the same, engagements vary alike: some peers are too slow to say how much from their own."""
    count, of_reference = contender.felt.count, reference.felt.count
    for figure in Felt.FIGURES:
        mean, (wanted, wanted_error) = contender.felt.means[figure], reference.felt.figure(figure)
        error = wanted_error * math.sqrt(1.0 + of_reference / count)
        # Where every engagement was the same, one more could have been otherwise.
        if abs(mean - wanted) > ALLOWED * max(error, 1.0 / min(count, of_reference)):
            sys.exit(f"{contender.name} and {reference.name} do not compute the same: {figure} {mean} and {wanted}")


def table(title, network, contenders, edges):
    for turn in range(TURNS):
        for contender in contenders:
            contender.turn(10 + turn)
    ours = contenders[0]
    for contender in contenders[1:]:
        agree(contender, ours)
    print(f"{title}: {network.services} services, {network.dependencies} dependencies\n")
    per_edge = " per edge |" if edges else ""
    print(f"| | replications | mean wait | least | median |{per_edge} times the library |")
    print(f"|---|---:|---:|---:|---:|{'---:|' if edges else ''}---:|")
    for contender in contenders:
        mean, error = contender.felt.figure("wait")
        least, median = contender.cost(network.units), contender.cost(network.units, statistics.median)
        edge = f" {contender.cost(network.dependencies):.2f} |" if edges else ""
        ratio = least / ours.cost(network.units)
        wait = f"{mean:.2f} ± {error:.2f}"
        print(f"| {contender.name} | {contender.replications} | {wait} | {least:.2f} | {median:.2f} |{edge} {ratio:.2f} |")
    print(flush=True)


def main():
    versions = [f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "simpy")]
    if DagpropPeer:
        versions.append(f"mc-dagprop {importlib.metadata.version('mc-dagprop')}")
    print(f"Python {platform.python_version()}, {', '.join(versions)}\n")
    print("Nanoseconds of CPU time per (service + dependency) x replication, one thread,")
    print(f"of {TURNS} turns; the means agree within {ALLOWED:g} standard errors\n")
    for services, by_level, by_service in (
        (50, (256, 1024, 4096), (1024, 4096, 16384)),
        (2_000, (64, 256, 1024), (1024, 4096)),
        (100_000, (16, 64, 256), ()),
    ):
        if services > UP_TO:
            continue
        network = Network(LIBRARY, "mixed", services)
        contenders = [library("mixed", services, detail) for detail in ("customers", "services")]
        variants = numpy_variants(network, True, by_level) + numpy_variants(network, False, by_service)
        contenders.append(best("NumPy", variants))
        if services <= 2_000:
            contenders.append(Contender("SimPy", 1 if services > 50 else 10, timed(SimpyPeer(network).run)))
        table("Mixed", network, contenders, False)

    network = Network(LIBRARY, "times", 2_000)
    contenders = [library("times", 2_000, detail) for detail in ("customers", "services")]
    contenders.append(best("NumPy", numpy_variants(network, True, (64, 256, 1024))))
    if DagpropPeer:
        peer = DagpropPeer(network)
        variants = [
            (
                f"run_many of {batch}" if batch else "run",
                batch or 1,
                lambda replications, seed, batch=batch: peer.run(replications, batch, seed),
            )
            for batch in (0, 16, 64, 256)
        ]
        contenders.append(best("mc-dagprop", variants))
    table("Times only", network, contenders, True)
    if not DagpropPeer:
        print(f"mc-dagprop was skipped: {MISSING}")


main()
