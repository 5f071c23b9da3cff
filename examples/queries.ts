/**
 * Writing queries: pieces of SQL, helpers, shapes of rows, names of columns.
 *
 *     deno run -A examples/queries.ts
 */

import { connect } from "../mod.ts";
import { withServer } from "./server.ts";

interface Book {
  readonly id: number;
  readonly title: string;
  readonly pageCount: number;
}

await withServer(async (url) => {
  await using sql = connect(url, { transform: "camel" });
  await using tx = await sql.transaction(); // Nothing is left behind: it is rolled back.
  await tx`create temporary table book (id int primary key, title text, page_count int)`;

  // Objects become columns and values; names are turned as `transform` says.
  const books: Book[] = [
    { id: 1, title: "The Left Hand of Darkness", pageCount: 304 },
    { id: 2, title: "The Dispossessed", pageCount: 387 },
    { id: 3, title: "The Word for World Is Forest", pageCount: 189 },
  ];
  await tx`insert into book ${tx(books)}`;
  await tx`update book set ${tx({ pageCount: 190 })} where id = ${3}`;

  // A query that nobody awaits is a piece of another.
  const long = (pages: number) => tx`page_count > ${pages}`;
  const found = await tx<Book>`
    select ${tx(["id", "title", "pageCount"])} from book
    where ${long(200)} and id in ${tx([1, 2, 3])}
    order by id`;
  console.log(found.map(({ title, pageCount }) => `${title}, ${pageCount} pages`));

  // One row, other shapes, what the server knows without running it.
  const { title } = await tx<Book>`select * from book where id = ${2}`.one();
  const nothing = await tx<Book>`select * from book where id = ${99}`.maybeOne();
  const [[longest]] = await tx`select max(page_count) from book`.values();
  const { types, columns } = await tx`select title from book where id = ${0}`.describe();
  console.log({ title, nothing, longest, types, column: columns?.[0].name });

  // As pg does it.
  const { rows, rowCount } = await tx.query("select id from book where id < $1", [3]);
  console.log(rows, rowCount);
});
