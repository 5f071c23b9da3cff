import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { connect, ConnectionError, ProtocolError } from "../../mod.ts";
import { test } from "../harness.ts";
import { server } from "../servers.ts";
import { assertEquals, assertInstanceOf } from "../std_assert.ts";
import { FaultProxy } from "./proxy.ts";
import { assertWorks, lossOf, rejectionOf } from "./settling.ts";
import { withoutUnhandledRejections } from "./unhandled.ts";

const pg18 = await server("pg18");

const text = (characters: string) => new TextEncoder().encode(characters);

/** What a server may say to the SSLRequest that is no start of TLS. */
const answers: readonly {
  readonly name: string;
  readonly answer: Uint8Array;
  readonly thenEnds: boolean;
  readonly errorClass: typeof ConnectionError | typeof ProtocolError;
}[] = [
  { name: "nothing", answer: text(""), thenEnds: false, errorClass: ConnectionError },
  { name: "nothing, and ends", answer: text(""), thenEnds: true, errorClass: ConnectionError },
  { name: "no", answer: text("N"), thenEnds: true, errorClass: ConnectionError },
  { name: "an unknown letter", answer: text("X"), thenEnds: false, errorClass: ProtocolError },
  {
    name: "the start of a web page",
    answer: text("HTTP/1.1 400 Bad Request\r\n\r\n"),
    thenEnds: true,
    errorClass: ProtocolError,
  },
  {
    name: "an error in the form of 2.0",
    answer: text("EFATAL 1:  unsupported frontend protocol\n\0"),
    thenEnds: true,
    errorClass: ConnectionError,
  },
  {
    name: "yes, and plaintext behind it",
    answer: text("SR\0\0\0\x08\0\0\0\0"),
    thenEnds: false,
    errorClass: ProtocolError,
  },
  { name: "yes, and ends", answer: text("S"), thenEnds: true, errorClass: ConnectionError },
  {
    name: "yes, and then nothing",
    answer: text("S"),
    thenEnds: false,
    errorClass: ConnectionError,
  },
];

for (const { name, answer, thenEnds, errorClass } of answers) {
  test(`openSession() rejects when the server answers the SSLRequest with ${name}`, () =>
    withoutUnhandledRejections(async () => {
      await using fake = await serverThat((socket) => {
        socket.write(answer);
        if (thenEnds) socket.end();
      });
      await using sql = connect(fake.url("require"), { max: 1, connectTimeoutMs: 200 });
      await rejectionOf(sql`select 1`, errorClass);
      await rejectionOf(sql`select 1`, errorClass);
    }));
}

test("openSession() rejects in time when the TLS handshake is answered with noise", () =>
  withoutUnhandledRejections(async () => {
    await using fake = await serverThat((socket) => {
      socket.write(text("S"));
      socket.once("data", () => socket.write(text("this is not TLS, not at all, by no means")));
    });
    await using sql = connect(fake.url("require"), { max: 1, connectTimeoutMs: 2_000 });
    assertInstanceOf(await lossOf(sql`select 1`), ConnectionError);
  }));

test("openSession() rejects in time on a server that accepts and is silent", () =>
  withoutUnhandledRejections(async () => {
    for (const mode of ["disable", "allow", "prefer", "require"]) {
      await using fake = await serverThat(() => {});
      await using sql = connect(fake.url(mode), { max: 1, connectTimeoutMs: 100 });
      const error = await lossOf(sql`select 1`);
      assertInstanceOf(error, ConnectionError);
      assertEquals(error.code, "ETIMEDOUT");
    }
  }));

for (const fault of ["cut", "reset", "stall"] as const) {
  test(`openSession() rejects when the TLS handshake is ${fault} at any place`, () =>
    withoutUnhandledRejections(async () => {
      for (const at of fault === "stall" ? [0, 1, 50, 500] : [0, 1, 2, 6, 50, 130, 500, 900]) {
        await using proxy = await FaultProxy.start(pg18, (connection, number) => {
          if (number === 1) connection.failAfter(at, fault);
        });
        const url = proxy.url({ sslmode: "require" });
        await using sql = connect(url, {
          max: 1,
          connectTimeoutMs: fault === "stall" ? 500 : 5_000,
        });
        await lossOf(sql`select 1`);
        await assertWorks(sql);
      }
    }));
}

/** A server that does one thing with the first bytes of each connection. */
async function serverThat(
  act: (socket: Socket) => void,
): Promise<AsyncDisposable & { url(sslmode: string): string }> {
  const sockets: Socket[] = [];
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.once("data", () => act(socket));
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    url: (sslmode) => `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=${sslmode}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
