#!/usr/bin/python3
"""Writes fixture.json: parameters after steps of torch.optim's AdamW and Adam (l2), torch 1.13.

    /usr/bin/python3 tests/oracle/nn/make_fixture.py

The loss is sum((x @ weight.T + bias - y) ** 2) over one fixed batch; its gradient is clipped with
torch.nn.utils.clip_grad_norm_ where a case says so. Numbers are rounded to four digits, so that the text
holds them exactly and stays small.
"""
import json
import pathlib

import torch

torch.manual_seed(20240117)
STEPS = 12


def rounded(*shape):
    return torch.round(torch.randn(*shape) * 1e4) / 1e4


X, Y, WEIGHT, BIAS = rounded(6, 3), rounded(6, 2), rounded(2, 3), rounded(2)


def case(**config):
    weight, bias = (torch.nn.Parameter(t.clone()) for t in (WEIGHT, BIAS))
    betas = (config["beta1"], config["beta2"])
    common = {"lr": config["learning_rate"], "betas": betas, "eps": config["epsilon"]}
    if config["l2"] > 0:
        optimiser = torch.optim.Adam([weight, bias], weight_decay=config["l2"], **common)
    else:
        decays = [{"params": [weight], "weight_decay": config["weight_decay"]},
                  {"params": [bias], "weight_decay": 0.0}]
        optimiser = torch.optim.AdamW(decays, **common)
    path = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        ((X @ weight.T + bias - Y) ** 2).sum().backward()
        if config["clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_([weight, bias], config["clip_norm"])
        optimiser.step()
        path.append(torch.cat([weight.detach().flatten(), bias.detach()]).tolist())
    return {**config, "path": path}


DEFAULTS = {"learning_rate": 0.05, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0,
            "l2": 0.0, "clip_norm": 0.0}
CASES = [{}, {"weight_decay": 0.3}, {"l2": 0.3}, {"beta1": 0.7, "beta2": 0.95, "epsilon": 1e-2},
         {"weight_decay": 0.1, "clip_norm": 2.0, "epsilon": 0.1}]
fixture = {"torch": torch.__version__, "x": X.tolist(), "y": Y.tolist(), "weight": WEIGHT.tolist(),
           "bias": BIAS.tolist(), "cases": [case(**{**DEFAULTS, **c}) for c in CASES]}
pathlib.Path(__file__).with_name("fixture.json").write_text(json.dumps(fixture, indent=1) + "\n")
