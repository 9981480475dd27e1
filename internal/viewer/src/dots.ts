// What draws points without a graphics context: pixel by pixel, since a path or a rectangle for each takes some ten times as long.
import { hatched } from "./colours";

/** Points, and where they lie on a canvas, in its pixels. */
export interface Dots {
  /** Two numbers for each point. */
  places: Float32Array;
  /** Red, green, blue and opacity of each point. */
  colours: Uint8Array;
  /** Every how manieth point is drawn. */
  step: number;
  /** Pixels from one side of a point to the other. */
  edge: number;
  /** Where the place (0, 0) lies, and the pixels of one unit. Up is up. */
  left: number;
  top: number;
  scale: number;
}

/** Draws points in place of all that is on a canvas. */
export function drawDots(paper: CanvasRenderingContext2D, dots: Dots): void {
  const { width, height } = paper.canvas;
  const picture = new ImageData(width, height);
  setDots(picture.data, width, height, dots);
  paper.putImageData(picture, 0, 0);
}

/** Lays points over the pixels of a picture, in their order. */
export function setDots(pixels: Uint8ClampedArray, width: number, height: number, dots: Dots): void {
  const { places, colours, step, edge, left, top, scale } = dots;
  const stroke = edge / 6; // half the width of one
  for (let i = 0; 2 * i < places.length; i += step) {
    const x = Math.round(left + scale * (places[2 * i] ?? 0) - edge / 2);
    const y = Math.round(top - scale * (places[2 * i + 1] ?? 0) - edge / 2);
    const opacity = colours[4 * i + 3] ?? 0;
    const [fromX, toX, fromY, toY] = [
      -Math.min(x, 0),
      Math.min(edge, width - x),
      -Math.min(y, 0),
      Math.min(edge, height - y),
    ];
    for (let v = fromY; v < toY; v++) {
      for (let u = fromX; u < toX; u++) {
        if (opacity & hatched && Math.abs(u + v + 1 - edge) > stroke) {
          continue;
        }
        const at = 4 * ((y + v) * width + x + u);
        const under = (pixels[at + 3] ?? 0) * (1 - opacity / 255);
        const both = opacity + under;
        for (let c = 0; c < 3; c++) {
          pixels[at + c] = ((colours[4 * i + c] ?? 0) * opacity + (pixels[at + c] ?? 0) * under) / both;
        }
        pixels[at + 3] = both;
      }
    }
  }
}
