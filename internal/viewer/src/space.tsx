// One space: where it comes from, whether it is healthy, its map, and the items that are near everything.
import { useState } from "preact/hooks";
import { ApiError, api, asApiError, type Grade, type ListedNeighbour, type SpaceDetail } from "./api";
import { tellColumns } from "./columns";
import { clip, count, counted, littleSpread, oddNorms, when } from "./format";
import { Neighbours } from "./items";
import { type Link, useShared } from "./link";
import { useLoad } from "./load";
import { MeasureTable } from "./measures";
import { OneMap, told } from "./onemap";
import { Failure, Name, Section, Waiting } from "./parts";
import { fragmentOf } from "./route";

/** The page of one space. */
export function SpacePage({ space: name, link }: { space: string; link: Link }) {
  const { value: space, error, again } = useLoad(() => api.space(name), [name]);
  const [, open] = useShared(link, "item", -1);
  if (error) {
    return <Failure error={error} again={again} />;
  }
  if (!space) {
    return <Waiting what="the space" />;
  }
  return (
    <>
      <nav aria-label="breadcrumb" class="above">
        <a href={fragmentOf({ page: "catalogue" })}>← What is tracked</a>
      </nav>
      <h1>
        <Name of={space.name} />
      </h1>
      <p class="muted">
        {counted(space.rows, "row")} of {counted(space.dims, "dimension")}, {space.metric}
        {space.dataset && `; dataset ${space.dataset}`}
        {space.experiment && "; experiment "}
        {space.experiment && space.step !== null ? (
          <a href={fragmentOf({ page: "experiment", name: space.experiment })}>{space.experiment}</a>
        ) : (
          space.experiment
        )}
        {space.step !== null && `, step ${count(space.step)}`}; added {when(space.created_at)}
      </p>
      <Health space={space} />
      {space.health.duplicate_rows > 0 && (
        <Duplicates space={space} open={open} select={(rows) => link.set("selection", rows)} />
      )}
      <Section title="The space as a map">
        <OneMap space={name} link={link} />
        <ById space={name} open={open} />
        <ByVector space={space} select={(rows) => link.set("selection", rows)} />
      </Section>
      <Quality space={space} open={open} />
    </>
  );
}

/** What may be wrong with the numbers themselves. */
function Health({ space }: { space: SpaceDetail }) {
  const { duplicate_rows: twice, zero_rows: zero, constant_dims: dead, ...norms } = space.health;
  const found = [
    twice > 0 && `${counted(twice, "row")} equal to an earlier one, bit for bit`,
    zero > 0 && `${counted(zero, "row")} of zeros only, without a direction`,
    dead > 0 && `${count(dead)} of ${counted(space.dims, "dimension")} hold one value only`,
    oddNorms(space.health, space.rows) && "a row is far longer or shorter than the others",
    ...littleSpread(space.health, space.dims),
  ].filter((text) => text !== false);
  return (
    <ul class="health">
      {found.length === 0 && <li class="good">no duplicate, no zero row, no dead dimension</li>}
      {found.map((text) => (
        <li key={text} class="doubtful">
          {text}
        </li>
      ))}
      <li>
        norms {norms.norm_min.toPrecision(3)} to {norms.norm_max.toPrecision(3)}, mean{" "}
        {norms.norm_mean.toPrecision(3)}
      </li>
    </ul>
  );
}

const groupsAtOnce = 20;
const idsShown = 12; // of a group

interface DuplicatesProps {
  space: SpaceDetail;
  open: (row: number) => void;
  select: (rows: number[]) => void;
}

/** Which rows are the same, behind a button. */
function Duplicates({ space, open, select }: DuplicatesProps) {
  const [most, setMost] = useState(0);
  const { value, error, again } = useLoad(
    async () => (most > 0 ? await api.duplicates(space.name, most) : null),
    [space.name, most],
  );
  const go = (act: () => void) => {
    act();
    document.querySelector(".maps")?.scrollIntoView();
  };
  return (
    <div class="duplicates">
      <button
        type="button"
        class="link"
        aria-expanded={most > 0}
        onClick={() => setMost(most ? 0 : groupsAtOnce)}
      >
        {most > 0 ? "Close the list of equal rows" : "Which rows are equal"}
      </button>
      {error && <Failure error={error} again={again} />}
      {most > 0 && !value && !error && <Waiting what="the equal rows" />}
      {most > 0 && value && (
        <>
          <ol>
            {value.groups.map(({ size, rows, ids }) => (
              <li key={rows[0]}>
                {counted(size, "row")}:{" "}
                {rows.slice(0, idsShown).map((row, i) => (
                  <button key={row} type="button" class="link" onClick={() => go(() => open(row))}>
                    <Name of={ids[i] ?? ""} limit={40} />
                  </button>
                ))}
                {size > idsShown && <span class="muted">…</span>}
                <button type="button" class="link" onClick={() => go(() => select(rows))}>
                  {size > rows.length ? `select ${count(rows.length)} of them` : "select them"}
                </button>
              </li>
            ))}
          </ol>
          {value.groups_total > most && (
            <button type="button" onClick={() => setMost(most + 5 * groupsAtOnce)}>
              Show more of {counted(value.groups_total, "group")}
            </button>
          )}
        </>
      )}
    </div>
  );
}

/** Opens an item by its id. */
function ById({ space, open }: { space: string; open: (row: number) => void }) {
  const [id, setId] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const look = (event: Event) => {
    event.preventDefault();
    setError(null);
    api.byId(space, id).then(
      (row) => open(row ?? -1),
      (failed: unknown) => setError(asApiError(failed)),
    );
  };
  return (
    <form class="by-id" onSubmit={look}>
      <label>
        Neighbours of the item with the id{" "}
        <input value={id} required onInput={(event) => setId(event.currentTarget.value)} />
      </label>{" "}
      <button type="submit">Show</button>
      {error && <Failure error={error} />}
    </form>
  );
}

/** The items nearest to a vector that is pasted: as a line of a CSV, a list of Python, or a column. */
function ByVector({ space, select }: { space: SpaceDetail; select: (rows: number[]) => void }) {
  const [text, setText] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [list, setList] = useState<ListedNeighbour[] | null>(null);
  const look = (event: Event) => {
    event.preventDefault();
    setError(null);
    setList(null);
    nearest(space, text).then(setList, (failed: unknown) => setError(asApiError(failed)));
  };
  return (
    <form class="by-vector" onSubmit={look}>
      <label>
        The items nearest to a vector of {counted(space.dims, "number")}
        <textarea
          rows={2}
          value={text}
          placeholder="[0.12, -0.5, …]"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Find the nearest</button>
      {error && <Failure error={error} />}
      {list && (
        <>
          <Neighbours
            side={{ name: "Nearest to the vector", which: "a", dataset: space.dataset }}
            list={list}
            shown={tellColumns(
              list.map((item) => item.columns),
              list.map((item) => item.id),
            )}
          />
          <button
            type="button"
            class="link"
            onClick={() => select(list.map(({ row }) => row).sort((a, b) => a - b))}
          >
            Select them on the map
          </button>
        </>
      )}
    </form>
  );
}

async function nearest(space: SpaceDetail, text: string): Promise<ListedNeighbour[]> {
  const parts = text.split(/[\s,;[\]()]+/).filter(Boolean);
  const wrong = parts.find((part) => !Number.isFinite(Number(part)));
  if (wrong !== undefined) {
    throw new ApiError(
      "invalid",
      `“${clip(wrong, 30).text}” is no number`,
      "Paste the vector's numbers only.",
    );
  }
  if (parts.length !== space.dims) {
    throw new ApiError(
      "invalid",
      `these are ${counted(parts.length, "number")}, a vector of this space has ${count(space.dims)}`,
      "Paste one whole vector.",
    );
  }
  const found = await api.query(space.name, parts.map(Number), 10);
  return told(space.dataset, found?.neighbours ?? []);
}

const atOnce = 20_000; // rows: a larger space is graded when it is asked for

/** Grades the space, and names what its neighbours hang on. */
function Quality({ space, open }: { space: SpaceDetail; open: (row: number) => void }) {
  const [wanted, setWanted] = useState(space.rows <= atOnce);
  const {
    value: grade,
    error,
    again,
  } = useLoad(async () => (wanted ? await gradeOf(space.name) : null), [space.name, wanted]);
  return (
    <Section title="Hubs, outliers and shape">
      {!wanted && (
        <button type="button" onClick={() => setWanted(true)}>
          Measure {counted(space.rows, "row")}
        </button>
      )}
      {error && <Failure error={error} again={again} />}
      {wanted && !grade && !error && <Waiting what="its measures" />}
      {grade && <Hubs grade={grade} open={open} />}
      {grade && grade.outliers.length > 0 && <Outliers grade={grade} open={open} />}
      {grade && (
        <MeasureTable
          measures={Object.fromEntries(Object.entries(grade.measures).filter(([, m]) => m.value !== null))}
        />
      )}
    </Section>
  );
}

async function gradeOf(space: string): Promise<Grade> {
  for (;;) {
    const { grade, job } = await api.grade(space);
    if (grade) {
      return grade;
    }
    const done = await api.job(job?.id ?? "", 10);
    if (done.error) {
      throw ApiError.of(done.error);
    }
  }
}

interface RankedProps {
  /** Names the items, most telling first. */
  what: string;
  items: { row: number; id: string; size: number; text: string }[];
  open: (row: number) => void;
}

/** Items with a bar each; a click opens one on the map. */
function Ranked({ what, items, open }: RankedProps) {
  const most = Math.max(1e-9, ...items.map(({ size }) => size));
  return (
    <>
      <p>{what}</p>
      <ol class="hubs">
        {items.map(({ row, id, size, text }) => (
          <li key={row}>
            <button
              type="button"
              class="link"
              onClick={() => {
                open(row);
                document.querySelector(".maps")?.scrollIntoView();
              }}
            >
              <Name of={id} limit={60} />
            </button>
            <span class="share">
              <span style={{ width: `${(100 * size) / most}%` }} />
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Hubs({ grade, open }: { grade: Grade; open: (row: number) => void }) {
  const items = grade.hubs.map((hub) => ({ ...hub, size: hub.lists, text: counted(hub.lists, "list") }));
  const what = `An item stands in ${grade.k} lists of neighbours on average. These stand in most:`;
  return <Ranked what={what} items={items} open={open} />;
}

function Outliers({ grade, open }: { grade: Grade; open: (row: number) => void }) {
  const items = grade.outliers.map((one) => ({
    ...one,
    size: one.isolation,
    text: `${one.isolation.toFixed(1)} times as far as its neighbours are from theirs`,
  }));
  return <Ranked what="These are far from everything:" items={items} open={open} />;
}
