"""Gathers the trained forests into src/offline/data/weights.json.

Usage: python3 bench/train/weights.py FOLDER ANSWER OFFER
"""
import json
import pathlib
import sys

folder = sys.argv[1]
weights = {
    "about": "Trained on the questions of Spider 1.0 (CC BY-SA 4.0); see README.md beside this file.",
    "thresholds": {"answer": float(sys.argv[2]), "offer": float(sys.argv[3])},
}
for kind in ("select", "filter", "order", "having", "listwise", "pointwise", "confidence"):
    weights[kind] = json.load(open(f"{folder}/{kind}-all.json"))
weights["wording"] = json.load(open(f"{folder}/wording-all.json"))
target = pathlib.Path(__file__).parents[2] / "src/offline/data/weights.json"
target.write_text(json.dumps(weights, indent=1) + "\n")
print(target, target.stat().st_size)
