// Small parts that both pages use.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ApiError } from "./api";
import { clip } from "./format";

/** An error with what to do about it. A lost session or daemon is mended in a terminal only. */
export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{sentence(error.message)}</strong>
      </p>
      {error.hint && <p>{sentence(error.hint)}</p>}
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Stands where something is on its way. */
export function Waiting({ what }: { what: string }) {
  return (
    <p class="waiting" role="status">
      Loading {what} …
    </p>
  );
}

/** A text that may be very long: cut, with a button that shows all of it. */
export function LongText({ text, limit }: { text: string; limit: number }) {
  const [open, setOpen] = useState(false);
  const short = clip(text, limit);
  if (short.whole) {
    return <>{text}</>;
  }
  return (
    <>
      {open ? text : short.text}{" "}
      <button type="button" class="link" onClick={() => setOpen(!open)}>
        {open ? "less" : "more"}
      </button>
    </>
  );
}

/** A headed part of a page. */
export function Section({
  title,
  note,
  children,
}: {
  title: string;
  note?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section>
      <header class="section-head">
        <h2>{title}</h2>
        {note}
      </header>
      {children}
    </section>
  );
}
