// The items of a comparison that agree least or most, each with its neighbours in both spaces.
import { useEffect, useRef, useState } from "preact/hooks";
import {
  api,
  type Comparison,
  type ComparisonItem,
  type ListedNeighbour,
  mediaAddress,
  type Order,
  picture,
} from "./api";
import { type Shown, tellColumns } from "./columns";
import { count, distance, score } from "./format";
import { useLoad } from "./load";
import { Failure, LongText, Name, Section, Waiting } from "./parts";

const pageLength = 20;

/** A space of the comparison, as far as its items need it. */
export interface Side {
  name: string;
  which: "a" | "b";
  dataset: string | null;
}

/** The list of items. */
export function Items({ c }: { c: Comparison }) {
  const [order, setOrder] = useState<Order>("worst");
  const [limit, setLimit] = useState(pageLength);
  const items = useLoad(() => api.items(c.key, order, limit), [c.key, order, limit]);
  const sides = useLoad(() => Promise.all([api.space(c.a), api.space(c.b)]), [c.a, c.b]);
  const choose = (next: Order) => {
    setOrder(next);
    setLimit(pageLength);
  };
  return (
    <Section
      title={order === "worst" ? "Items that agree least" : "Items that agree most"}
      note={<OrderChoice order={order} choose={choose} />}
    >
      <Legend c={c} />
      {items.error && <Failure error={items.error} again={items.again} />}
      {sides.error && <Failure error={sides.error} again={sides.again} />}
      {items.value && sides.value ? (
        <List
          items={items.value.items}
          a={{ name: c.a, which: "a", dataset: sides.value[0].dataset }}
          b={{ name: c.b, which: "b", dataset: sides.value[1].dataset }}
          k={c.k}
        />
      ) : (
        !items.error && !sides.error && <Waiting what="the items" />
      )}
      {items.value && items.value.items.length === limit && limit < c.rows && (
        <button type="button" onClick={() => setLimit(limit + pageLength)}>
          Show more of {count(c.rows)}
        </button>
      )}
    </Section>
  );
}

function OrderChoice({ order, choose }: { order: Order; choose: (order: Order) => void }) {
  return (
    <fieldset class="segments">
      <legend class="hidden">Which items</legend>
      {(["worst", "best"] as const).map((value) => (
        <label key={value}>
          <input type="radio" name="order" checked={order === value} onChange={() => choose(value)} />
          <span>{value === "worst" ? "least" : "most"}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Legend({ c }: { c: Comparison }) {
  return (
    <p class="legend">
      <span class="mark-shared">
        <Mark kind="shared" /> in both lists
      </span>
      <span class="mark-a">
        <Mark kind="a" /> only in {c.a}
      </span>
      <span class="mark-b">
        <Mark kind="b" /> only in {c.b}
      </span>
      <span class="muted">↑ ↓ so many places nearer, farther than in the other list</span>
    </p>
  );
}

type Kind = "shared" | "a" | "b";

/** Shape and colour together tell the three kinds apart: circle, triangle, square. */
function Mark({ kind }: { kind: Kind }) {
  return (
    <svg class="shape" viewBox="0 0 10 10" aria-hidden="true">
      {kind === "shared" && <circle cx="5" cy="5" r="4" />}
      {kind === "a" && <path d="M5 1 9.4 9H.6Z" />}
      {kind === "b" && <path d="M1.2 1.2h7.6v7.6H1.2Z" />}
    </svg>
  );
}

/** One item with both its lists. */
export function OneItem({ item, a, b, k }: { item: ComparisonItem; a: Side; b: Side; k: number }) {
  return <List items={[item]} a={a} b={b} k={k} />;
}

interface ListProps {
  items: ComparisonItem[];
  a: Side;
  b: Side;
  k: number;
}

function List({ items, a, b, k }: ListProps) {
  const shown = tellColumns(
    items.map((item) => item.columns),
    items.map((item) => item.id),
  );
  return (
    <ol class="items">
      {items.map((item) => (
        <li key={item.id} class="item" data-id={item.id}>
          <div class="subject">
            <Subject item={item} dataset={a.dataset} shown={shown} k={k} />
          </div>
          <div class="lists">
            <Neighbours
              side={a}
              list={item.a ?? []}
              shown={shown}
              other={{ name: b.name, list: item.b ?? [] }}
            />
            <Neighbours
              side={b}
              list={item.b ?? []}
              shown={shown}
              other={{ name: a.name, list: item.a ?? [] }}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}

interface SubjectProps {
  item: ComparisonItem;
  dataset: string | null;
  shown: Shown;
  k: number;
}

function Subject({ item, dataset, shown, k }: SubjectProps) {
  return (
    <>
      <Picture dataset={dataset} row={item.row_a} columns={item.columns} shown={shown} />
      <Sound dataset={dataset} row={item.row_a} columns={item.columns} shown={shown} />
      <div>
        <h3>
          <Name of={item.id} limit={120} />
        </h3>
        {shown.text && (
          <p class="text">
            <LongText text={item.columns[shown.text] ?? ""} limit={240} />
          </p>
        )}
        <Facts columns={item.columns} shown={shown} />
        <p class="agreement">
          <b>{item.shared}</b> of {k} shared, Jaccard {score(item.jaccard)}
        </p>
      </div>
    </>
  );
}

/** Some short columns of an item. */
export function Facts({ columns, shown }: { columns: Record<string, string>; shown: Shown }) {
  const facts = shown.facts.filter((name) => columns[name]).slice(0, 4);
  if (facts.length === 0) {
    return null;
  }
  return (
    <p class="facts">
      {facts.map((name) => (
        <span key={name}>
          <Name of={name} limit={60} />{" "}
          <b>
            <Name of={columns[name] ?? ""} limit={60} />
          </b>
        </span>
      ))}
    </p>
  );
}

interface PictureProps {
  dataset: string | null;
  row: number;
  columns: Record<string, string>;
  shown: Shown;
}

/** Address of a picture; where it has to be brought first, a blank one until it is there. */
function useAddress(
  dataset: string | null,
  row: number,
  column: string | null,
  setState: (state: "failed") => void,
): string {
  const direct = dataset && column ? mediaAddress(dataset, row, column) : blank;
  const [found, setFound] = useState(blank);
  useEffect(() => {
    let current = true;
    if (direct === null && dataset && column) {
      picture(dataset, row, column).then(
        (address) => current && setFound(address),
        () => current && setState("failed"),
      );
    }
    return () => {
      current = false;
    };
  }, [direct, dataset, row, column]);
  return direct ?? found;
}

const blank = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

/** The item's picture; tiny ones are enlarged pixel by pixel. */
export function Picture({ dataset, row, columns, shown }: PictureProps) {
  const [state, setState] = useState<"plain" | "tiny" | "failed">("plain");
  const address = useAddress(columns[shown.media ?? ""] ? dataset : null, row, shown.media, setState);
  if (!shown.media || !dataset || !columns[shown.media]) {
    return null;
  }
  if (state === "failed") {
    return (
      <span class="picture missing" title={`the picture ${columns[shown.media]} cannot be shown`}>
        ?
      </span>
    );
  }
  return (
    <img
      class={state === "tiny" ? "picture tiny" : "picture"}
      src={address}
      alt=""
      loading="lazy"
      onLoad={(event) => address !== blank && event.currentTarget.naturalWidth <= 32 && setState("tiny")}
      onError={() => setState("failed")}
    />
  );
}

let playing: HTMLAudioElement | null = null; // one at a time

/** The sound of a cell: what plays and stops it. */
export function useSound(dataset: string | null, row: number, column: string | null) {
  const [state, setState] = useState<"still" | "plays" | "failed">("still");
  const own = useRef<HTMLAudioElement | null>(null);
  useEffect(() => () => own.current?.pause(), []);
  const toggle = async () => {
    if (state === "plays") {
      own.current?.pause();
      return;
    }
    if (!dataset || !column) {
      return;
    }
    try {
      const address = mediaAddress(dataset, row, column) ?? (await picture(dataset, row, column));
      playing?.pause();
      const audio = new Audio(address);
      own.current = audio;
      playing = audio;
      audio.onpause = () => setState("still");
      audio.onended = () => setState("still");
      await audio.play();
      setState("plays");
    } catch {
      setState("failed");
    }
  };
  return { state, toggle };
}

/** Plays the item's sound, and stops it. */
function Sound({ dataset, row, columns, shown }: PictureProps) {
  const { state, toggle } = useSound(dataset, row, shown.sound);
  const file = columns[shown.sound ?? ""];
  if (!dataset || !file) {
    return null;
  }
  return state === "failed" ? (
    <span class="sound missing" role="status">
      {file} cannot be played
    </span>
  ) : (
    <button
      type="button"
      class="sound"
      aria-label={`${state === "plays" ? "Stop" : "Play"} ${file}`}
      onClick={toggle}
    >
      {state === "plays" ? "■" : "▶"}
    </button>
  );
}

interface NeighboursProps {
  side: Side;
  list: ListedNeighbour[];
  shown: Shown;
  /** The list of the other space: what is in both has a place in each. */
  other?: { name: string; list: ListedNeighbour[] };
}

/** A list of neighbours in one space. */
export function Neighbours({ side, list, shown, other }: NeighboursProps) {
  const pictures = shown.media !== null && shown.text === null;
  const there = new Map(other?.list.map((n, i) => [n.id, i + 1]));
  return (
    <div class={`neighbours side-${side.which}`}>
      <h4>
        <Name of={side.name} />
      </h4>
      <ol class={pictures ? "tiles" : "lines"}>
        {list.map((neighbour, i) => (
          <Neighbour
            key={neighbour.row}
            neighbour={neighbour}
            side={side}
            shown={shown}
            shift={shiftOf(i + 1, there.get(neighbour.id), other?.name)}
          />
        ))}
      </ol>
    </div>
  );
}

/** How far a neighbour's place in this list is from that in the other; null where it is in one only. */
function shiftOf(here: number, there: number | undefined, other = ""): Shift | null {
  if (there === undefined) {
    return null;
  }
  const by = there - here;
  const text = by === 0 ? "=" : by > 0 ? `↑${by}` : `↓${-by}`;
  return { text, told: `place ${here} here, ${there} in ${other}` };
}

interface Shift {
  text: string;
  told: string;
}

interface NeighbourProps {
  neighbour: ListedNeighbour;
  side: Side;
  shown: Shown;
  shift: Shift | null;
}

function Neighbour({ neighbour, side, shown, shift }: NeighbourProps) {
  const kind: Kind = neighbour.shared ? "shared" : side.which;
  const where = neighbour.shared ? "in both lists" : `only in ${side.name}`;
  const text = shown.text ? neighbour.columns[shown.text] : undefined;
  const first = shown.facts[0];
  return (
    <li
      class={`neighbour mark-${kind}`}
      title={`${neighbour.id}, distance ${distance(neighbour.distance)}, ${where}${shift ? `: ${shift.told}` : ""}`}
    >
      <Mark kind={kind} />
      <span class="hidden">{where}: </span>
      <Picture dataset={side.dataset} row={neighbour.row} columns={neighbour.columns} shown={shown} />
      <Sound dataset={side.dataset} row={neighbour.row} columns={neighbour.columns} shown={shown} />
      <span class="name">
        {text ? (
          <LongText text={text} limit={110} />
        ) : shown.media && first ? (
          <Name of={neighbour.columns[first] ?? ""} limit={110} />
        ) : (
          <Name of={neighbour.id} limit={110} />
        )}
      </span>
      <span class="distance">
        {shift && (
          <>
            <span class="shift" aria-hidden="true">
              {shift.text}
            </span>
            <span class="hidden">{shift.told}, distance </span>
          </>
        )}{" "}
        {distance(neighbour.distance)}
      </span>
    </li>
  );
}
