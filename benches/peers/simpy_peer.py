"""SimPy: a process for every service and every dependency, an event for every delivery."""

import random

import simpy

from network import Felt, lognormal


class SimpyPeer:
    def __init__(self, network):
        self.network = network

    def run(self, replications, seed):
        chance = random.Random(seed)
        felt = Felt()
        for _ in range(replications):
            felt.add(*self.replication(chance))
        felt.waits.sort()
        return felt

    def replication(self, chance):
        network = self.network
        environment = simpy.Environment()
        delivered = [environment.event() for _ in range(network.services)]

        def dependency(provider, fields):
            error = yield delivered[provider]
            handoff = draw(chance, fields["handoff"])
            if handoff:
                yield environment.timeout(handoff)
            if not error:
                return False
            if fields["detection"] and chance.random() < fields["detection"]:
                yield environment.timeout(draw(chance, fields["rework"]))
                return False
            return chance.random() < fields["transmission"]

        def service(index):
            inputs = [
                environment.process(dependency(provider, fields))
                for provider, fields in zip(network.inputs[index], network.fields)
            ]
            if inputs:
                yield environment.all_of(inputs)
            yield environment.timeout(draw(chance, network.durations[index % len(network.durations)]))
            wrong = any([process.value for process in inputs])
            delivered[index].succeed(wrong or chance.random() < network.error_rate)

        def customer():
            inputs = [environment.process(dependency(provider, network.delivery)) for provider in network.serving]
            yield environment.all_of(inputs)
            return environment.now, any(process.value for process in inputs)

        for index in range(network.services):
            environment.process(service(index))
        wait, wrong = environment.run(until=environment.process(customer()))
        return wait, max(0.0, wait - network.promise), float(wrong)


def draw(chance, distribution):
    if not isinstance(distribution, dict):
        return distribution
    ((family, of),) = distribution.items()
    if family == "constant":
        return of["value"]
    if family == "uniform":
        return chance.uniform(of["min"], of["max"])
    if family == "triangular":
        return chance.triangular(of["min"], of["max"], of["mode"])
    if family == "pert":
        width = of["max"] - of["min"]
        a = 1.0 + 4.0 * (of["mode"] - of["min"]) / width
        return of["min"] + width * chance.betavariate(a, 6.0 - a)
    if family == "exponential":
        return chance.expovariate(1.0 / of["mean"])
    if family == "gamma":
        return chance.gammavariate(of["shape"], of["scale"])
    if family == "lognormal":
        return chance.lognormvariate(*lognormal(of["mean"], of["sd"]))
    raise ValueError(f"{family}: this peer was not taught it")
