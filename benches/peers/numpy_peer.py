"""NumPy, vectorised over replications in batches, and over as many services as do not need each other."""

import numpy as np

from network import Felt, lognormal


class NumpyPeer:
    """`by_level`: one step for all services of a level; else one for each service. All draws are dense, as vectors want
    them, but for the hours of rework."""

    def __init__(self, network, by_level):
        self.network = network
        groups = network.levels() if by_level else [[service] for service in range(network.services)]
        kinds = len(network.durations)
        self.groups = []
        for services in groups:
            services = np.array(services)
            inputs = np.array([network.inputs[service] for service in services])
            by_kind = [(kind, np.flatnonzero(services % kinds == kind)) for kind in range(kinds)]
            self.groups.append((services, inputs, [(kind, at) for kind, at in by_kind if len(at)]))
        self.serving = np.array(network.serving)

    def run(self, replications, batch, seed):
        random = np.random.default_rng(seed)
        network = self.network
        felt = Felt()
        waits, wrongs = [], []
        finish = np.empty((network.services, batch))
        error = np.empty((network.services, batch), dtype=bool)
        for _ in range(replications // batch):
            for services, inputs, kinds in self.groups:
                shape = (len(services), batch)
                ready = np.zeros(shape)
                wrong = np.zeros(shape, dtype=bool)
                for place in range(inputs.shape[1]):
                    provider = inputs[:, place]
                    self.receive(random, network.fields[place], finish[provider], error[provider], ready, wrong)
                for kind, at in kinds:
                    ready[at] += draw(random, network.durations[kind], (len(at), batch))
                finish[services] = ready
                if network.error_rate:
                    wrong |= random.random(shape) < network.error_rate
                error[services] = wrong
            ready = np.zeros((len(self.serving), batch))
            wrong = np.zeros((len(self.serving), batch), dtype=bool)
            self.receive(random, network.delivery, finish[self.serving], error[self.serving], ready, wrong)
            waits.append(ready.max(axis=0))
            wrongs.append(wrong.any(axis=0))
        wait = np.concatenate(waits)
        felt.count = len(wait)
        for figure, values in (
            ("wait", wait),
            ("lateness", np.maximum(wait - network.promise, 0.0)),
            ("wrong", np.concatenate(wrongs).astype(float)),
        ):
            felt.means[figure] = values.mean()
            felt.squares[figure] = values.var() * len(values)
        np.quantile(wait, [0.5, 0.8, 0.9, 0.95, 0.99])
        return felt

    @staticmethod
    def receive(random, fields, arrival, error, ready, wrong):
        """`arrival` and `error` are what the providers delivered; `ready` and `wrong` what the receivers know so far."""
        if fields["handoff"] != 0.0:
            arrival += draw(random, fields["handoff"], arrival.shape)
        if fields["detection"]:
            # One number decides both: caught, or else passed on.
            luck = random.random(arrival.shape)
            caught = error & (luck < fields["detection"])
            arrival[caught] += draw(random, fields["rework"], np.count_nonzero(caught))
            passed = fields["detection"] + (1.0 - fields["detection"]) * fields["transmission"]
            wrong |= error & ~caught & (luck < passed)
        elif fields["transmission"] < 1.0:
            wrong |= error & (random.random(arrival.shape) < fields["transmission"])
        else:
            wrong |= error
        np.maximum(ready, arrival, out=ready)


def draw(random, distribution, shape):
    if not isinstance(distribution, dict):
        return distribution
    ((family, of),) = distribution.items()
    if family == "constant":
        return of["value"]
    if family == "uniform":
        return random.uniform(of["min"], of["max"], shape)
    if family == "triangular":
        return random.triangular(of["min"], of["mode"], of["max"], shape)
    if family == "pert":
        width = of["max"] - of["min"]
        a = 1.0 + 4.0 * (of["mode"] - of["min"]) / width
        return of["min"] + width * random.beta(a, 6.0 - a, shape)
    if family == "exponential":
        return random.exponential(of["mean"], shape)
    if family == "gamma":
        return random.gamma(of["shape"], of["scale"], shape)
    if family == "lognormal":
        return random.lognormal(*lognormal(of["mean"], of["sd"]), shape)
    raise ValueError(f"{family}: this peer was not taught it")
