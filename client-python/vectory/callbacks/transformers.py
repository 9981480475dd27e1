"""Hugging Face: `Trainer(…, callbacks=[vectory.callbacks.transformers.callback(run, embed)])`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vectory._watch import Watch


def callback(run: Watch, embed: Callable[[Any], Any]) -> Any:
    """Give a callback that logs embed(model), n×d, at every `every`-th optimizer step."""
    from transformers import TrainerCallback

    class Vectory(TrainerCallback):  # type: ignore[misc]
        """Logs the embeddings of a run."""

        def on_step_end(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
            """Log this step."""
            if state.is_world_process_zero:
                run(state.global_step, lambda: embed(model))

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            """Take up the last answers."""
            run.close()

    return Vectory()
