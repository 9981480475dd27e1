"""Lightning: `Trainer(callbacks=[vectory.callbacks.lightning.callback(run, embed)])`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vectory._watch import Watch


def callback(run: Watch, embed: Callable[[Any], Any]) -> Any:
    """Give a callback that logs embed(module), n×d, at the end of each `every`-th epoch: its step."""
    try:
        from lightning.pytorch import Callback
    except ImportError:
        from pytorch_lightning import Callback

    class Vectory(Callback):  # type: ignore[misc]
        """Logs the embeddings of a run."""

        def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
            """Log this epoch."""
            if trainer.is_global_zero:
                run(trainer.current_epoch, lambda: embed(pl_module))

        def on_fit_end(self, trainer: Any, pl_module: Any) -> None:
            """Take up the last answers."""
            run.close()

    return Vectory()
