/** The part of `@std/streams` that tests use, with types: the npm repack of it has none. */

// @ts-types="./std_streams.d.ts"
export { ByteSliceStream, concatReadableStreams } from "@std/streams";
