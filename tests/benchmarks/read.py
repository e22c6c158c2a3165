"""Reads every file, and nothing else."""

import sys
from pathlib import Path

for path in Path(sys.argv[1]).rglob("*.md"):
    path.read_bytes()
