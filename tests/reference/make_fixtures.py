"""Loss, gradients and AdamW steps of the model in PyTorch, float64 on the CPU, for tests/pytorch.rs.

    pip install torch==2.15.0 numpy==2.4.6 && python tests/reference/make_fixtures.py

writes pytorch.json, and for tests/models.rs models.json, beside this file. Nothing here is shared with the Rust code: the data are drawn by numpy,
the gradients come from torch.autograd, the optimiser is torch.optim.AdamW.

n features, m hidden dimensions, T examples; x' = ReLU(W^T W x + b), or as the other models have it. Inputs (values, w, b) are rounded to
float32, so both sides start from the same numbers, whichever precision they then use.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch

# (m, n, T, S): small enough to read, with n off the multiples of 16 and T off the multiples of 4.
CASES = [
    (1, 40, 7, 0.9),
    (2, 40, 7, 0.9),
    (3, 53, 9, 0.9),
    (8, 40, 7, 0.9),
    (2, 200, 33, 0.97),
]
PEAK_RATE, BETAS = 1e-3, (0.9, 0.999)
STEPS = 20
# (length of the schedule, weight decay, eps): only its first STEPS steps are taken. The last has an eps as large as
# gradients and a decay that matters within STEPS, so that f32 can't miss where either enters.
RUNS = [(20, 1e-2, 1e-8), (400, 1e-2, 1e-8), (400, 1.0, 1e-3)]


def rate(k, total):
    """Linear warm-up over the first 5 % of the steps, then a cosine to zero; k counts from 0."""
    warm_up = max(1, round(0.05 * total))
    if k < warm_up:
        return PEAK_RATE * (k + 1) / warm_up
    return PEAK_RATE * (1 + math.cos(math.pi * (k - warm_up) / (total - warm_up))) / 2


def examples(rng, n, count, sparsity):
    """Sparse, non-negative, of unit length; (count, n), exactly representable in float32."""
    x = np.zeros((count, n))
    for row in x:
        while not row.any():
            row[:] = np.where(rng.random(n) < sparsity, 0.0, rng.random(n))
        row /= np.linalg.norm(row)
    return x.astype(np.float32).astype(np.float64)


def reported_loss(w, b, x):
    """Summed over features, averaged over examples."""
    hidden = x @ w.T
    return ((torch.relu(hidden @ w + b) - x) ** 2).sum(dim=1).mean()


def training_loss(w, b, x, reduction):
    loss = reported_loss(w, b, x)
    return loss / x.shape[1] if reduction == "mean" else loss


def parameters(w, b):
    w, b = torch.tensor(w), torch.tensor(b)
    return w.requires_grad_(), b.requires_grad_()


def after_adamw(w, b, x, reduction, total, weight_decay, eps):
    w, b = parameters(w, b)
    optimizer = torch.optim.AdamW([w, b], lr=PEAK_RATE, betas=BETAS, eps=eps, weight_decay=weight_decay)
    for k in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(k, total)
        optimizer.zero_grad()
        training_loss(w, b, x, reduction).backward()
        optimizer.step()
    return {
        "total": total,
        "weight_decay": weight_decay,
        "eps": eps,
        "rates": [rate(k, total) for k in range(STEPS)],
        "loss": reported_loss(w, b, x).item(),
        "w": w.tolist(),
        "b": b.tolist(),
    }


def reduced(w0, b0, x, reduction):
    w, b = parameters(w0, b0)
    loss = training_loss(w, b, x, reduction)
    loss.backward()
    return {
        "reduction": reduction,
        "training_loss": loss.item(),
        "dw": w.grad.tolist(),
        "db": b.grad.tolist(),
        "adamw": [after_adamw(w0, b0, x, reduction, *run) for run in RUNS],
    }


def case(rng, m, n, count, sparsity):
    x = examples(rng, n, count, sparsity)
    # Wider than Xavier's initialisation, so that hidden vectors, outputs and losses are of order one.
    w = (rng.standard_normal((m, n)) * math.sqrt(2 / (n + m)) * (3 / math.sqrt(m))).astype(np.float32)
    b = (rng.standard_normal(n) * 0.1).astype(np.float32)
    w, b, tensor = w.astype(np.float64), b.astype(np.float64), torch.tensor(x)
    return {
        "m": m,
        "n": n,
        "t": count,
        "indices": [np.flatnonzero(row).tolist() for row in x],
        "values": [row[np.flatnonzero(row)].tolist() for row in x],
        "w": w.tolist(),
        "b": b.tolist(),
        "loss": reported_loss(*parameters(w, b), tensor).item(),
        "reductions": [reduced(w, b, tensor, reduction) for reduction in ("mean", "sum")],
    }


# Of the other models, what differs from the paper's: each option alone, then several together. (m, n, T, S) and the run.
OPTIONS = [
    {"untied": True},
    {"hidden_relu": True},
    {"loss": "l1"},
    {"loss": "l4"},
    {"loss": "cross-entropy"},
    {"importance": 0.05},
    {"unit_length": False},
    {"untied": True, "hidden_relu": True},
    {"untied": True, "loss": "l4", "importance": 0.05, "reduction": "sum"},
    {"hidden_relu": True, "loss": "cross-entropy", "importance": 0.05, "unit_length": False},
    {"untied": True, "hidden_relu": True, "loss": "cross-entropy", "reduction": "sum"},
    {"untied": True, "hidden_relu": True, "loss": "l1", "importance": 0.05, "unit_length": False},
]
PAPERS = {"untied": False, "hidden_relu": False, "loss": "l2", "importance": 1.0, "unit_length": True, "reduction": "mean"}
MODEL_SIZES = (3, 21, 6, 0.8)
MODEL_RUN = (400, 1.0, 1e-3)


def model_loss(matrices, b, x, options):
    """Summed over features, averaged over examples."""
    n = x.shape[1]
    hidden = x @ matrices[0].T
    if options["hidden_relu"]:
        hidden = torch.relu(hidden)
    z = hidden @ matrices[-1] + b
    importance = torch.tensor([options["importance"] ** (i / (n - 1)) for i in range(n)])
    if options["loss"] == "cross-entropy":
        terms = -(x / x.sum(dim=1, keepdim=True)) * torch.log_softmax(z, dim=1)
    else:
        terms = (torch.relu(z) - x).abs() ** {"l1": 1, "l2": 2, "l4": 4}[options["loss"]]
    return (importance * terms).sum(dim=1).mean()


def model_case(rng, changed):
    options = {**PAPERS, **changed}
    m, n, count, sparsity = MODEL_SIZES
    total, weight_decay, eps = MODEL_RUN
    x = examples(rng, n, count, sparsity)
    if not options["unit_length"]:
        x = np.where(x > 0, rng.random(x.shape), 0.0).astype(np.float32).astype(np.float64)
    draw = lambda *shape: (rng.standard_normal(shape) * 0.5).astype(np.float32).astype(np.float64)
    matrices = [torch.tensor(draw(m, n)).requires_grad_() for _ in range(2 if options["untied"] else 1)]
    b = torch.tensor(0.2 * draw(n)).to(torch.float32).to(torch.float64).requires_grad_()
    data = torch.tensor(x)
    parameters = [*matrices, b]
    flat = lambda tensors: torch.cat([tensor.detach().flatten() for tensor in tensors]).tolist()

    def training():
        loss = model_loss(matrices, b, data, options)
        return loss / n if options["reduction"] == "mean" else loss

    training().backward()
    case = {
        "m": m,
        **options,
        "indices": [np.flatnonzero(row).tolist() for row in x],
        "values": [row[np.flatnonzero(row)].tolist() for row in x],
        "params": flat(parameters),
        "reported_loss": model_loss(matrices, b, data, options).item(),
        "gradient": flat([tensor.grad for tensor in parameters]),
    }
    optimizer = torch.optim.AdamW(parameters, lr=PEAK_RATE, betas=BETAS, eps=eps, weight_decay=weight_decay)
    for k in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate(k, total)
        optimizer.zero_grad()
        training().backward()
        optimizer.step()
    return {**case, "after": flat(parameters)}


def models():
    torch.set_default_dtype(torch.float64)
    rng = np.random.default_rng(2)
    total, weight_decay, eps = MODEL_RUN
    return {
        "made_by": "tests/reference/make_fixtures.py",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "lr": PEAK_RATE,
        "betas": BETAS,
        "eps": eps,
        "weight_decay": weight_decay,
        "total": total,
        "steps": STEPS,
        "cases": [model_case(rng, options) for options in OPTIONS],
    }


def write(name, fixture):
    path = Path(__file__).with_name(name)
    path.write_text(json.dumps(fixture, separators=(",", ":")).replace('{"m"', '\n{"m"') + "\n")
    print(f"{path}: {path.stat().st_size // 1024} KB")


def main():
    rng = np.random.default_rng(1)
    fixture = {
        "made_by": "tests/reference/make_fixtures.py",
        "torch": torch.__version__,
        "numpy": np.__version__,
        "lr": PEAK_RATE,
        "betas": BETAS,
        "steps": STEPS,
        "cases": [case(rng, *shape) for shape in CASES],
    }
    write("pytorch.json", fixture)
    write("models.json", models())


if __name__ == "__main__":
    main()
