"""Trains the forest that ranks whole candidates and calibrates it; prints the cross-validated result.

Usage: python3 bench/train/rank.py FOLDER
"""
import json
import sys

import lightgbm
import numpy

from export import export

folder = sys.argv[1]
described = json.load(open(f"{folder}/candidate-features.json"))
names = described["names"]
data = numpy.fromfile(f"{folder}/candidate.f32", dtype=numpy.float32).reshape(-1, len(names) + 3)
labels, folds, groups, rows = data[:, 0], data[:, 1], data[:, 2].astype(int), data[:, 3:]
texts = [json.loads(line) for line in open(f"{folder}/candidates.jsonl")]
categorical = [names.index(name) for name in described["categorical"]]
parameters = {
    "objective": "binary", "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 40, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "verbosity": -1, "num_threads": 1, "seed": 7,
    "deterministic": True, "force_row_wise": True,
}
# A question weighs the same however many candidates it has.
counts = numpy.bincount(groups)
weights = 20.0 / counts[groups]


def fit(mask):
    dataset = lightgbm.Dataset(rows[mask], labels[mask], weight=weights[mask], categorical_feature=categorical)
    return lightgbm.train(parameters, dataset, int(sys.argv[2]) if len(sys.argv) > 2 else 250)


odds = numpy.zeros(len(labels))
for fold in range(5):
    held = folds == fold
    odds[held] = fit(~held).predict(rows[held], raw_score=True)
starts = numpy.flatnonzero(numpy.r_[True, groups[1:] != groups[:-1]])
ends = numpy.r_[starts[1:], len(groups)]
top = []
for start, end in zip(starts, ends):
    best = start + int(numpy.argmax(odds[start:end]))
    others = [1 / (1 + numpy.exp(-odds[i])) for i in range(start, end) if i != best]
    top.append((odds[best], labels[best], groups[start], best - start, max(others, default=0)))
top.sort(key=lambda entry: -entry[0])
total = len(texts)
right = sum(entry[1] for entry in top)
print(f"cases {total} reachable {len(set(groups[labels > 0])) / total:.3f} right at top {right / total:.4f}")
good = 0
marks = {}
for count, entry in enumerate(top, 1):
    good += entry[1]
    for target in (0.97, 0.95, 0.93, 0.9, 0.85, 0.8):
        if good / count >= target:
            marks[target] = (good / total, count / total, float(1 / (1 + numpy.exp(-entry[0]))))
for target, (share, answered, threshold) in marks.items():
    print(f"precision {target}: right {share:.4f} answered {answered:.4f} threshold {threshold:.4f}")
with open(f"{folder}/errors.jsonl", "w") as file:
    for log_odds, label, group, index, _ in top:
        entry = texts[group]
        file.write(json.dumps({"p": round(float(1 / (1 + numpy.exp(-log_odds))), 3), "right": bool(label), "id": entry["id"], "database": entry["database"], "question": entry["question"], "gold": entry["gold"], "answer": entry["kept"][index][2:], "place": entry["place"]}) + "\n")
if len(sys.argv) > 3:
    booster = fit(folds >= 0)
    json.dump(export(booster), open(f"{folder}/candidate-all.json", "w"))
    importance = sorted(zip(booster.feature_importance("gain"), names), reverse=True)[:25]
    print([name for _, name in importance])
