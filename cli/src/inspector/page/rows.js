// A list of rows that changes only where its entries have.

/** Shows entries as children of `body`. `make` makes an empty row; `fill` writes an entry into it. */
export class Rows {
  #rows = new Map();

  constructor(body, make, fill) {
    this.body = body;
    this.make = make;
    this.fill = fill;
  }

  show(entries) {
    const wanted = new Set(entries.map(({ id }) => id));
    for (const [id, { row }] of this.#rows) {
      if (wanted.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    let place = this.body.firstElementChild;
    for (const entry of entries) {
      const known = this.#rows.get(entry.id) ?? { row: this.make(entry) };
      if (known.entry !== entry) {
        this.fill(known.row, entry);
        known.entry = entry;
        this.#rows.set(entry.id, known);
      }
      if (known.row === place) place = place.nextElementSibling;
      else this.body.insertBefore(known.row, place);
    }
  }

  row(id) {
    return this.#rows.get(id)?.row;
  }
}
