"""Clips of report.html in Chromium: a click in the confusion matrix leads to one that plays."""
import csv
import pathlib
import shutil
import time
import wave

import numpy

from page import Page, main
from program import TWO_FOLDS

try:
    from selenium.webdriver.common.by import By
except ImportError:
    pass  # main() says so


class Audio(Page):
    """A run of an experiment with audio: a click in the matrix, and the clip plays."""

    def setUp(self):
        super().setUp()
        (self.dir / "two.toml").write_text(TWO_FOLDS)
        (self.dir / "audio").mkdir()
        with open(self.dir / "items.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "file", "label", "artist"])
            for i in range(16):
                name = f"clip {i} ü#?.wav"
                self.write_wav(self.dir / "audio" / name, 300 + 40 * (i * 7 % 5), seed=i)
                writer.writerow([f"clip {i}", f"audio/{name}", "high" if i % 2 else "low", f"The Artist {i // 2}"])
        (self.dir / "e.toml").write_text("""
name = "tones"
[dataset.d]
kind = "table"
csv = "items.csv"
labels = ["label"]
group = "artist"
file = "file"
[task.t]
dataset = "d"
targets = ["label"]
[encoder.mfcc]
kind = "mfcc"
title = "Cepstra"
[[evaluate]]
tasks = ["t"]
encoders = ["mfcc"]
protocols = ["two.toml"]
""")

    def write_wav(self, path, tone_hz, seed):
        t = numpy.arange(22050) / 22050
        noise = numpy.random.RandomState(seed).randn(len(t))
        samples = (6000 * numpy.sin(2 * numpy.pi * tone_hz * t) + 600 * noise).astype("<i2")
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 22050, 0, "NONE", ""))
            file.writeframes(samples.tobytes())

    def first_clips(self):
        self.one("table.confusion button").click()
        return self.all(".block[data-block=confusion] .clips > li")

    def played_seconds(self, clip):
        audio = clip.find_element(By.TAG_NAME, "audio")
        self.browser.execute_script("arguments[0].play()", audio)
        for _ in range(100):
            played = self.browser.execute_script("return arguments[0].currentTime", audio)
            if played > 0:
                return played
            time.sleep(0.05)
        return 0

    def test_a_click_leads_to_a_clip_that_plays(self):
        self.run_program("run", "e.toml", "--out", "out")
        self.show(self.dir / "out" / "report.html")
        clip = self.first_clips()[0]
        self.assertIn("The Artist", clip.text)
        self.assertIn("Cepstra", clip.text)
        self.assertGreater(self.played_seconds(clip), 0)
        self.assert_quiet()

    def test_a_missing_file_is_said_by_the_player(self):
        self.run_program("run", "e.toml", "--out", "out")
        shutil.rmtree(self.dir / "audio")
        self.show(self.dir / "out" / "report.html")
        clip = self.first_clips()[0]
        self.browser.execute_script("arguments[0].play().catch(() => {})", clip.find_element(By.TAG_NAME, "audio"))
        for _ in range(100):
            if "not there" in clip.text:
                break
            time.sleep(0.05)
        self.assertIn("No sound: the audio file is not there", clip.text)

    def test_embedded_audio_and_spectrogram_need_no_file(self):
        self.run_program("run", "e.toml", "--out", "out", "--embed-audio", 16)
        shutil.rmtree(self.dir / "audio")
        (self.dir / "away").mkdir()
        page = shutil.move(self.dir / "out" / "report.html", self.dir / "away" / "report.html")
        self.show(pathlib.Path(page))
        clip = self.first_clips()[0]
        self.assertGreater(self.played_seconds(clip), 0)
        self.assertEqual(len(clip.find_elements(By.TAG_NAME, "canvas")), 1)
        self.assert_quiet()

    def test_report_finds_the_audio_again_or_says_why_not(self):
        self.run_program("run", "e.toml", "--out", "out")
        self.open(self.dir / "out")
        self.assertGreater(self.played_seconds(self.first_clips()[0]), 0)
        (self.dir / "items.csv").unlink()
        self.open(self.dir / "out")
        self.assertIn("No audio of 'd' here", self.first_clips()[0].text)
        self.open(self.dir / "out", "--audio", "none")
        self.assertIn("No audio is linked", self.first_clips()[0].text)

    def test_open_starts_the_browser_of_the_user(self):
        self.run_program("run", "e.toml", "--out", "out")
        browser = self.dir / "browser"
        browser.write_text('#!/bin/sh\necho "$1" > opened\n')
        browser.chmod(0o755)
        self.run_program("report", "out", "--open", env={"BROWSER": str(browser)})
        self.assertEqual((self.dir / "opened").read_text().strip(), str(self.dir / "out" / "report.html"))
        done = self.run_program("report", "out", "--open", env={"BROWSER": str(self.dir / "none")}, expect=2)
        self.assertIn("set BROWSER", done.stderr)
        done = self.run_program("report", "out", "out", "--open", expect=2)
        self.assertIn("needs --out", done.stderr)
        done = self.run_program("report", "out", "out", "--format", "latex", expect=2)
        self.assertIn("--format html", done.stderr)

    def test_several_runs_are_one_page(self):
        self.run_program("run", "e.toml", "--out", "first")
        text = (self.dir / "items.csv").read_text()
        (self.dir / "items.csv").write_text(text.replace(",low,", ",dull,"))
        self.run_program("run", "e.toml", "--out", "second")
        page = self.dir / "both.html"
        self.run_program("report", "first", "first", "second", "--out", page)
        self.show(page)
        self.assertEqual(len(self.shown_rows()), 2)
        self.assertIn("other items, labels or artists", self.one("main").text)
        self.assertIn("first, first", self.shown_rows()[0].text)
        self.assert_quiet()


if __name__ == "__main__":
    main()
