"""The hooks in the real training libraries, each where it is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy

pytestmark = pytest.mark.filterwarnings("default")  # those libraries warn of themselves

X = np.random.default_rng(0).normal(size=(64, 8)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64)


def has(*names: str) -> Any:
    missing = [n for n in names if importlib.util.find_spec(n) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


def check(client: vy.Client, run: vy.Watch, steps: list[int], last: Any) -> None:
    """The steps are there, agree less and less with nothing lost, and the last is what the model gives."""
    run._take_up(600)  # on a machine under load the half minute of a run may not be enough
    line = run.timeline
    assert line.steps == steps
    assert run.lost == []
    assert all(v is not None and 0 < v <= 1 for v in line.columns["previous"][1:])
    client.log("hooks/last", last, strict=True, replace=True)
    kept = client.spaces()
    assert kept[line.spaces[-1]].sha256 == kept["hooks/last"].sha256


@has("keras")
def test_keras(client: vy.Client) -> None:
    import keras
    from vectory.callbacks.keras import callback

    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [keras.layers.Dense(16, activation="relu", name="hidden"), keras.layers.Dense(2)]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.build((None, 8))

    def embed(model: Any) -> Any:
        return keras.Model(model.inputs, model.get_layer("hidden").output)([X])

    with client.watch("keras", every=2) as run:
        model.fit(X, Y, epochs=5, verbose=0, callbacks=[callback(run, embed)])
    check(client, run, [0, 2, 4], embed(model))


def _net() -> Any:
    import torch

    torch.manual_seed(1)
    layers = (torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(16, 2))
    return torch.nn.Sequential(*layers)


@has("torch")
def test_a_plain_pytorch_loop(client: vy.Client) -> None:
    import torch
    from vectory.callbacks.pytorch import embedder

    net = _net()
    data = torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y))
    loader = torch.utils.data.DataLoader(data, batch_size=10)
    embed = embedder(net, loader, layer="1")
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with client.watch("torch") as run:
        for epoch in range(3):
            for x, y in loader:
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(net(x), y).backward()
                optimizer.step()
            run(epoch, embed)
            assert net.training
    with torch.no_grad():
        want = net[:2](torch.tensor(X))
    check(client, run, [0, 1, 2], embed())
    np.testing.assert_allclose(embed(), want.numpy(), rtol=1e-5)
    assert embedder(net, loader)().shape == (64, 2)


@has("torch", "pytorch_lightning")
def test_lightning(client: vy.Client, tmp_path: Path) -> None:
    import pytorch_lightning as lightning
    import torch
    from vectory.callbacks.lightning import callback

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = _net()

        def training_step(self, batch: Any, _: int) -> Any:
            return torch.nn.functional.cross_entropy(self.net(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    def embed(module: Any) -> Any:
        return module.net[:2](torch.tensor(X))

    module = Module()
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y)), 16)
    run = client.watch("lightning")
    lightning.Trainer(
        max_epochs=3,
        callbacks=[callback(run, embed)],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        accelerator="cpu",
        default_root_dir=str(tmp_path),
    ).fit(module, loader)
    check(client, run, [0, 1, 2], embed(module))


@has("torch", "transformers", "accelerate")
def test_hugging_face(client: vy.Client, tmp_path: Path) -> None:
    import torch
    import transformers
    from vectory.callbacks.transformers import callback

    config = transformers.BertConfig(
        vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    model = transformers.BertForSequenceClassification(config)
    ids = torch.randint(0, 50, (64, 6))

    def embed(model: Any) -> Any:
        was, _ = model.training, model.eval()
        with torch.no_grad():
            found = model.bert(ids).pooler_output
        model.train(was)
        return found

    items = [{"input_ids": i, "labels": y} for i, y in zip(ids, torch.tensor(Y), strict=True)]
    run = client.watch("bert", every=4)
    transformers.Trainer(
        model,
        transformers.TrainingArguments(
            str(tmp_path), num_train_epochs=1, per_device_train_batch_size=8, report_to=[], save_strategy="no"
        ),
        train_dataset=items,
        callbacks=[callback(run, embed)],
    ).train()
    check(client, run, [4, 8], embed(model))
