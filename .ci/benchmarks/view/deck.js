// deck.gl, as the benchmark drives it, with binary attributes. It has no lasso.
import { Deck, OrthographicView } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";

let deck;
const layer = (places) =>
  new ScatterplotLayer({
    id: "points",
    data: { length: places.length / 2, attributes: { getPosition: { value: places, size: 2 } } },
    getFillColor: [91, 143, 201, 150],
    radiusUnits: "pixels",
    getRadius: 1,
    pickable: true,
  });
const state = (i) => ({ target: [0.5 + 0.01 * i, 0.5, 0], zoom: 9 });
const drawn = () => new Promise((resolve) => deck.setProps({ onAfterRender: resolve }));
globalThis.bench = {
  async setup(canvas, places) {
    deck = new Deck({
      canvas,
      width: canvas.clientWidth,
      height: canvas.clientHeight,
      views: new OrthographicView({}),
      initialViewState: state(0),
      layers: [layer(places)],
    });
    await drawn();
  },
  async update(places) {
    deck.setProps({ layers: [layer(places)] });
    await drawn();
  },
  async pan(i) {
    deck.setProps({ initialViewState: state(i) });
    await drawn();
  },
  pick: (x, y) => deck.pickObject({ x, y, radius: 10 })?.index ?? -1,
};
