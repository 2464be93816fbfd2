"""Trains the forest of each kind of part, one a fold (without that fold's databases) and one on all.

Usage: python3 bench/train/items.py FOLDER [KIND,…]: some kinds alone
"""
import json
import sys

import lightgbm
import numpy

from export import export
from listwise import objective, softmax

folder = sys.argv[1]
features = json.load(open(f"{folder}/features.json"))
rounds = {"select": 420, "filter": 350, "order": 160, "having": 80}


def logloss(labels, odds):
    p = 1 / (1 + numpy.exp(-odds))
    p = numpy.clip(p, 1e-6, 1 - 1e-6)
    return float(-(labels * numpy.log(p) + (1 - labels) * numpy.log(1 - p)).mean())


kinds = sys.argv[2].split(",") if len(sys.argv) > 2 else list(features)
for kind in kinds:
    described = features[kind]
    names = described["names"]
    data = numpy.fromfile(f"{folder}/{kind}.f32", dtype=numpy.float32).reshape(-1, len(names) + 3)
    labels, folds, groups, rows = data[:, 0], data[:, 1], data[:, 2].astype(int), data[:, 3:]
    competing = kind in ("order", "having")
    categorical = [names.index(name) for name in described["categorical"]]
    parameters = {
        "objective": "binary", "learning_rate": 0.08 if kind in ("order", "having") else 0.045,
        "num_leaves": 31 if kind in ("order", "having") else 63,
        "min_data_in_leaf": 12, "feature_fraction": 0.35,
        "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 2.0, "cat_smooth": 20, "cat_l2": 20, "max_cat_threshold": 24,
        "verbosity": -1, "num_threads": 2, "seed": 7, "deterministic": True, "force_row_wise": True,
    }

    def fit(mask):
        dataset = lightgbm.Dataset(rows[mask], labels[mask], categorical_feature=categorical, free_raw_data=False)
        if not competing:
            return lightgbm.train(parameters, dataset, rounds[kind])
        chosen = {**parameters, "objective": objective(labels[mask], groups[mask]), "min_sum_hessian_in_leaf": 1.0}
        return lightgbm.train(chosen, dataset, rounds[kind])

    losses = []
    for fold in range(5):
        booster = fit(folds != fold)
        held = folds == fold
        scores = booster.predict(rows[held], raw_score=True)
        if competing:
            drawn = numpy.clip(numpy.bincount(groups[held], softmax(scores, groups[held]) * labels[held]), 1e-6, 1)
            losses.append(float(-numpy.log(drawn[numpy.unique(groups[held])]).mean()))
        else:
            losses.append(logloss(labels[held], scores))
        json.dump(export(names, booster), open(f"{folder}/{kind}-{fold}.json", "w"))
    booster = fit(folds >= 0)
    json.dump(export(names, booster), open(f"{folder}/{kind}-all.json", "w"))
    importance = sorted(zip(booster.feature_importance("gain"), names), reverse=True)[:8]
    print(kind, rows.shape, f"positive {labels.mean():.3f} loss {numpy.mean(losses):.4f}", [name for _, name in importance], flush=True)
