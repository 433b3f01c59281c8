#!/usr/bin/python3
"""Writes knn.json: predictions of scikit-learn's nearest neighbours on the items of fixture.json.

    /usr/bin/python3 tests/oracle/probe/make_knn_fixture.py
"""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

here = pathlib.Path(__file__).parent
items = json.loads((here / "fixture.json").read_text())
x, train, test = np.array(items["x"]), np.array(items["train"]), np.array(items["test"])
out = {"scikit-learn": sklearn.__version__, "cases": []}
for name, make, y in (("classes", KNeighborsClassifier, np.array(items["classes"])),
                      ("values", KNeighborsRegressor, np.array(items["values"]))):
    for standardise in (False, True):
        for k in (1, 2, 3, 5, 10, 25, 110):
            steps = [StandardScaler()] if standardise else []
            model = make_pipeline(*steps, make(n_neighbors=k, algorithm="brute")).fit(x[train], y[train])
            out["cases"].append({"target": name, "standardise": standardise, "k": k,
                                 "predicted": model.predict(x[test]).tolist()})
(here / "knn.json").write_text(json.dumps(out) + "\n")
