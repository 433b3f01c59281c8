"""Regularised canonical correlation analysis by SciPy's generalised eigenvalue problem, which shares no step with ours,
and latent directions by NumPy's singular value decomposition. Run: /usr/bin/python3 make_fixture.py"""
import json
import pathlib

import numpy as np
import scipy.linalg

random = np.random.RandomState(3)
n, p, q, regularisation = 40, 5, 4, 0.7
shared = random.randn(n, 2)
music = shared @ random.randn(2, p) + 0.5 * random.randn(n, p)
text = shared @ random.randn(2, q) + 0.5 * random.randn(n, q)
music -= music.mean(0)
text -= text.mean(0)
a, b, c = music.T @ music / n, text.T @ text / n, music.T @ text / n
a += regularisation * np.trace(a) / p * np.eye(p)
b += regularisation * np.trace(b) / q * np.eye(q)
# c b^-1 c' w = rho^2 a w
squares, directions = scipy.linalg.eigh(c @ np.linalg.solve(b, c.T), a)
order = np.argsort(-squares)[:q]
rho = np.sqrt(squares[order])
directions = directions[:, order] * np.sqrt(rho)  # scaled so that w' a w = rho
bags = np.abs(random.randn(6, 9)) * (random.rand(6, 9) < 0.5)
latent = np.linalg.svd(bags, full_matrices=False)[2][:3]
out = {
    "music": music.tolist(), "text": text.tolist(), "regularisation": regularisation,
    "correlations": rho.tolist(), "music_directions": directions.T.tolist(),
    "cosines": [], "bags": bags.tolist(), "latent": latent.tolist(),
}
text_directions = np.linalg.solve(b, c.T) @ directions / rho
x, y = music @ directions, text @ text_directions
cosine = (x / np.linalg.norm(x, axis=1, keepdims=True)) @ (y / np.linalg.norm(y, axis=1, keepdims=True)).T
out["cosines"] = cosine[:3].tolist()
pathlib.Path(__file__).with_name("fixture.json").write_text(json.dumps(out) + "\n")
