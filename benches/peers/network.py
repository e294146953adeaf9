"""The networks, as benches/peers_export.rs writes them, and the sums that every peer keeps."""

import json
import math
import subprocess


class Network:
    """Nodes, edges and the parameters of their distributions."""

    def __init__(self, library, kind, services):
        exported = json.loads(subprocess.check_output([library, "export", kind, str(services)]))
        self.services = exported["services"]
        self.durations = exported["durations"]
        self.error_rate = exported["error_rate"]
        self.inputs = exported["inputs"]
        self.fields = exported["fields"]
        self.serving = exported["serving"]
        self.delivery = exported["delivery"]
        self.promise = exported["promise"]
        self.dependencies = sum(map(len, self.inputs)) + len(self.serving)
        self.units = self.services + self.dependencies

    def levels(self):
        """Services by the length of the longest path to them: those of one level do not need each other."""
        level = [0] * self.services
        for service, providers in enumerate(self.inputs):
            level[service] = max((level[provider] + 1 for provider in providers), default=0)
        levels = [[] for _ in range(max(level) + 1)]
        for service, at in enumerate(level):
            levels[at].append(service)
        return levels


def lognormal(mean, sd):
    """Mean and standard deviation of the logarithm, from those of the value."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


class Felt:
    """What the customer felt: count, sums and squares of wait, lateness and errors, and every wait for quantiles."""

    FIGURES = ("wait", "lateness", "wrong")

    def __init__(self):
        self.count = 0
        self.means = dict.fromkeys(self.FIGURES, 0.0)
        self.squares = dict.fromkeys(self.FIGURES, 0.0)
        self.waits = []

    def add(self, wait, lateness, wrong):
        """One engagement (Welford 1962)."""
        self.count += 1
        self.waits.append(wait)
        for figure, x in (("wait", wait), ("lateness", lateness), ("wrong", wrong)):
            distance = x - self.means[figure]
            self.means[figure] += distance / self.count
            self.squares[figure] += distance * (x - self.means[figure])

    def figure(self, figure):
        """Mean and standard error."""
        return self.means[figure], math.sqrt(self.squares[figure] / max(self.count - 1, 1) / max(self.count, 1))
