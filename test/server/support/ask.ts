import type { MesheryServer } from "../../../provider/server";

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; an assertion fails where it is none. */
  json: unknown;
}

export interface Asking {
  method?: string;
  body?: unknown;
  /** Sent as it is. */
  rawBody?: string | Buffer;
  headers?: Record<string, string>;
  token?: string;
  provider?: string;
}

/** Headers that both a Meshery Server and Meshery Cloud understand. */
export function credentials(server: MesheryServer, token = server.token, provider = server.mesheryProvider) {
  return { authorization: `Bearer ${token}`, cookie: `token=${token}; meshery-provider=${provider}` };
}

/** One request over a real socket; redirects are not followed. */
export async function ask(server: MesheryServer, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = asking.body === undefined && asking.rawBody === undefined ? "GET" : "POST", headers } = asking;
  const response = await fetch(`${server.url}${path}`, {
    method,
    redirect: "manual",
    headers: { ...(headers ?? credentials(server, asking.token, asking.provider)) },
    body: asking.rawBody ?? (asking.body === undefined ? null : JSON.stringify(asking.body)),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json(): unknown {
      return JSON.parse(text);
    },
  };
}
