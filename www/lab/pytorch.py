"""A run of the toy model of "Superposition, Memorization, and Double Descent" in PyTorch.

    pip install torch numpy && python run.py

starts from the same training examples and the same initial weights as the page that wrote this file, and trains with the
same optimiser and schedule. Data and weights are drawn here by the page's own generator (ChaCha with 8 rounds) and
compared with the page's checksums. From there on both round in different orders, so losses agree to some digits,
and less and less as a run goes on.

n features, m hidden dimensions, T examples. x' = ReLU(W^T W x + b); W is (m, n), b is (n), X is (T, n). Of other models the
hidden layer may have a ReLU, the output a matrix W_up (m, n) of its own, and the loss another form or features that count less.
Losses are summed over features and averaged over examples, whatever reduction training uses.
"""

import argparse
import json
import math
import zlib

import numpy as np
import torch

# --- written by the page ---
CONFIG = json.loads("""{}""")
# CRC-32 of the float32 bytes of the initial W, and of the values of the training examples (of the first batch if T is infinite).
EXPECTED = json.loads("""{}""")
# --- end ---

TRAIN, TEST, WEIGHTS, NUDGE = 1, 2, 3, 4  # streams of a seed


def chacha8(seed, stream, index, blocks):
    """Words of ChaCha8 with the key (seed, stream): (len(index), 16 * blocks), each row from the stream number index[i]."""
    index = np.asarray(index, np.uint64)[:, None]
    block = np.arange(blocks, dtype=np.uint64)[None, :]
    key = [seed, stream, 0, 0, 0, 0, 0, 0]
    constants = np.frombuffer(b"expand 32-byte k", "<u4")
    shape = np.broadcast_shapes(index.shape, block.shape)
    fill = lambda word: np.broadcast_to(np.asarray(word, np.uint32), shape).copy()
    counter = [block & 0xFFFFFFFF, block >> np.uint64(32), index & 0xFFFFFFFF, index >> np.uint64(32)]
    start = [fill(word) for word in (*constants, *key)] + [fill(word.astype(np.uint32)) for word in counter]
    x = [word.copy() for word in start]

    def quarter(a, b, c, d):
        for p, q, r, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[p] += x[q]
            x[r] ^= x[p]
            x[r] = (x[r] << np.uint32(bits)) | (x[r] >> np.uint32(32 - bits))

    for _ in range(4):
        for k in range(4):
            quarter(k, 4 + k, 8 + k, 12 + k)
        for k in range(4):
            quarter(k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4)
    words = np.stack([a + b for a, b in zip(x, start)], axis=-1)
    return words.reshape(shape[0], -1)


def uniform64(low, high):
    """A float64 in [0, 1) from two words."""
    return (((int(high) << 32) | int(low)) >> 11) * 2.0**-53


def draw(n, sparsity, unit_length, words):
    """One example as (features, float32 values), from an iterator of words; drawn again while it is zero everywhere."""
    log_s = math.log(sparsity) if sparsity > 0 else -math.inf
    while True:
        features, values, feature = [], [], 0.0
        while True:
            # The number of zeros before the next active feature is geometric.
            feature += math.floor(math.log(1.0 - uniform64(next(words), next(words))) / log_s)
            if feature >= n:
                break
            features.append(int(feature))
            values.append((int(next(words)) >> 8) * 2.0**-24)
            feature += 1
        square = sum(value * value for value in values)
        if square > 0:
            length = math.sqrt(square) if unit_length else 1.0
            return features, np.array([value / length for value in values], np.float32)


def examples(config, stream, first, count):
    """Sparse rows of X: those with indices first to first + count - 1 of a stream of the data seed."""
    n, sparsity, rows = config["n"], config["sparsity"], []
    active = n * (1 - sparsity)
    blocks = int(3 * (active + 6 * math.sqrt(active) + 4)) // 16 + 1
    batch = max(1, 2**20 // (16 * blocks))
    for start in range(first, first + count, batch):
        index = np.arange(start, min(start + batch, first + count))
        for i, row in zip(index, chacha8(config["data_seed"], stream, index, blocks)):

            def words(i=i, row=row):
                yield from row
                more = blocks
                while True:  # a row that needs more than nearly all others
                    more *= 2
                    yield from chacha8(config["data_seed"], stream, [i], more)[0][16 * more // 2 :]

            rows.append(draw(n, sparsity, config["unit_length"], words()))
    return rows


def training_examples(config, step=0):
    if config["t"] == "inf":
        return examples(config, TRAIN, step * config["batch"], config["batch"])
    copies = sum(repeat["times"] - 1 for repeat in config["repeats"])
    rows = examples(config, TRAIN, 0, config["t"] - copies)
    for repeat in config["repeats"]:
        rows += [rows[repeat["example"]]] * (repeat["times"] - 1)
    return rows


def normals(config, stream, count, deviation):
    """Normal numbers by Box-Muller from a stream of the init seed, in float32."""
    pairs = (count + 1) // 2
    words = chacha8(config["init_seed"], stream, [0], (4 * pairs + 15) // 16)[0][: 4 * pairs].reshape(pairs, 4).astype(np.uint64)
    u = (((words[:, 1] << np.uint64(32)) | words[:, 0]) >> np.uint64(11)) * 2.0**-53
    v = (((words[:, 3] << np.uint64(32)) | words[:, 2]) >> np.uint64(11)) * 2.0**-53
    radius = np.sqrt(-2.0 * np.log(1.0 - u)) * deviation
    normal = np.stack([radius * np.cos(math.tau * v), radius * np.sin(math.tau * v)], axis=1)
    return normal.ravel()[:count].astype(np.float32)


def initial_w(config):
    """Xavier normal, (m, n); with untied weights (2 m, n), W_up below W."""
    n, m = config["n"], config["m"]
    rows = 2 * m if config["untied"] else m
    return normals(config, WEIGHTS, rows * n, math.sqrt(2.0 / (n + m))).reshape(rows, n)


def dense(rows, n, dtype):
    x = np.zeros((len(rows), n), np.float32)
    for row, (features, values) in zip(x, rows):
        row[features] = values
    return torch.tensor(x, dtype=dtype)


def checked(name, array, note):
    """Says whether an array has the page's bits. Logarithms and cosines may differ in the last bit between machines."""
    if EXPECTED.get(name) is not None:
        same = zlib.crc32(np.ascontiguousarray(array, "<f4").tobytes()) == EXPECTED[name]
        print(f"{note}: {'the same bits as in the page' if same else 'NOT the same bits as in the page'}")
    return array


def loss_of(w, b, x):
    m, n = CONFIG["m"], CONFIG["n"]
    h = x @ w[:m].T
    if CONFIG["hidden_relu"]:
        h = torch.relu(h)
    z = h @ w[-m:] + b  # W_up, or W again
    importance = CONFIG["importance"] ** (torch.arange(n, dtype=x.dtype) / max(n - 1, 1))
    if CONFIG["loss"] == "cross-entropy":
        terms = -x / x.sum(dim=1, keepdim=True) * torch.log_softmax(z, dim=1)
    else:
        terms = (torch.relu(z) - x).abs() ** {"l1": 1, "l2": 2, "l4": 4}[CONFIG["loss"]]
    return (importance * terms).sum(dim=1).mean()


def rate(config, step):
    """Learning rate of the update number step + 1: linear warm-up over a share of the steps, then a cosine to zero."""
    steps = config["steps"]
    warm_up = max(1, math.floor(config["warm_up"] * steps + 0.5))
    if step < warm_up:
        return config["lr"] * (step + 1) / warm_up
    return config["lr"] * (1 + math.cos(math.pi * ((step - warm_up) / (steps - warm_up)))) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stop", type=int, help="stop after so many steps; the schedule stays that of the whole run")
    parser.add_argument("--dtype", choices=["float32", "float64"], default="float32")
    parser.add_argument("--csv", help="write the losses to this file")
    arguments = parser.parse_args()
    dtype, config = getattr(torch, arguments.dtype), CONFIG
    n = config["n"]

    rows = training_examples(config)
    checked("values", np.concatenate([values for _, values in rows]), "training examples")
    w = torch.tensor(checked("w", initial_w(config), "initial weights"), dtype=dtype).requires_grad_()
    b = torch.zeros(n, dtype=dtype).requires_grad_()
    x = dense(rows, n, dtype)
    test = dense(examples(config, TEST, 0, config["test_examples"]), n, dtype) if config["test_examples"] * n <= 2 * 10**8 else None

    optimizer = torch.optim.AdamW(
        [w, b], lr=config["lr"], betas=(config["beta1"], config["beta2"]), eps=config["eps"], weight_decay=config["weight_decay"]
    )
    history = []

    def record(step):
        with torch.no_grad():
            # In parts, so that not all outputs are in memory at once.
            held_out = math.nan if test is None else sum(loss_of(w, b, part).item() * len(part) for part in test.split(500)) / len(test)
            history.append((step, loss_of(w, b, x).item(), held_out))
        print("step %d: train loss %.7g, test loss %.7g" % history[-1], flush=True)

    last = min(config["steps"], arguments.stop or config["steps"])
    record(0)
    for step in range(last):
        nudge = config.get("nudge")
        if nudge and nudge["step"] == step:
            with torch.no_grad():
                b += torch.tensor(normals(config, NUDGE, n, nudge["size"]))
        for group in optimizer.param_groups:
            group["lr"] = rate(config, step)
        optimizer.zero_grad()
        loss = loss_of(w, b, x)
        (loss / n if config["reduction"] == "mean" else loss).backward()
        optimizer.step()
        if config["t"] == "inf":
            x = dense(training_examples(config, step + 1), n, dtype)
        done = step + 1
        if done == last or done == 1 or math.floor(8 * math.log10(done)) > math.floor(8 * math.log10(done - 1)):
            record(done)
    if arguments.csv:
        with open(arguments.csv, "w") as file:
            file.write("step,train_loss,test_loss\n" + "".join("%d,%r,%r\n" % row for row in history))


if __name__ == "__main__":
    main()
