// regl-scatterplot, as the benchmark drives it. It looks at [-1, 1]², and finds points under the pointer by itself only.
import createScatterplot from "regl-scatterplot";

let plot;
const column = (places, axis) => {
  const values = new Float32Array(places.length / 2);
  for (let i = 0; i < values.length; i++) {
    values[i] = 2 * places[2 * i + axis] - 1;
  }
  return values;
};
const draw = (places) => plot.draw({ x: column(places, 0), y: column(places, 1) });
globalThis.bench = {
  async setup(canvas, places) {
    plot = createScatterplot({ canvas, width: canvas.clientWidth, height: canvas.clientHeight, pointSize: 2 });
    await draw(places);
  },
  update: draw,
  pan(i) {
    const drawn = new Promise((resolve) => plot.subscribe("draw", resolve, 1));
    plot.view(new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.02 * i, 0, 0, 1]), { preventEvent: true });
    return drawn;
  },
  lasso(polygon) {
    plot.lassoSelect(polygon.map(([x, y]) => [2 * x - 1, 2 * y - 1]), { isGl: true });
    return plot.get("selectedPoints").length;
  },
};
