import type { AxiosInstance, AxiosResponse } from "axios";
import { LARGEST_ANSWER, PARALLEL_REQUESTS } from "./limits";

export interface RawRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  signal: AbortSignal;
}

export interface RawResponse {
  status: number;
  /** The body as it came. */
  text: string;
  contentType: string;
  location: string;
  /** The headers Retry-After and Set-Cookie. */
  retryAfter: string | undefined;
  setCookie: string[] | undefined;
}

export interface Transport {
  send(request: RawRequest): Promise<RawResponse>;
  /** Why authorities of the user's own are not trusted; undefined where they are, or where there are none. */
  caProblem: string | undefined;
}

/** What sends requests to `base`, by axios: no redirects, every status an answer, text as it came. */
export async function createTransport(base: string, userAgent: string | undefined): Promise<Transport> {
  // Only now: most processes that an engine starts never send a request.
  const [axios, { Agent }, { Agent: TlsAgent }, { authorities }] = await Promise.all([
    import("axios"),
    import("node:http"),
    import("node:https"),
    import("./certificates"),
  ]);
  const { secureContext, problem } = usesTls(base, process.env) ? authorities(process.env) : {};
  const client = axios.default.create({
    adapter: "http",
    httpAgent: new Agent({ keepAlive: true, maxSockets: PARALLEL_REQUESTS }),
    httpsAgent: new TlsAgent({ keepAlive: true, maxSockets: PARALLEL_REQUESTS, secureContext }),
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    responseType: "text",
    transformResponse: (data) => data,
    validateStatus: () => true,
    headers: { "user-agent": userAgent ?? "meshery-iac" },
  });
  return { send: (request) => sendBy(client, request), caProblem: problem };
}

async function sendBy(client: AxiosInstance, { body, ...request }: RawRequest): Promise<RawResponse> {
  const { status, data, headers }: AxiosResponse<string> = await client.request({ ...request, data: body });
  return {
    status,
    text: typeof data === "string" ? data : "",
    contentType: String(headers["content-type"] ?? ""),
    location: String(headers.location ?? ""),
    retryAfter: headers["retry-after"],
    setCookie: headers["set-cookie"],
  };
}

/** Whether requests go over TLS, to Meshery or to a proxy. */
const usesTls = (url: string, { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy }: NodeJS.ProcessEnv): boolean =>
  [url, HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy].some((address) => /^https:/i.test(address ?? ""));
