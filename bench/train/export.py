"""Writes LightGBM models, averaged, as the rows of numbers that src/offline/rank/forest.ts reads."""


def export(names, *boosters):
    """`names` are those of the features, in the order of the columns that were trained on."""
    forest = {"roots": [], "feature": [], "threshold": [], "left": [], "right": [], "leaves": []}

    def leaf(value):
        forest["leaves"].append(float(f"{value / len(boosters):.4g}"))
        return -len(forest["leaves"])

    def walk(node):
        if "leaf_value" in node:
            return leaf(node["leaf_value"])
        index = len(forest["feature"])
        for key in ("feature", "threshold", "left", "right"):
            forest[key].append(0)
        forest["feature"][index] = node["split_feature"]
        if node["decision_type"] == "==":
            forest["threshold"][index] = [int(part) for part in str(node["threshold"]).split("||")]
        else:
            forest["threshold"][index] = float(f"{node['threshold']:.6g}")
        forest["left"][index] = walk(node["left_child"])
        forest["right"][index] = walk(node["right_child"])
        return index

    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            forest["roots"].append(walk(tree["tree_structure"]))

    def text(value):
        return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)

    rows = {key: " ".join(text(value) for value in values) for key, values in forest.items()}
    return {"features": " ".join(names), **rows}
