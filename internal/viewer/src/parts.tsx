// Small parts that both pages use.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type ApiError, api, asApiError } from "./api";
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

/** What could not be loaded. */
export function Failures({ of }: { of: readonly { error: ApiError | null; again: () => void }[] }) {
  return <>{of.map(({ error, again }, i) => error && <Failure key={i} error={error} again={again} />)}</>;
}

/** Cancels a job. */
export function Cancel({ job }: { job: string }) {
  const [error, setError] = useState<ApiError | null>(null);
  const cancel = () => {
    setError(null);
    api.cancel(job).catch((failed: unknown) => setError(asApiError(failed)));
  };
  return (
    <>
      <button type="button" onClick={cancel}>
        Cancel
      </button>
      {error && <Failure error={error} />}
    </>
  );
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

/**
 * A name, an id or a value: broken where its parts end, if it does not fit. One of more characters than `limit` is cut,
 * and told whole where it is pointed at.
 */
export function Name({ of: whole, limit = longestName }: { of: string; limit?: number }) {
  const short = clip(whole, limit);
  const parts = short.text.match(/[^/_-]*[/_-]+|[^/_-]+/g) ?? [];
  const broken = parts.flatMap((part, i) => (i === 0 ? [part] : [<wbr key={i} />, part]));
  return <span title={short.whole ? undefined : whole}>{broken}</span>;
}

const longestName = 200; // what the daemon takes as the name of a space, a dataset or an experiment

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
