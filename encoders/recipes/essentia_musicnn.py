"""MusiCNN of Essentia's models, frames of 200 (Alonso-Jimenez et al., ICASSP 2020). Argument: msd-musicnn-1.pb."""
import sys

import essentia.standard
import musicrep


class MusiCnn:
    sample_rate_hz = 16000

    def __init__(self):
        self.predict = essentia.standard.TensorflowPredictMusiCNN(graphFilename=sys.argv[1], output="model/dense/BiasAdd")

    def __call__(self, audio):
        return self.predict(audio)


musicrep.serve(MusiCnn)
