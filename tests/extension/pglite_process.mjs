/**
 * A PostgreSQL in WASM with pgvector and PostGIS, until standard input ends. Prints its port.
 *
 * JavaScript, because Node 20 is to run it too. The argument is a file that keeps the database
 * with its extensions: creating those of PostGIS takes longer than all else.
 */

import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { postgis } from "@electric-sql/pglite-postgis";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import process from "node:process";

// Whoever started this has ended, or wants it no more; nothing in it needs an orderly end.
process.stdin.on("end", () => process.exit()).resume();

const [, , file] = process.argv;
const saved = await readFile(file).catch(() => undefined);
const database = await PGlite.create({
  extensions: { vector, postgis },
  ...(saved && { loadDataDir: new Blob([saved]) }),
});
if (!saved) {
  await database.exec("create extension vector; create extension postgis");
  await save(await database.dumpDataDir("none"));
}
const port = await freePort();
await new PGLiteSocketServer({ db: database, host: "127.0.0.1", port, maxConnections: 10 }).start();
console.log(port);

/** Whole or not at all: others may start, too. */
async function save(dump) {
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, new Uint8Array(await dump.arrayBuffer()));
  await rename(unfinished, file);
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
