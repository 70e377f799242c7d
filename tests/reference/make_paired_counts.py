"""Makes the reference values of tests/evaluation/simultaneous_test.ts.

Run it in this folder, with any recent Python:

    python3 -m venv /tmp/reference && /tmp/reference/bin/pip install scipy && /tmp/reference/bin/python make_paired_counts.py

It writes paired_counts.json: two-sided exact binomial tests by scipy.
"""

import json
import platform
from pathlib import Path

import scipy
from scipy.stats import binomtest

PAIRS = [(0, 0), (1, 0), (5, 5), (3, 0), (2, 9), (40, 61), (130, 90), (0, 60), (1000, 1100), (20000, 20500), (0, 1200)]

cases = [
    {
        "onlyFirst": first,
        "onlySecond": second,
        "pValue": binomtest(first, first + second, 0.5).pvalue if first + second > 0 else 1.0,
    }
    for first, second in PAIRS
]
made_by = {"command": "python make_paired_counts.py", "python": platform.python_version(), "scipy": scipy.__version__}
text = json.dumps({"made_by": made_by, "cases": cases}, indent=1)
Path(__file__).with_name("paired_counts.json").write_text(text + "\n")
