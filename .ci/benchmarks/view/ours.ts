// Our plot, as the benchmark drives it.
import { Points } from "../../../internal/viewer/src/points";

let plot: Points;
Object.assign(globalThis, {
  bench: {
    setup(canvas: HTMLCanvasElement, places: Float32Array<ArrayBuffer>) {
      plot = new Points(canvas);
      plot.accelerate(); // the page draws on a plain canvas before it
      plot.move(places);
      plot.drawNow();
    },
    update(places: Float32Array<ArrayBuffer>) {
      plot.move(places);
      plot.drawNow(1, 1); // all points, not the sample of a map in motion
    },
    pan(i: number) {
      plot.look({ x: 0.5 + 0.01 * i, y: 0.5, zoom: 1 });
      plot.drawNow(1, 1);
    },
    moving(i: number) {
      plot.look({ x: 0.5 + 0.01 * i, y: 0.5, zoom: 1 });
      plot.drawNow();
    },
    pick: (x: number, y: number) => plot.pick(x, y, 10),
    lasso: (polygon: [number, number][]) => plot.within(polygon).length,
  },
});
