"""How long report.html takes to open in Chromium, without a window. Not a test.

    MUSICREP=build/release/musicrep PAGE_CASES=build/dev/tests/integration/browser/page_cases \
        /usr/bin/python3 tests/bench/report/open_bench.py [repeats]
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

MUSICREP = pathlib.Path(os.environ["MUSICREP"]).resolve()
PAGE_CASES = pathlib.Path(os.environ["PAGE_CASES"]).resolve()
REFERENCE = pathlib.Path(__file__).resolve().parents[3] / "results" / "reference"
REPEATS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
# Milliseconds from the start of the navigation until the page is parsed and all its blocks are drawn.
OPENED = "return performance.getEntriesByType('navigation')[0].loadEventEnd"


def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1300,1000"):
        options.add_argument(argument)
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def measure(name, results, folder, chromium):
    page = folder / f"{name}.html"
    began = time.monotonic()
    subprocess.run([MUSICREP, "report", results, "--format", "html", "--audio", "none", "--out", page], check=True)
    written = time.monotonic() - began
    loaded = []
    for _ in range(REPEATS + 1):  # the first fills the browser's caches
        chromium.get("about:blank")
        chromium.get(page.as_uri())
        loaded.append(chromium.execute_script(OPENED))
    loaded = loaded[1:]
    n_elements = chromium.execute_script("return document.querySelectorAll('*').length")
    print(f"{name}: {page.stat().st_size / 1e6:.2f} MB, {n_elements} elements; written in {written:.2f} s; opened in "
          f"{statistics.median(loaded) / 1000:.2f} s ({min(loaded) / 1000:.2f} to {max(loaded) / 1000:.2f}, {REPEATS} times)")


def main():
    chromium = browser()
    try:
        with tempfile.TemporaryDirectory(prefix="musicrep_open_") as name:
            folder = pathlib.Path(name)
            subprocess.run([PAGE_CASES, folder], check=True)
            measure("table1", REFERENCE / "table1" / "results.h5", folder, chromium)
            measure("100,000 predictions", folder / "many_predictions.h5", folder, chromium)
    finally:
        chromium.quit()


main()
