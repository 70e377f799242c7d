import json
import os

import torch
from sentence_transformers import SentenceTransformer
from transformers import logging


def prepare(folder, variant):
    logging.disable_progress_bar()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    model = SentenceTransformer(str(folder / "float32"), device="cpu", local_files_only=True)
    model.max_seq_length = int(variant.rpartition(" ")[2])
    texts = json.loads((folder / f"{variant.rpartition(' ')[0]}.json").read_text())
    # Sorted by length inside; of batches of 8, 16 and 32, these are as fast as any.
    return lambda: {"vectors": model.encode(texts, batch_size=16, show_progress_bar=False).ravel()}
