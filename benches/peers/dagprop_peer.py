"""mc-dagprop: events are nodes, activities are edges; an activity takes its least time and a random delay. Times only: it
knows no errors. Its exponential delay is a multiple of the least time, so the hour of work lies on the edges that leave a
service; in the network of times only, every edge out of one carries the same hour."""

import numpy as np
from mc_dagprop import Activity, DagContext, Event, EventTimestamp, GenericDelayGenerator, MonteCarloPropagator

from network import Felt

EDGE = 1
FOREVER = 1e12


class DagpropPeer:
    def __init__(self, network):
        self.network = network
        assert len(network.durations) == 1 and not network.error_rate
        hour = constant(network.durations[0])
        delay = network.delivery["handoff"]["exponential"]["mean"] / hour
        assert all(fields == network.delivery for fields in network.fields)
        customer = network.services
        window = EventTimestamp(0.0, FOREVER, 0.0)
        events = [Event(str(node), window) for node in range(network.services + 1)]
        activities, precedence = {}, []
        for receiver, providers in enumerate(network.inputs + [network.serving]):
            needs = []
            for provider in providers:
                index = len(activities)
                activities[provider, receiver] = Activity(idx=index, minimal_duration=hour, activity_type=EDGE)
                needs.append((provider, index))
            if needs:
                precedence.append((receiver, needs))
        assert precedence[-1][0] == customer
        generator = GenericDelayGenerator()
        generator.add_exponential(EDGE, delay, FOREVER)
        context = DagContext(events=events, activities=activities, precedence_list=precedence, max_delay=FOREVER)
        self.propagator = MonteCarloPropagator(context, generator)

    def run(self, replications, batch, seed):
        """`batch` seeds are given at a time; 0: one `run` for each."""
        first = seed * 1_000_003
        if batch:
            results = (
                result
                for at in range(0, replications, batch)
                for result in self.propagator.run_many(range(first + at, first + min(at + batch, replications)))
            )
        else:
            results = (self.propagator.run(first + at) for at in range(replications))
        # Each result holds a view of every time and delay: only the customer's is kept.
        wait = np.array([result.realized[-1] for result in results])
        felt = Felt()
        felt.count = len(wait)
        for figure, values in (("wait", wait), ("lateness", np.maximum(wait - self.network.promise, 0.0))):
            felt.means[figure] = values.mean()
            felt.squares[figure] = values.var() * len(values)
        np.quantile(wait, [0.5, 0.8, 0.9, 0.95, 0.99])
        return felt


def constant(distribution):
    return distribution if not isinstance(distribution, dict) else distribution["constant"]["value"]
