"""Runs ONNX's checker, shape inference included, over exported models, and says what they take and give.

    python3 docs/trials/check_onnx.py FILE.onnx ...

Needs the package onnx, 1.12 or later. Ends with 1 where a model is wrong.
"""

import sys

import onnx


def shape(value):
    sides = value.type.tensor_type.shape.dim
    return f"{value.name} [{', '.join(side.dim_param or str(side.dim_value) for side in sides)}]"


def told(model):
    """Of a model that the checker has passed: operator set, operators, what goes in and comes out."""
    graph = model.graph
    operators = sorted({node.op_type for node in graph.node})
    values = [shape(value) for value in [*graph.input, *graph.output]]
    return f"IR {model.ir_version}, opset {model.opset_import[0].version}, {len(graph.node)} nodes; {', '.join(values)}; {' '.join(operators)}"


def main(files):
    wrong = 0
    for file in files:
        try:
            model = onnx.load(file)
            onnx.checker.check_model(model, full_check=True)
            print(f"fine: {file}: {told(model)}")
        except Exception as error:  # of protobuf, of the checker, of shape inference: each has its own
            wrong += 1
            print(f"WRONG: {file}: {str(error).strip() or type(error).__name__}")
    print(f"{len(files) - wrong} of {len(files)} models are fine")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
