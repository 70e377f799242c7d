"""Makes, of the weights in an encoder's folder of int8 weights, a sentence-transformers folder and an ONNX file that is quantised anew.

Usage: make_minilm.py WEIGHTS TARGET: writes TARGET/float32, for sentence-transformers, and, with onnxruntime, TARGET/requantised/NAME, an encoder's folder
"""

import logging
import pathlib
import shutil
import sys
import warnings

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel
from transformers import logging as transformers_logging

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def main(weights, target):
    logging.disable(logging.WARNING)  # advice on other networks
    transformers_logging.disable_progress_bar()
    weights, target = pathlib.Path(weights), pathlib.Path(target)
    bert = BertModel(BertConfig.from_json_file(weights / "config.json"), add_pooling_layer=False).eval()
    bert.load_state_dict(state_of(onnx.load(weights / "onnx" / "model_quantized.onnx").graph))
    save(bert, weights, target)
    try:
        from onnxruntime.quantization import QuantType, quantize_dynamic
    except ImportError:
        return
    export(bert, target / "float32.onnx")
    requantised = target / "requantised" / weights.name
    shutil.copytree(weights, requantised)
    # Per channel, as the weights' own scales are; seven bits, so that sums of two products fit 16 bits on every processor.
    network = requantised / "onnx" / "model_quantized.onnx"
    quantize_dynamic(target / "float32.onnx", network, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def state_of(graph):
    """The float32 parameters by their names in transformers: a matrix has none of its own and is known by the bias that is added to it."""
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    for name in [name for name in values if name.endswith("_q")]:
        values[name[:-2]] = values[name].astype(np.float32) * values[f"{name[:-2]}_scale"]
    maker = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        bias = next((name for name in node.input if node.op_type == "Add" and name.endswith(".bias")), None)
        if bias is not None:
            product = maker[next(name for name in node.input if name != bias)]
            values[bias.replace(".bias", ".weight")] = values[product.input[1]].T
    parameters = (name for name in values if name.endswith((".weight", ".bias")))
    return {name.removeprefix("inner."): torch.tensor(np.ascontiguousarray(values[name])) for name in parameters}


def save(bert, weights, target):
    plain = target / "plain"
    bert.save_pretrained(plain)
    for name in ["tokenizer.json", "tokenizer_config.json"]:
        shutil.copy(weights / name, plain)
    network = Transformer(str(plain), max_seq_length=128)
    pooling = Pooling(bert.config.hidden_size, "mean")
    SentenceTransformer(modules=[network, pooling, Normalize()], device="cpu").save(str(target / "float32"))


def export(bert, path):
    class LastLayer(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = bert

        def forward(self, *inputs):
            return self.bert(**dict(zip(INPUTS, inputs, strict=True))).last_hidden_state

    bert.set_attn_implementation("eager")
    ids = torch.ones((2, 9), dtype=torch.int64)
    names = {"input_names": INPUTS, "output_names": ["last_hidden_state"]}
    free = {name: {0: "batch", 1: "sequence"} for name in [*INPUTS, "last_hidden_state"]}
    with warnings.catch_warnings(action="ignore"):
        torch.onnx.export(LastLayer(), (ids, ids, ids), path, dynamic_axes=free, opset_version=17, dynamo=False, **names)


if __name__ == "__main__":
    main(*sys.argv[1:])
