"""What does a step take in JAX, jitted, on all cores? `python in_jax.py PROBLEM.json`"""

from functools import partial

import jax
import jax.numpy as jnp

from problem import main, measure


def training_loss(params, x):
    w, b = params
    return jnp.mean((jax.nn.relu((x @ w.T) @ w + b) - x) ** 2)


def peer(problem):
    (beta1, beta2), eps, weight_decay = problem.betas, problem.eps, problem.weight_decay

    # What a step overwrites is donated, so that it needs no second copy.
    @partial(jax.jit, donate_argnums=0)
    def update(state, x, rate, correction1, correction2):
        def adamw(p, mean, square, d):
            mean = beta1 * mean + (1 - beta1) * d
            square = beta2 * square + (1 - beta2) * d * d
            p = p * (1 - rate * weight_decay)
            return p - rate * (mean / correction1) / (jnp.sqrt(square / correction2) + eps), mean, square

        params, means, squares = state
        gradient = jax.grad(training_loss)(params, x)
        return tuple(zip(*map(adamw, params, means, squares, gradient)))

    x = jax.device_put(problem.x)
    params = jnp.array(problem.w), jnp.array(problem.b)
    zeros = lambda: tuple(jnp.zeros_like(p) for p in params)
    state = params, zeros(), zeros()

    def step(k):
        nonlocal state
        # In Python's doubles, since 1 - beta2 has few digits left in float32.
        state = update(state, x, problem.rate(k), 1 - beta1 ** (k + 1), 1 - beta2 ** (k + 1))
        jax.block_until_ready(state)

    def loss():
        return jax.jit(training_loss)(state[0], x) * problem.n

    measure(problem, step, loss, f"JAX {jax.__version__}")


main(peer)
