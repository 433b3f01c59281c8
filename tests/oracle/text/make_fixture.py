"""TF-IDF of a few texts by scikit-learn, with the words that harness/text finds. Run: /usr/bin/python3 make_fixture.py"""
import json
import pathlib
import re

from sklearn.feature_extraction.text import TfidfVectorizer

texts = [
    "A slow piano melody. It's sad, slow and quiet!",
    "Loud guitars and a LOUD drum; it's loud.",
    "Café music: a quiet guitar, piano, and voice",
    "don't stop the drum 80s 80s",
    "",
    "unheard words only",
]
words = lambda text: re.findall(r"[a-z0-9é]+(?:'[a-z0-9é]+)*", re.sub("[A-Z]", lambda m: m[0].lower(), text))
vectorizer = TfidfVectorizer(tokenizer=words, token_pattern=None, lowercase=False, sublinear_tf=True, min_df=2)
rows = vectorizer.fit_transform(texts[:5]).toarray()
out = {
    "texts": texts,
    "tokens": [words(text) for text in texts],
    "words": vectorizer.get_feature_names_out().tolist(),
    "idf": vectorizer.idf_.tolist(),
    "rows": rows.tolist() + vectorizer.transform(texts[5:]).toarray().tolist(),
}
pathlib.Path(__file__).with_name("fixture.json").write_text(json.dumps(out, ensure_ascii=False) + "\n")
