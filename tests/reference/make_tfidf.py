"""TF-IDF vectors by scikit-learn: python3 make_tfidf.py > tfidf.json   (scikit-learn 1.9)"""

import json

from sklearn.feature_extraction.text import TfidfVectorizer

learned = ["the cat sat on the mat", "a dog and a cat", "the dog chased the other dog", "birds sing in May", "42 cats sing"]
texts = learned + ["the the the bird sings", "nothing known here"]
vectorizer = TfidfVectorizer(sublinear_tf=True, token_pattern=r"[A-Za-z0-9]+")
vectorizer.fit(learned)
print(json.dumps({"learnedFrom": learned, "texts": texts, "vectors": vectorizer.transform(texts).toarray().tolist()}))
