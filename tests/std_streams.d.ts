/** Passes on the bytes from `start` to `end`, both included. */
export class ByteSliceStream extends TransformStream<Uint8Array, Uint8Array> {
  constructor(start?: number, end?: number);
}
export function concatReadableStreams<T>(...streams: ReadableStream<T>[]): ReadableStream<T>;
