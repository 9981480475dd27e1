"""Keras: `model.fit(…, callbacks=[vectory.callbacks.keras.callback(run, embed)])`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vectory._watch import Watch


def callback(run: Watch, embed: Callable[[Any], Any]) -> Any:
    """Give a callback that logs embed(model), n×d, at the end of each `every`-th epoch: its step."""
    try:
        from keras.callbacks import Callback
    except ImportError:
        from tensorflow.keras.callbacks import Callback

    class Vectory(Callback):  # type: ignore[misc]
        """Logs the embeddings of a run."""

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            """Log this epoch."""
            run(epoch, lambda: embed(self.model))

        def on_train_end(self, logs: Any = None) -> None:
            """Take up the last answers."""
            run.close()

    return Vectory()
