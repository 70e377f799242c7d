"""Makes minilm.json: vectors of all-MiniLM-L6-v2 by onnxruntime and tokenizers in Python, to compare the project's own with.

The network file is the one the project uses (data/raw/weights/all-MiniLM-L6-v2, see lib/embeddings/weights.ts); each text is run alone.

    python3 -m venv /tmp/minilm && /tmp/minilm/bin/pip install onnxruntime==1.32.0 tokenizers==0.23.3 numpy==2.4.6
    /tmp/minilm/bin/python tests/reference/make_minilm.py
"""

import hashlib
import importlib.metadata
import json
import os
import pathlib
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read while onnxruntime loads

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MAX_TOKENS = 128
ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data/raw/weights/all-MiniLM-L6-v2"

# Our own words: plain, with accents, signs and another script, and one that is cut at 128 word pieces.
TEXTS = [
    "Which planet of the solar system has the most moons?",
    "Écris une fonction f(x) = x² + 3·x − 1, naïve but tested; 温度は25°C です。",
    "Write a Python function that merges two sorted lists into one sorted list without calling sort, and explain each step. " * 12,
]


def vector_of(session, tokenizer, text):
    encoding = tokenizer.encode(text)
    ids = np.array([encoding.ids], dtype=np.int64)
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    hidden = session.run(None, feeds)[0][0]
    mean = hidden.astype(np.float64).mean(axis=0)
    return encoding.ids, mean / np.linalg.norm(mean)


def main():
    model = FOLDER / "onnx/model_quantized.onnx"
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    texts = []
    for text in TEXTS:
        ids, vector = vector_of(session, tokenizer, text)
        texts.append({"text": text, "ids": ids, "first8": [round(float(x), 7) for x in vector[:8]]})
    versions = {name: importlib.metadata.version(name) for name in ("onnxruntime", "tokenizers", "numpy")}
    reference = {
        "madeBy": "python3 tests/reference/make_minilm.py",
        "versions": {"python": sys.version.split()[0], **versions},
        "modelSha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "maxTokens": MAX_TOKENS,
        "texts": texts,
    }
    target = pathlib.Path(__file__).with_name("minilm.json")
    target.write_text(json.dumps(reference, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
