"""On the features that Choi et al. published, their scores are reproduced, and those of an independent
re-run with scikit-learn, with the same hyper-parameters."""
import os
import pathlib
import sys
import unittest

import h5py

from program import SOURCE, ProgramTest

# encoder, protocol, target: score (and the inner score where another item set chose), parameters.
EXPECTED = {
    ("tlm", "choi2017", "genre"): (0.898, None, "rbf C=32 1/d"),
    ("tlm_layer5", "choi2017", "genre"): (0.788, None, "rbf C=8 2^-3"),
    ("mfcc", "choi2017", "genre"): (0.660, None, "rbf C=32 2^-13"),
    ("tlm", "choi2017-scaled", "genre"): (0.893, None, None),
    ("tlm_layer5", "choi2017-scaled", "genre"): (0.792, None, None),
    ("mfcc", "choi2017-scaled", "genre"): (0.670, None, None),
    ("tlm", "choi2017", "label_arousal"): (0.65005, None, None),
    ("tlm", "choi2017", "label_valence"): (0.45673, None, None),
    ("mfcc", "choi2017", "label_arousal"): (0.5511, None, None),
    ("mfcc", "choi2017", "label_valence"): (0.2669, None, None),
    ("tlm", "choi2017-scaled", "label_arousal"): (0.652, None, None),
    ("tlm", "choi2017-scaled", "label_valence"): (0.474, None, None),
    ("mfcc", "choi2017-scaled", "label_arousal"): (0.574, None, None),
    ("mfcc", "choi2017-scaled", "label_valence"): (0.275, None, None),
    ("tlm", "gtzan-fault-filtered", "genre"): (0.848, 0.746, "rbf C=32 2^-11"),
    ("tlm_layer5", "gtzan-fault-filtered", "genre"): (0.752, 0.670, "rbf C=2 2^-7"),
    ("mfcc", "gtzan-fault-filtered", "genre"): (0.517, 0.579, "rbf C=8 2^-9"),
    ("tlm", "gtzan-fault-filtered-raw", "genre"): (0.855, 0.746, "linear C=2"),
    ("tlm_layer5", "gtzan-fault-filtered-raw", "genre"): (0.734, 0.675, "linear C=0.1"),
    ("mfcc", "gtzan-fault-filtered-raw-rbf", "genre"): (0.524, 0.421, "rbf C=8 2^-13"),
}


class Published(ProgramTest):
    def test_scores_come_out(self):
        data = os.environ.get("MUSICREP_DATA", "")
        self.run_program("run", SOURCE / "experiments/choi2017.toml", "--data", data, "--out", "out")
        seen = {}
        with h5py.File(self.dir / "out/results.h5") as file:
            for row in file["rows"].values():
                for target in row["targets"].values():
                    chosen = {k: v[0] for k, v in target["selected"].items()}
                    kernel = chosen["kernel"].decode()
                    gamma = f" {chosen['gamma_rule'].decode()}" if kernel == "rbf" else ""
                    seen[row.attrs["encoder"], row.attrs["protocol"], target.attrs["name"]] = (
                        target.attrs["score"], target.attrs["inner_score"], f"{kernel} C={chosen['c']:g}{gamma}")
        for key, (score, inner, parameters) in EXPECTED.items():
            with self.subTest(key):
                self.assertAlmostEqual(seen[key][0], score, delta=0.0005)
                if inner is not None:
                    self.assertAlmostEqual(seen[key][1], inner, delta=0.0005)
                if parameters is not None:
                    self.assertEqual(seen[key][2], parameters)


if __name__ == "__main__":
    folder = pathlib.Path(os.environ.get("MUSICREP_DATA", "")) / "choi2017"
    if not os.environ.get("MUSICREP_DATA") or not folder.is_dir():
        print(f"SKIPPED: {folder} (set MUSICREP_DATA)")
        sys.exit(1 if os.environ.get("MUSICREP_REQUIRE_DATA") == "1" else 0)
    unittest.main()
