"""Runs one peer: loads its inputs, then does the work once for each line "run" and answers with the seconds it took.

The line "result FOLDER" writes what the last run found, one file of float64 an array.
"""

import importlib
import json
import pathlib
import sys
import time

import numpy as np


def main(program, variant, folder):
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    work = importlib.import_module(program).prepare(pathlib.Path(folder), variant)
    result = {}
    answer({"ready": True})
    for line in sys.stdin:
        command, _, target = line.strip().partition(" ")
        if command == "run":
            start = time.perf_counter()
            result = work()
            answer({"seconds": time.perf_counter() - start})
        elif command == "result":
            for name, values in result.items():
                np.asarray(values, np.float64).tofile(pathlib.Path(target) / f"{name}.f64")
            answer({"names": list(result)})


def answer(what):
    # A library that prints does so on stdout too: answers carry a mark.
    print("\x1e" + json.dumps(what), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
