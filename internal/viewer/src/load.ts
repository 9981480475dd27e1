// Loading: one hook, so that every part of the page waits, fails and tries again alike.
import { useCallback, useLayoutEffect, useState } from "preact/hooks";
import { type ApiError, asApiError } from "./api";

/** What a load has come to. While it is repeated the last value stays. */
export interface Loaded<T> {
  value: T | null;
  error: ApiError | null;
  again: () => void;
}

/** Runs `load` at once, before the page is painted, and whenever `inputs` change; answers that come too late are dropped. */
export function useLoad<T>(load: () => Promise<T>, inputs: readonly unknown[]): Loaded<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ value: T | null; error: ApiError | null }>({
    value: null,
    error: null,
  });
  useLayoutEffect(() => {
    let current = true;
    load().then(
      (value) => current && setState({ value, error: null }),
      (error: unknown) => current && setState((last) => ({ value: last.value, error: asApiError(error) })),
    );
    return () => {
      current = false;
    };
  }, [...inputs, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return { ...state, again };
}
