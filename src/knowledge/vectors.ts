import type { Store } from './store.ts';

/** Pieces that have no vector of a model yet, with the text that one is made of. */
export function piecesWithoutVector(
  store: Store,
  place: string,
  model: string,
): readonly { readonly id: number; readonly text: string }[] {
  return store
    .prepare<[string, string], { readonly id: number; readonly headings: string; readonly text: string }>(
      `SELECT piece.id, piece.headings, piece.text FROM piece JOIN document ON document.id = piece.document
       WHERE place = ? AND NOT EXISTS (SELECT 1 FROM vector WHERE vector.piece = piece.id AND vector.model = ?)
       ORDER BY piece.id`,
    )
    .all(place, model)
    .map(({ id, headings, text }) => {
      const path: readonly string[] = JSON.parse(headings);
      return { id, text: [path.join(' > '), text].filter((part) => part !== '').join('\n') };
    });
}

/** Whether any piece has a vector of a model. */
export function hasVectors(store: Store, model: string): boolean {
  return store.prepare('SELECT 1 FROM vector WHERE model = ? LIMIT 1').get(model) !== undefined;
}

/** Keeps the vector of a piece; those of another model go. */
export function keepVectors(
  store: Store,
  model: string,
  vectors: readonly { readonly id: number; readonly vector: Float32Array }[],
): void {
  store.transaction(() => {
    const insert = store.prepare('INSERT OR REPLACE INTO vector (piece, model, value) VALUES (?, ?, ?)');
    const remove = store.prepare('DELETE FROM vector WHERE piece = ? AND model <> ?');
    for (const { id, vector } of vectors) {
      remove.run(id, model);
      insert.run(id, model, Buffer.from(normalized(vector).buffer));
    }
  })();
}

/** So many pieces are near to a question at most. */
const mostNear = 5;

/** How far above the mean of all a piece has to be, in standard deviations, where there are enough to tell. */
const leastDeviations = 1.5;
const enough = 10;

/**
 * The pieces of a database that are nearest to a question by the cosine of their vectors, the nearest first. How near is near
 * differs from model to model, so each is measured against all the others.
 */
export function nearestPieces(
  store: Store,
  place: string,
  { model, vector }: { readonly model: string; readonly vector: Float32Array },
): readonly number[] {
  const wanted = normalized(vector);
  const found: { readonly id: number; readonly cosine: number }[] = [];
  const rows = store
    .prepare<[string, string], { readonly piece: number; readonly value: Uint8Array }>(
      `SELECT piece, value FROM vector JOIN piece ON piece.id = vector.piece JOIN document ON document.id = piece.document
       WHERE place = ? AND model = ?`,
    )
    .iterate(place, model);
  for (const { piece, value } of rows) {
    const own = new Float32Array(new Uint8Array(value).buffer);
    if (own.length === wanted.length) {
      found.push({
        id: piece,
        cosine: own.reduce((sum, part, index) => sum + part * (wanted[index] ?? 0), 0),
      });
    }
  }
  const mean = found.reduce((sum, { cosine }) => sum + cosine, 0) / found.length;
  const deviation = Math.sqrt(
    found.reduce((sum, { cosine }) => sum + (cosine - mean) ** 2, 0) / found.length,
  );
  const least = found.length < enough ? mean : mean + leastDeviations * deviation;
  return found
    .filter(({ cosine }) => cosine > 0 && cosine >= least)
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, mostNear)
    .map(({ id }) => id);
}

function normalized(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector.slice() : vector.map((part) => part / length);
}
