// Which columns of a dataset are worth showing, and how, told from their values.

/** Columns by what they hold. */
export interface Shown {
  /** The column that names a picture, or null. */
  media: string | null;
  /** The column that names a sound, or null. */
  sound: string | null;
  /** The column that holds the item's text, or null. */
  text: string | null;
  /** Short facts beside it: labels, numbers. */
  facts: string[];
}

const sound = /\.(wav|mp3|ogg|oga|opus|flac|m4a)$/i;
const picture = /\.(png|jpe?g|gif|webp)$/i;
const textLength = 16; // mean characters from which a column is read as text, not as a fact

/** Tells the columns of some rows apart. `ids` holds the rows' ids: a column equal to them is left out. */
export function tellColumns(rows: readonly Record<string, string>[], ids: readonly string[]): Shown {
  const shown: Shown = { media: null, sound: null, text: null, facts: [] };
  const names = Object.keys(rows[0] ?? {});
  let longest = textLength;
  for (const name of names) {
    const values = rows.map((row) => row[name] ?? "");
    if (values.every((value, i) => value === ids[i])) {
      continue;
    }
    const filled = values.filter((value) => value !== "");
    if (shown.media === null && filled.length > 0 && filled.every((value) => picture.test(value))) {
      shown.media = name;
      continue;
    }
    if (shown.sound === null && filled.length > 0 && filled.every((value) => sound.test(value))) {
      shown.sound = name;
      continue;
    }
    const mean = filled.reduce((sum, value) => sum + value.length, 0) / Math.max(1, filled.length);
    if (mean < textLength) {
      shown.facts.push(name);
    } else if (mean >= longest) {
      longest = mean;
      shown.text = name;
    }
  }
  shown.facts.sort();
  return shown;
}
