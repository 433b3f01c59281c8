"""Writes fixture.json: what resampy 0.2 makes of noise, at full scale up to half the sample rate."""
import json
import pathlib

from resampy_literal import resample
from signals import noise

CASES = [  # rates, input samples, first and last output sample that are kept
    (22050, 12000, 1500, 0, None),
    (44100, 12000, 1500, 0, None),
    (48000, 12000, 1500, 0, None),
    (8000, 12000, 500, 0, None),
    (44100, 16000, 1500, 0, None),
    (44099, 16000, 1500, 0, None),  # more phases than are worth keeping
    (192000, 8000, 6000, 0, None),
    (12000, 22050, 300, 0, None),
    (22050, 12000, 1, 0, None),  # gives no samples
    (22050, 12000, 100, 0, None),  # shorter than the filter
    # 29 s: the sum of 348,000 steps has gone astray by now
    (22050, 12000, 639450, 347700, 348000),
    (44100, 12000, 1278900, 347700, 348000),
]
cases = []
for rate_from, rate_to, n, first, last in CASES:
    values, n_out = resample(noise(n), rate_from, rate_to, first, last)
    cases.append(dict(rate_from=rate_from, rate_to=rate_to, n=n, n_out=n_out, first=first,
                      values=[float(f"{v:.9g}") for v in values]))
(pathlib.Path(__file__).parent / "fixture.json").write_text(json.dumps(cases) + "\n")
