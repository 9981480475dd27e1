// The list of keys of the maps, shown by ?.
import { useEffect, useRef } from "preact/hooks";

const keys = [
  ["arrows", "the nearest item in that direction"],
  ["Shift + arrows", "move the map"],
  ["+ − 0", "zoom in, out, the whole map"],
  ["[ ]", "the neighbour before, the next one"],
  ["P", "play or stop the sound of the item that is pointed at"],
  ["L", "draw a lasso; again: move"],
  ["B", "to the other map"],
  ["W A S D", "turn a map of three dimensions"],
  ["Z", "undo: the state before"],
  ["Esc", "no item, no selection"],
  ["?", "this list"],
] as const;

/** A dialog; `close` is called when it is left. */
export function KeysList({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open && !dialog.current?.open) {
      dialog.current?.showModal();
    }
  }, [open]);
  return (
    <dialog ref={dialog} class="keys-list" aria-label="Keys of the maps" onClose={close}>
      <h3>Keys, when a map has the focus</h3>
      <dl>
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
