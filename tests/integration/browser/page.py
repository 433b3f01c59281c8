"""What the tests of report.html in Chromium share."""
import json
import pathlib
import shutil
import sys
import unittest

from program import ProgramTest

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
except ImportError:
    webdriver = None


def start_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--window-size=1300,1000", "--autoplay-policy=no-user-gesture-required"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    driver.set_script_timeout(300)  # axe-core on a busy machine
    return driver


class Page(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.browser = start_browser()
        cls.addClassCleanup(cls.browser.quit)

    def open(self, results, *options):
        """The page of a results file in the browser."""
        page = self.dir / "report.html"
        self.run_program("report", results, "--format", "html", "--out", page, *options)
        self.show(page)

    def show(self, page):
        self.logs()
        self.browser.get(page.as_uri())

    def logs(self):
        """What the browser complained of, and every address that it asked for."""
        asked = []
        for entry in self.browser.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return [entry["message"] for entry in self.browser.get_log("browser")], asked

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def open_details(self, name, by_key=False):
        """Opens the <details> whose summary begins with a name; its content is drawn by a later event."""
        summary = next(s for s in self.all("summary") if s.text.startswith(name))
        summary.send_keys(Keys.ENTER) if by_key else summary.click()
        block = summary.find_element(By.XPATH, "..")
        WebDriverWait(self.browser, 60).until(lambda _: block.find_elements(By.XPATH, "./*[2]"))

    def shown_rows(self):
        return [row for row in self.all("table.scores tr[data-row]") if row.is_displayed()]

    def tip(self):
        box = self.one("#tip")
        return box.text if box.is_displayed() else ""

    def assert_quiet(self):
        complaints, asked = self.logs()
        self.assertEqual(complaints, [])
        for address in asked:
            self.assertTrue(address.startswith(("file://", "data:")), address)


def main():
    """unittest.main(), where what it needs is installed."""
    missing = [name for name, found in (("chromium", CHROMIUM), ("chromium-driver", DRIVER),
                                        ("python3-selenium", webdriver)) if not found]
    if missing:
        print(f"SKIPPED: {', '.join(missing)} not installed")
        sys.exit(0)
    unittest.main()
