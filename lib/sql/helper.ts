/**
 * Objects and lists in a template: what they become depends on where they stand.
 *
 * @module
 */

import { partsAt } from "./clause_parts.ts";
import { contentOf } from "./content.ts";
import { Fragment } from "./fragment.ts";
import type { Row } from "./row_table.ts";

/**
 * An object, or a list of objects, of arrays or of values, as a piece of SQL.
 *
 * | it stands behind      | objects                    | arrays              | values     |
 * | --------------------- | -------------------------- | ------------------- | ---------- |
 * | `insert into t`       | `("a","b") values ($1,$2)` |                     |            |
 * | `values`              | `($1,$2),($3,$4)`          | `($1,$2),($3,$4)`   | `($1,$2)`  |
 * | `in`                  | `($1,$2)`, of one column   | `(($1,$2),($3,$4))` | `($1,$2)`  |
 * | `set`                 | `"a" = $1, "b" = $2`       |                     |            |
 * | `select`, `returning` | `$1 as "a", $2 as "b"`     |                     | `"a", "b"` |
 * | anything else         |                            |                     | `"a", "b"` |
 *
 * `set` and `select` take one object, not a list of them; `in` takes the columns that are named,
 * as rows when they are several. In a parenthesis that is open already, `in (` or `values (`, no
 * other is written. Strings become names where the table says `"a"`, and fragments are written
 * as SQL everywhere. Names are quoted, after the client's `transform.column.to`.
 *
 * @example Insert rows, and find them
 * ```ts ignore
 * await sql`insert into users ${sql(users, "id", "name")}`;
 * await sql`select * from users where id in ${sql(users, "id")} order by ${sql(["name"])}`;
 * ```
 */
export class Helper extends Fragment {
  /**
   * Made by `sql`. The columns are given one by one or as a list; without them they are the keys
   * of the first object.
   *
   * @throws {TypeError} when there is nothing to make SQL of
   */
  constructor(
    first: Row | readonly unknown[],
    columns: readonly (string | readonly string[])[] = [],
  ) {
    const content = contentOf(first, columns.length > 0 ? columns.flat() : undefined);
    super({
      strings: [""],
      values: [],
      placed: (place, columnName) => partsAt(place, { content, columnName }),
    });
  }
}
