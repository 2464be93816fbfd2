"""Trains the forests that rank whole candidates and the one that says how sure the winner is; prints the
cross-validated result.

Usage: python3 bench/train/rank.py FOLDER [final]
"""
import json
import sys

import lightgbm
import numpy

from export import export
from listwise import objective, softmax, starts_of

folder = sys.argv[1]
final = len(sys.argv) > 2
described = json.load(open(f"{folder}/candidate-features.json"))
names = described["names"]
data = numpy.fromfile(f"{folder}/candidate.f32", dtype=numpy.float32).reshape(-1, len(names) + 3)
labels, folds, groups, rows = data[:, 0], data[:, 1], data[:, 2].astype(int), data[:, 3:]
texts = [json.loads(line) for line in open(f"{folder}/candidates.jsonl")]
whole = numpy.array([not text["id"].endswith(" short") for text in texts])
total = int(whole.sum())
# Candidates come with the most probable parts first; of those far down, the wrong ones teach little.
places = numpy.arange(len(groups)) - numpy.repeat(starts_of(groups), numpy.diff(numpy.r_[starts_of(groups), len(groups)]))
telling = (places < 50) | (labels > 0)
common = {"verbosity": -1, "num_threads": 2, "deterministic": True, "force_row_wise": True, "bagging_freq": 1, "bagging_fraction": 0.7}
ranking = [
    {**common, "seed": 7, "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 30, "min_sum_hessian_in_leaf": 2.0, "feature_fraction": 0.25, "lambda_l2": 5.0},
    {**common, "seed": 11, "learning_rate": 0.07, "num_leaves": 16, "min_data_in_leaf": 30, "min_sum_hessian_in_leaf": 2.0, "feature_fraction": 0.2, "lambda_l2": 5.0},
]
# Each candidate by itself, whatever stands beside it: a second opinion.
judging = {**common, "seed": 5, "objective": "binary", "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 40, "feature_fraction": 0.25, "lambda_l2": 5.0}
# How sure the winner is rests on fewer examples: one a question. What can only speak against it may not speak for it.
rising = {"share", "odds", "score", "select", "filter", "order", "having", "leastSelect", "leastFilter", "weakestSelect", "weakestFilter", "form~"}
falling = {
    "runnerUp", "oddsBehind", "behind", "bridges", "uncoveredTables", "uncoveredColumns", "uncoveredValues", "uncoveredNumbers", "uncoveredWords",
    "uncoveredCapitals", "uncoveredQuoted", "behindSelect", "behindFilter", "behindOrder", "behindAll", "openShare", "openLabels", "unusedCues", "mostLeftSelect", "mostLeftFilter", "orderBehind", "extraCovered", "unnamedTables", "unnamedSelect",
}
sure_names = ["share", "runnerUp", "candidates", "odds", "oddsBehind", *names]
confidence = {
    **common, "objective": "binary", "learning_rate": 0.04, "num_leaves": 20, "min_data_in_leaf": 15, "feature_fraction": 0.3, "lambda_l2": 10.0,
    "monotone_constraints": [1 if name in rising else -1 if name in falling or name.endswith("~behind") else 0 for name in sure_names],
}


def fit(mask, parameters):
    kept = mask & telling
    dataset = lightgbm.Dataset(rows[kept], labels[kept])
    if "objective" in parameters:
        return lightgbm.train(parameters, dataset, 160)
    return lightgbm.train({**parameters, "objective": objective(labels[kept], groups[kept])}, dataset, 260)


def winners(mask, odds, pointwise):
    """The first of each group by odds: its row, with the features of how sure it is."""
    where = numpy.flatnonzero(mask)
    shares = softmax(odds, groups[where])
    starts = starts_of(groups[where])
    found = []
    for start, end in zip(starts, [*starts[1:], len(where)]):
        # Candidates that differ in form alone share one vote; the surest of them stands for all.
        forms = texts[groups[where[start]]]["forms"]
        votes, standing = {}, {}
        for place in numpy.argsort(-odds[start:end], kind="stable"):
            form = forms[place]
            votes[form] = votes.get(form, 0.0) + shares[start + place]
            standing.setdefault(form, start + int(place))
        order = sorted(votes, key=lambda form: -votes[form])
        best = standing[order[0]]
        second = votes[order[1]] if len(order) > 1 else 0.0
        behind = pointwise[start:end].max() - pointwise[best]
        found.append((where[best], votes[order[0]], second, len(order), pointwise[best], behind, where[start]))
    return found


picked = []
firsts = []
for fold in range(5):
    held = folds == fold
    models = [fit(~held, parameters).predict(rows[held], raw_score=True) for parameters in ranking]
    pointwise = fit(~held, judging).predict(rows[held], raw_score=True)
    odds = sum(models) / len(models)
    picked += [(fold, *winner) for winner in winners(held, odds, pointwise)]
    for tried in (*models, pointwise, odds, odds + 0.3 * pointwise):
        found = [row for row, *_ in winners(held, tried, pointwise)]
        firsts.append(sum(labels[row] for row in found if whole[groups[row]]))
    print(f"fold {fold}: right first by each, by the pointwise one, together", firsts[-5:], flush=True)
picked.sort(key=lambda winner: winner[1])
index = numpy.array([winner[1] for winner in picked])
sure_rows = numpy.c_[numpy.array([winner[2:7] for winner in picked], dtype=numpy.float64), rows[index]]
sure_labels = labels[index]
sure_folds = numpy.array([winner[0] for winner in picked])
if final:
    numpy.savez(f"{folder}/sure.npz", rows=sure_rows, labels=sure_labels, folds=sure_folds, whole=whole[groups[index]])


seeds = (1, 2, 3, 4, 5, 6, 7)


def fit_sure(mask):
    return [lightgbm.train({**confidence, "seed": seed}, lightgbm.Dataset(sure_rows[mask], sure_labels[mask]), 200) for seed in seeds]


odds = numpy.zeros(len(picked))
for fold in range(5):
    held = sure_folds == fold
    odds[held] = sum(model.predict(sure_rows[held], raw_score=True) for model in fit_sure(~held)) / len(seeds)
chance = 1 / (1 + numpy.exp(-odds))
print(f"cases {total} reachable {sum(whole[group] for group in set(groups[labels > 0])) / total:.3f} right at top {sure_labels[whole[groups[index]]].sum() / total:.4f}")
order = numpy.argsort(-chance)
order = order[whole[groups[index[order]]]]
good = numpy.cumsum(sure_labels[order])
for target in (0.97, 0.95, 0.93, 0.9, 0.87, 0.85, 0.8):
    held = numpy.flatnonzero(good / numpy.arange(1, len(order) + 1) >= target)
    if len(held) > 0:
        at = held[-1]
        print(f"precision {target}: right {good[at] / total:.4f} answered {(at + 1) / total:.4f} threshold {chance[order][at]:.4f}")
for limit in (0.5, 0.55, 0.6, 0.65, 0.7):
    answered = int((chance[order] >= limit).sum())
    print(f"threshold {limit}: right {good[answered - 1] / total:.4f} precision {good[answered - 1] / answered:.4f}")
with open(f"{folder}/errors.jsonl", "w") as file:
    for at in order:
        _, row, share, *_, start = picked[at]
        entry = texts[groups[row]]
        line = {"p": round(float(chance[at]), 3), "share": round(float(share), 3), "right": bool(sure_labels[at]), "answer": entry["kept"][row - start][2:]}
        file.write(json.dumps({**line, **{key: entry[key] for key in ("id", "database", "question", "gold", "place")}}) + "\n")
if final:
    everything = folds >= 0
    json.dump(export(names, *[fit(everything, parameters) for parameters in ranking]), open(f"{folder}/listwise-all.json", "w"))
    json.dump(export(names, fit(everything, judging)), open(f"{folder}/pointwise-all.json", "w"))
    json.dump(export(sure_names, *fit_sure(sure_folds >= 0)), open(f"{folder}/confidence-all.json", "w"))
