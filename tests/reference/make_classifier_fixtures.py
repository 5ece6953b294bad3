"""Loss, gradients and AdamW steps of the classifier of digits in PyTorch, float64 on the CPU, for tests/mnist.rs.

    pip install torch==2.15.0 numpy==2.4.6 && python tests/reference/make_classifier_fixtures.py

writes classifier.json beside this file: torch.nn.Linear, ReLU, torch.nn.functional.cross_entropy and torch.optim.AdamW on images
of 20 pixels, in batches of given order. Inputs and initial parameters are rounded to float32, so both sides start from the
same numbers.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

PIXELS, HIDDEN, CLASSES, COUNT = 20, 32, 10, 23
PEAK_RATE, WEIGHT_DECAY = 1e-2, 0.1
EPOCHS, BATCH = 3, 8


def rate(k, total):
    """Linear warm-up over the first 5 % of the steps, then a cosine to zero; k counts from 0."""
    warm_up = max(1, round(0.05 * total))
    if k < warm_up:
        return PEAK_RATE * (k + 1) / warm_up
    return PEAK_RATE * (1 + math.cos(math.pi * (k - warm_up) / (total - warm_up))) / 2


def flat(network, of=lambda tensor: tensor):
    """In the order of the flat buffer: W1 transposed, b1, W2, b2."""
    first, _, second = network
    parts = [of(first.weight).T, of(first.bias), of(second.weight), of(second.bias)]
    return torch.cat([part.reshape(-1) for part in parts]).tolist()


def main():
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    images = np.where(rng.random((COUNT, PIXELS)) < 0.8, 0, rng.random((COUNT, PIXELS)))
    images = torch.tensor(images.astype(np.float32).astype(np.float64))
    labels = torch.tensor(rng.integers(0, CLASSES, COUNT))
    network = torch.nn.Sequential(torch.nn.Linear(PIXELS, HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, CLASSES)).double()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_((3 * parameter).float().double())
    loss = torch.nn.functional.cross_entropy(network(images), labels)
    loss.backward()
    fixture = {
        "made_by": "tests/reference/make_classifier_fixtures.py",
        "torch": torch.__version__,
        "hidden": HIDDEN,
        "rate": PEAK_RATE,
        "weight_decay": WEIGHT_DECAY,
        "images": images.tolist(),
        "labels": labels.tolist(),
        "initial": flat(network),
        "loss": loss.item(),
        "gradient": flat(network, lambda parameter: parameter.grad),
    }
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=WEIGHT_DECAY)
    batches = [batch for _ in range(EPOCHS) for batch in torch.tensor(rng.permutation(COUNT)).split(BATCH)]
    for k, batch in enumerate(batches):
        for group in optimizer.param_groups:
            group["lr"] = rate(k, len(batches))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(network(images[batch]), labels[batch]).backward()
        optimizer.step()
    fixture["batches"] = [batch.tolist() for batch in batches]
    fixture["final"] = flat(network)
    fixture["final_loss"] = torch.nn.functional.cross_entropy(network(images), labels).item()
    path = Path(__file__).with_name("classifier.json")
    path.write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
    print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
