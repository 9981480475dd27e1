// Reading the .npy files that the daemon sends.

/** An array as the daemon sent it. */
export interface NpyArray {
  shape: number[];
  data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** Reads a little-endian float32, float64 or int32 array in C order. */
export function readNpy(buffer: ArrayBuffer): NpyArray {
  const view = new DataView(buffer);
  const length = view.getUint8(6) === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = (view.getUint8(6) === 1 ? 10 : 12) + length;
  const header = new TextDecoder("latin1").decode(new Uint8Array(buffer, start - length, length));
  const kind = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const body = buffer.slice(start);
  switch (kind) {
    case "<f4":
      return { shape, data: new Float32Array(body) };
    case "<f8":
      return { shape, data: new Float64Array(body) };
    case "<i4":
      return { shape, data: new Int32Array(body) };
  }
  throw new Error(`an array of type ${kind} cannot be shown`);
}
