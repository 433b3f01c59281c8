"""report.html in Chromium: what a reader does with mouse and keyboard, and results that are hard to show."""
import os
import pathlib
import shutil
import subprocess
import time
import unittest

import h5py

from page import Page, main
from program import SOURCE

try:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import Select
except ImportError:
    pass  # main() says so

REFERENCE = SOURCE / "results" / "reference"
# axe-core's axe.min.js, where there is one; it is no Debian package.
AXE = os.environ.get("MUSICREP_AXE")


class References(Page):
    def test_size_time_network_and_console(self):
        for name in ("table1", "audioset-music", "choi2017", "albums-retrieval", "smoke"):
            with self.subTest(name):
                self.open(REFERENCE / name / "results.h5", "--audio", "none")
                size = (self.dir / "report.html").stat().st_size
                self.assertLess(size, 3e6)
                self.assertEqual(self.all("p.failed"), [])
                self.assert_quiet()

    def test_sort_and_filter(self):
        self.open(REFERENCE / "table1" / "results.h5", "--audio", "none")
        n_rows = len(self.shown_rows())
        self.assertGreater(n_rows, 7)
        score = next(b for b in self.all("table.scores th button") if b.text.startswith("Score"))
        score.click()
        values = [float(row.find_elements(By.TAG_NAME, "td")[3].text) for row in self.shown_rows()]
        self.assertEqual(values, sorted(values, reverse=True))
        score.click()
        values = [float(row.find_elements(By.TAG_NAME, "td")[3].text) for row in self.shown_rows()]
        self.assertEqual(values, sorted(values))
        selects = self.all(".block[data-block=scores] select")
        Select(selects[0]).select_by_visible_text("mood")
        Select(selects[1]).select_by_visible_text("nested")
        self.assertEqual(len(self.shown_rows()), 7)
        self.assertEqual(len(self.all(".block[data-block=scores] svg.plot")), 1)
        self.one(".block[data-block=scores] input").send_keys("vgg")
        self.assertEqual([row.find_elements(By.TAG_NAME, "td")[2].text for row in self.shown_rows()], ["VGGish"])
        self.assertIn(f"1 of {n_rows} rows", self.one("p[role=status]").text)
        # Tables that were Markdown can be sorted, too.
        head = next(b for b in self.all("table.sortable th button") if b.text.startswith("Difference"))
        head.click()
        cells = [row.find_elements(By.TAG_NAME, "td")[2].text for row in head.find_elements(By.XPATH, "ancestor::table/tbody/tr")]
        self.assertEqual([float(c) for c in cells], sorted((float(c) for c in cells), reverse=True))

    def test_hover_tells_what_a_score_is_based_on(self):
        self.open(REFERENCE / "choi2017" / "results.h5", "--audio", "none")
        cell = self.all("table.scores tr[data-row]")[1].find_elements(By.TAG_NAME, "td")[3]
        ActionChains(self.browser).scroll_to_element(cell).move_to_element(cell).perform()
        text = self.tip()
        for part in ("TLM, layer 5 on genre under choi2017", "95 % interval [0.744, 0.826]", "1000 items",
                     "1 training", "from tlm, p", "best constant prediction (0.100)", "Data set gtzan",
                     "Published 0.788"):
            self.assertIn(part, text)
        point = self.one(".block[data-block=scores] svg.plot g[role=img]")
        ActionChains(self.browser).scroll_to_element(point).move_to_element(point).perform()
        self.assertIn("accuracy", self.tip())

    def test_keyboard_alone(self):
        self.open(REFERENCE / "table1" / "results.h5", "--audio", "none")
        body = self.one("body")
        body.send_keys(Keys.TAB)
        self.assertEqual(self.browser.switch_to.active_element.text, "Skip to the results")
        seen = set()
        for _ in range(400):
            active = self.browser.switch_to.active_element
            if active.tag_name == "td":
                seen.add("score")
                self.assertIn("95 % interval", self.tip())
                active.send_keys(Keys.ESCAPE)
                self.assertEqual(self.tip(), "")
                break
            seen.add(active.tag_name)
            active.send_keys(Keys.TAB)
        self.assertLessEqual({"score", "a", "select", "input", "button", "g"}, seen)
        button = self.all("table.confusion button")[1]
        count = int(button.text)
        button.send_keys(Keys.ENTER)
        self.assertEqual(button.get_attribute("aria-pressed"), "true")
        # A clip that was mistaken in several trainings is listed once.
        self.assertIn(len(self.all(".block[data-block=confusion] .clips > li")), range(1, count + 1))
        self.open_details("Every pair", by_key=True)
        self.assertGreater(len(self.all(".block[data-block=differences] table.matrix")), 1)

    def test_differences_in_retrieval(self):
        self.open(REFERENCE / "albums-retrieval" / "results.h5", "--audio", "none")
        self.open_details("Every pair in retrieval")
        self.assertIn("text to music, R@10", self.one("main").text)
        self.assertIn("not which clips came before it", self.one(".block[data-block=ranks]").text)
        self.assertTrue(any(s.text.startswith("Notes on encoders") for s in self.all("summary")))
        self.assert_quiet()

    def test_dark_and_light(self):
        def paper():
            return self.browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.open(REFERENCE / "smoke" / "results.h5", "--audio", "none")
        self.assertEqual(paper(), "rgb(255, 255, 255)")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                                     {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        self.assertEqual(paper(), "rgb(13, 17, 23)")
        button = self.one("#theme")
        button.click()
        self.assertIn("light", button.text)
        self.assertEqual(paper(), "rgb(255, 255, 255)")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        button.click()
        self.assertEqual(paper(), "rgb(13, 17, 23)")

    @unittest.skipUnless(AXE, "MUSICREP_AXE does not name axe-core's axe.min.js")
    def test_no_serious_fault_of_accessibility(self):
        for name in ("table1", "choi2017", "albums-retrieval", "musiccaps"):
            for dark in (False, True):
                with self.subTest(name, dark=dark):
                    self.open(REFERENCE / name / "results.h5", "--audio", "none")
                    if dark:
                        self.browser.execute_script("document.documentElement.dataset.theme = 'dark'")
                    button = self.all("table.confusion button")
                    if button:
                        button[1].click()
                    self.browser.execute_script("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
                    self.browser.execute_script(pathlib.Path(AXE).read_text())
                    found = self.browser.execute_async_script(
                        "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then((r) => done(r.violations))")
                    serious = [(v["id"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found
                               if v["impact"] in ("serious", "critical")]
                    self.assertEqual(serious, [])


class Cases(Page):
    def open_case(self, name):
        subprocess.run([os.environ["MUSICREP_PAGE_CASES"], self.dir], check=True)
        self.open(self.dir / f"{name}.h5", "--audio", "none")

    def test_nearest_in_retrieval(self):
        self.open_case("retrievals")
        block = ".block[data-block=ranks]"
        self.assertIn("lists of the first one", self.one(block).text)
        # The best first: text 3, whose own music comes third, is the last of eight.
        items = self.all(block + " .clips > li")
        self.assertEqual(len(items), 8)
        lists = self.all(block + " ol.nearest")
        opened = self.browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map((list) => { list.parentElement.open = true;"
            " return [...list.children].map((item) => item.firstElementChild.textContent); })", block + " ol.nearest")
        self.assertEqual(opened[0], ["clip 0 (its own)", "clip 1", "clip 2", "clip 3", "clip 4"])
        self.assertEqual(opened[7], ["clip 1", "clip 2", "clip 3 (its own)", "clip 4", "clip 5"])
        self.assertEqual(len(lists), 8)
        self.assert_quiet()

    def test_a_hundred_thousand_predictions(self):
        self.open_case("many_predictions")
        self.all("table.confusion button")[1].click()
        self.assertEqual(len(self.all(".clips > li")), 20)
        more = next(b for b in self.all("button") if b.text.startswith("Show more"))
        more.click()
        self.assertEqual(len(self.all(".clips > li")), 40)
        self.assert_quiet()

    def test_hostile_texts_are_inert(self):
        self.open_case("hostile")
        for button in self.all("table.confusion button")[:3]:
            button.click()
        for notes in self.all("table.scores button.small"):
            notes.click()
        ActionChains(self.browser).move_to_element(self.one("table.scores td[tabindex]")).perform()
        time.sleep(0.2)
        self.assertIsNone(self.browser.execute_script("return window.hacked === undefined ? null : 1"))
        self.assertEqual(self.all("img"), [])
        self.assertIn("</script><img src=x onerror=", self.one("h1").text)
        self.assertIn("</script><img", self.one(".clips").text)
        self.assertIn("音楽", self.one("table.confusion").text)
        self.assert_quiet()

    def test_sixty_encoders(self):
        self.open_case("many_encoders")
        self.assertEqual(len(self.shown_rows()), 60)
        self.open_details("Every pair")
        self.assertEqual(len(self.all("table.matrix:not(.confusion) tbody tr")), 60)
        keys = {path.get_attribute("d") + path.get_attribute("fill") + path.get_attribute("stroke")
                for path in self.all("table.scores .key path")}
        self.assertEqual(len(keys), 60)
        self.assert_quiet()

    def test_results_of_an_older_schema(self):
        old = self.dir / "old.h5"
        data = (REFERENCE / "choi2017" / "results.h5").read_bytes()
        old.write_bytes(data[:data.rindex(b"\nmusicrep-sha256:")])
        with h5py.File(old, "r+") as file:
            file.attrs["schema_version"] = 3
            del file["provenance"].attrs["statistics_version"]
            del file["letters"]
        self.open(old, "--audio", "none")
        self.assertIn("its statistics follow version 1 of the rules", self.one("header").text)
        self.assertIn("musicrep restate", self.one("header").text)
        self.assertEqual(len(self.shown_rows()), 32)
        self.assertEqual(self.all("p.failed"), [])
        self.assert_quiet()
        shutil.copy(old, self.dir / "older.h5")
        self.run_program("report", old, REFERENCE / "choi2017" / "results.h5", "--out", self.dir / "both.html")
        self.show(self.dir / "both.html")
        self.assertIn("its statistics follow version 1 of the rules", self.one("main").text)
        self.assert_quiet()
        with h5py.File(self.dir / "older.h5", "r+") as file:
            file.attrs["schema_version"] = 2
        done = self.run_program("report", self.dir / "older.h5", "--format", "html", "--out", self.dir / "no.html", expect=3)
        self.assertIn("has schema version 2; this program reads versions 3 to 4. Run its experiment again.", done.stderr)
        self.assertFalse((self.dir / "no.html").exists())

    def test_what_trainings_learned(self):
        self.open_case("trainings")
        text = self.one("main").text
        self.assertIn("What the trainings learned", text)
        table = next(t for t in self.all("table.sortable") if "Loss of base rates" in t.text)
        self.assertIn("not trained: 2.0 %", table.text)
        self.assertIn("60.0 %", table.text)
        panels = self.all(".block[data-block=training] svg.plot")
        self.assertEqual(len(panels), 3)
        self.assertEqual([len(p.find_elements(By.CSS_SELECTOR, ".constant")) for p in panels], [1, 1, 0])
        self.assertIn("base rates", panels[0].text)
        self.assert_quiet()

    def test_no_rows_one_row_and_long_names(self):
        self.open_case("no_rows")
        self.assertIn("The run has no rows.", self.one("main").text)
        self.assert_quiet()
        self.open_case("one_row")
        self.assertEqual(len(self.shown_rows()), 1)
        self.assert_quiet()
        self.open_case("long_names")
        wide = self.browser.execute_script("return document.documentElement.scrollWidth > window.innerWidth + 1")
        self.assertFalse(wide, "the page is wider than its window")
        self.assertIn("موسيقى", self.one("table.confusion").text)
        self.assert_quiet()


if __name__ == "__main__":
    main()
