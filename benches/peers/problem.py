"""What does a peer in Python repeat, and how is it timed?

The problem is the JSON of `lab train --steps 20 --with-data --json FILE`: settings, initial W, training examples. A peer holds the
examples as one dense float32 array, takes the same AdamW steps, and says what a step takes and which loss it came to.
"""

import json
import math
import statistics
import sys
import time

import numpy as np

# Steps that are not timed: the first compile and allocate.
WARM_UP = 3
# A peer that has been stepping for so long, in seconds, may stop before all steps are made.
PATIENCE = 10
# Slower peers are not waited for, in seconds a step.
LONGEST_STEP = 60
# Fast peers go on for so long, in seconds, that the median settles.
AT_LEAST = 1


class Problem:
    def __init__(self, path):
        with open(path) as file:
            run = json.load(file)
        config = run["config"]
        self.n, self.m, self.t, self.steps = (config[name] for name in ("n", "m", "t", "steps"))
        self.lr, self.weight_decay, self.eps = (config[name] for name in ("lr", "weight_decay", "eps"))
        self.betas = config["beta1"], config["beta2"]
        assert config["reduction"] == "mean"
        # Steps after which the loss is known.
        self.recorded = {point["step"] for point in run["history"]}
        # X (T, n), W (m, n), b (n)
        self.x = np.zeros((self.t, self.n), np.float32)
        for row, indices, values in zip(self.x, run["data"]["indices"], run["data"]["values"]):
            row[indices] = values
        self.w = np.array(run["initial_w"], np.float32)
        self.b = np.zeros(self.n, np.float32)

    def rate(self, k):
        """Linear warm-up over the first 5 % of the steps, then a cosine to zero; k counts from 0."""
        warm_up = max(1, round(0.05 * self.steps))
        if k < warm_up:
            return self.lr * (k + 1) / warm_up
        return self.lr * (1 + math.cos(math.pi * min(1, (k - warm_up) / (self.steps - warm_up)))) / 2


def measure(problem, step, loss, version):
    """Prints what a step takes. `step(k)` makes update k and waits for it; `loss()` sums over features, averages over examples."""
    began = time.perf_counter()
    seconds, checked = [], None
    while checked is None or (time.perf_counter() - began < AT_LEAST and len(seconds) < 1000):
        start = time.perf_counter()
        step(len(seconds))
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > LONGEST_STEP:
            return say(error=f"{seconds[-1]:.0f} s a step")
        enough = len(seconds) == problem.steps or (len(seconds) > WARM_UP and time.perf_counter() - began > PATIENCE)
        if checked is None and enough and len(seconds) in problem.recorded:
            checked = {"steps": len(seconds), "loss": float(loss())}
    say(seconds=statistics.median(seconds[WARM_UP:]), version=version, **checked)


def main(peer):
    try:
        peer(Problem(sys.argv[1]))
    except (MemoryError, RuntimeError) as error:
        text = str(error)
        short = "alloc" in text.lower() or "memory" in text.lower() or isinstance(error, MemoryError)
        say(error="out of memory" if short else text.splitlines()[0][:200])


def say(**result):
    print(json.dumps(result))
