/** `Temporal` for tests, undefined on runtimes that have none. */

interface Factory {
  from(text: string): object;
}

interface Classes {
  readonly PlainDate: Factory;
  readonly PlainTime: Factory;
  readonly PlainDateTime: Factory;
  readonly Instant: Factory;
  readonly ZonedDateTime: Factory;
  readonly Duration: Factory;
}

export const temporal: Classes | undefined = (globalThis as { Temporal?: unknown }).Temporal as
  | Classes
  | undefined;
