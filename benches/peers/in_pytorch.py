"""What does a step take in PyTorch, eager, on all cores? `python in_pytorch.py PROBLEM.json`"""

import torch
from torch.nn.functional import mse_loss

from problem import main, measure


def peer(problem):
    x, w, b = (torch.from_numpy(array) for array in (problem.x, problem.w, problem.b))
    w.requires_grad_()
    b.requires_grad_()
    optimizer = torch.optim.AdamW(
        [w, b], lr=problem.lr, betas=problem.betas, eps=problem.eps, weight_decay=problem.weight_decay, fused=True
    )

    def training_loss():
        return mse_loss(torch.addmm(b, x @ w.T, w).relu_(), x)

    def step(k):
        for group in optimizer.param_groups:
            group["lr"] = problem.rate(k)
        optimizer.zero_grad()
        training_loss().backward()
        optimizer.step()

    def loss():
        with torch.no_grad():
            return training_loss().item() * problem.n

    measure(problem, step, loss, f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads")


main(peer)
