"""Maximal data dimensionality D* by numpy's singular value decomposition, for tests/dstar.rs.

    pip install numpy==2.4.6 && python tests/reference/make_dstar_fixtures.py

writes dstar.json beside this file. D* of row i of H is the squared length of row i of an orthonormal basis of H's
column space, so no Gram matrix and no inverse occurs here. Columns are scaled to length one before, which leaves the space
as it is, and singular values below 1e-5 (the root of the cut-off in Rust) of the largest do not count.
"""

import json
from pathlib import Path

import numpy as np

CUT_OFF = 1e-5


def d_star(rows):
    length = np.linalg.norm(rows, axis=0)
    rows = rows[:, length > 0] / length[length > 0]
    u, s, _ = np.linalg.svd(rows, full_matrices=False)
    return (u[:, s > CUT_OFF * s[0]] ** 2).sum(axis=1)


def hidden(rng, count, m):
    """As of a layer of ReLUs: biases of its own for each unit, so that some are rarely awake."""
    bias = rng.normal(-0.5, 0.7, m)
    return np.maximum(rng.normal(size=(count, m)) + bias, 0)


def cases(rng):
    yield "more rows than units", hidden(rng, 120, 12)
    yield "more units than rows", hidden(rng, 20, 33)
    dead = hidden(rng, 60, 18)
    dead[:, [0, 7, 17]] = 0
    dead[:, 5] = dead[:, 3] + 2 * dead[:, 4]
    dead[40:43] = dead[39]
    yield "dead and dependent units, repeated rows", dead
    near = hidden(rng, 80, 10)
    near[:, 9] = near[:, 8] * (1 + 1e-3 * rng.normal(size=80))
    yield "two units alike up to a thousandth", near
    scales = hidden(rng, 70, 9) * 10.0 ** np.arange(-8, 1)
    yield "units of eight orders of magnitude", scales


def main():
    rng = np.random.default_rng(7)
    fixture = {"made_by": "tests/reference/make_dstar_fixtures.py", "numpy": np.__version__, "cases": []}
    for name, rows in cases(rng):
        # Both sides start from the same numbers of float32.
        rows = rows.astype(np.float32)
        fixture["cases"].append(
            {"name": name, "rows": rows.astype(np.float64).tolist(), "d_star": d_star(rows.astype(np.float64)).tolist()}
        )
    path = Path(__file__).with_name("dstar.json")
    path.write_text(json.dumps(fixture, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
    print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
