"""Plain PyTorch: the embeddings of the items of a loader, taken at a layer of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def embedder(
    model: Any, batches: Iterable[Any], *, layer: Any = None, inputs: Callable[[Any], Any] | None = None
) -> Callable[[], NDArray[np.float32]]:
    """Give a function that embeds the batches: n×d float32, a row for each item in the order of the loader.

    layer is a module of the model or its name; its output is flattened to a row for each item. Left out: what
    the model gives. inputs takes a batch and gives the model's input; left out: the batch itself, or its
    first part when it is a tuple or list. The loader must not shuffle. The model is put into eval mode and
    back, without gradients.
    """

    def embed() -> NDArray[np.float32]:
        import torch

        kept: list[Any] = []
        at = dict(model.named_modules())[layer] if isinstance(layer, str) else layer
        hook = None if at is None else at.register_forward_hook(lambda _m, _i, out: kept.append(out))
        training, device = model.training, next(model.parameters()).device
        model.eval()
        rows: list[NDArray[np.float32]] = []
        try:
            with torch.no_grad():
                for batch in batches:
                    x = inputs(batch) if inputs else batch[0] if isinstance(batch, (tuple, list)) else batch
                    out = model(x.to(device))
                    out = kept.pop() if hook else out
                    kept.clear()
                    rows.append(out.flatten(1).float().cpu().numpy())
        finally:
            model.train(training)
            if hook:
                hook.remove()
        return np.concatenate(rows)

    return embed
