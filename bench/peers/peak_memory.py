"""Runs a program to its end and prints the most memory it held, in bytes."""

import resource
import subprocess
import sys

subprocess.run(sys.argv[1:], check=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak * (1 if sys.platform == "darwin" else 1024))
