/** A request as a site sees it. */
export interface SiteRequest {
  readonly method: string;
  /** Host name as the client called it, in lower case, without a port. */
  readonly host: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What a site answers. */
export interface SiteAnswer {
  readonly status: number;
  readonly type: string;
  /** Written one after the other; more than one where the real site would stream. */
  readonly parts: readonly string[];
}

/** A site of the lab internet: pure, without state. */
export interface Site {
  readonly host: string;
  readonly answer: (request: SiteRequest) => SiteAnswer;
}

/** An answer of one JSON value. */
export function json(value: unknown, status = 200): SiteAnswer {
  return { status, type: "application/json; charset=utf-8", parts: [JSON.stringify(value)] };
}

/** Server-sent events. The name of an event is left out where the real site sends none. */
export function events(list: readonly { readonly event?: string; readonly data: string }[]): SiteAnswer {
  const parts = list.map(({ event, data }) => `${event === undefined ? "" : `event: ${event}\n`}data: ${data}\n\n`);
  return { status: 200, type: "text/event-stream; charset=utf-8", parts };
}

/** The body as JSON; undefined when it is none. */
export function parseBody({ body }: SiteRequest): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A rough count, as a bill would show it: real tokenizers are not worth their size here. */
export function tokensIn(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
