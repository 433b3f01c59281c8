#!/usr/bin/python3
"""Writes other_probes.json: what scikit-learn's logistic regression, ridge regression, perceptron, and
one-against-rest classifiers of tags make of the items of fixture.json.

    /usr/bin/python3 tests/oracle/probe/make_other_probes_fixture.py
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

here = pathlib.Path(__file__).parent
items = json.loads((here / "fixture.json").read_text())
x, train, test = np.array(items["x"]), np.array(items["train"]), np.array(items["test"])
classes, values = np.array(items["classes"]), np.array(items["values"])
scaled = StandardScaler().fit(x[train]).transform(x)
# Tags: one of the classes, two of them, and large values.
tags = [(classes == 1).astype(int), (classes >= 2).astype(int), (values > np.quantile(values, 0.8)).astype(int)]


def logistic(c, y):
    model = LogisticRegression(C=c, tol=1e-9, max_iter=5000).fit(scaled[train], y[train])
    return model


def predictions():
    for name, y in (("classes", classes), ("tag 1", tags[1])):
        for c in (0.01, 1, 100):
            yield {"probe": "logistic", "target": name, "c": c, "predicted": logistic(c, y).predict(scaled[test])}
        for penalty in (0.1, 10, 1000):
            model = RidgeClassifier(alpha=penalty).fit(scaled[train], y[train])
            yield {"probe": "ridge", "target": name, "c": penalty, "predicted": model.predict(scaled[test])}
    for penalty in (0.1, 10, 1000):
        model = Ridge(alpha=penalty).fit(scaled[train], values[train])
        yield {"probe": "ridge", "target": "values", "c": penalty, "predicted": model.predict(scaled[test])}
        # More columns than items.
        few = train[:6]
        local = StandardScaler().fit(x[few]).transform(x)
        model = Ridge(alpha=penalty).fit(local[few], values[few])
        yield {"probe": "ridge", "target": "values", "c": penalty, "few": 6, "predicted": model.predict(local[test])}


def tag_decisions():
    for t, y in enumerate(tags):
        for c in (0.01, 1, 100):
            yield {"probe": "logistic", "tag": t, "c": c, "decision": logistic(c, y).decision_function(scaled[test])}
            model = RidgeClassifier(alpha=c).fit(scaled[train], y[train])
            yield {"probe": "ridge", "tag": t, "c": c, "decision": model.decision_function(scaled[test])}
        for c in (0.1, 1, 10):
            for kernel in ("linear", "rbf"):
                model = SVC(C=c, kernel=kernel, gamma="scale", tol=1e-4).fit(scaled[train], y[train])
                yield {"probe": "svm", "kernel": kernel, "tag": t, "c": c,
                       "decision": model.decision_function(scaled[test])}
        for k in (1, 4, 25, 110):
            model = KNeighborsClassifier(n_neighbors=k, algorithm="brute").fit(scaled[train], y[train])
            yield {"probe": "knn", "tag": t, "c": k, "decision": model.predict_proba(scaled[test])[:, 1]}


def perceptrons():
    """Training from given weights, the items in their own order."""
    rng = np.random.default_rng(7)
    d, hidden = x.shape[1], 5
    for name, y, n_outputs in (("binomial", tags[0], 1), ("tags", np.stack(tags, 1), 3),
                               ("multinomial", classes, 4), ("squared", values, 1)):
        weights = [rng.normal(size=shape).round(3) / 3 for shape in ((d, hidden), (hidden, n_outputs))]
        biases = [rng.normal(size=size).round(3) / 3 for size in (hidden, n_outputs)]
        for epochs in (1, 7, 400):
            make = MLPRegressor if name == "squared" else MLPClassifier
            model = make(hidden_layer_sizes=(hidden,), alpha=0.01, batch_size=32, shuffle=False, random_state=1,
                         max_iter=epochs, learning_rate_init=0.01, tol=1e-3)

            def initialise(target, layer_units, dtype, own=make._initialize, model=model):
                own(model, target, layer_units, dtype)
                model.coefs_ = [w.copy() for w in weights]
                model.intercepts_ = [b.copy() for b in biases]

            model._initialize = initialise
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(scaled[train], y[train])
            outputs = np.maximum(scaled[test] @ model.coefs_[0] + model.intercepts_[0], 0)
            outputs = outputs @ model.coefs_[1] + model.intercepts_[1]
            target = np.eye(4)[classes] if name == "multinomial" else y.reshape(len(y), -1)
            yield {"loss": "binomial" if name == "tags" else name, "hidden": weights[0], "output": weights[1],
                   "hidden_bias": biases[0], "output_bias": biases[1], "y": target, "max_epochs": epochs,
                   "epochs": model.n_iter_, "final_loss": model.loss_, "outputs": outputs}


def plain(case):
    return {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in case.items()}


out = {"scikit-learn": sklearn.__version__, "tags": [t.tolist() for t in tags],
       "predictions": [plain(c) for c in predictions()], "decisions": [plain(c) for c in tag_decisions()],
       "perceptrons": [plain(c) for c in perceptrons()]}
(here / "other_probes.json").write_text(json.dumps(out) + "\n")
