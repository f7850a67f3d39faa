import type { AxiosInstance } from "axios";

export interface TransportOptions {
  /** Connections at a time. */
  width: number;
  /** Bytes of an answer. */
  largest: number;
  userAgent: string | undefined;
}

/** What sends requests: no redirects, every status an answer, text as it came. `problem` says why authorities are not trusted. */
export async function transport(
  base: string,
  { width, largest, userAgent }: TransportOptions,
): Promise<{ client: AxiosInstance; problem: string | undefined }> {
  // Only now: most processes that an engine starts never send a request.
  const [axios, { Agent }, { Agent: TlsAgent }, { authorities }] = await Promise.all([
    import("axios"),
    import("node:http"),
    import("node:https"),
    import("./certificates"),
  ]);
  const { secureContext, problem } = overTls(base, process.env) ? authorities(process.env) : {};
  const client = axios.default.create({
    adapter: "http",
    httpAgent: new Agent({ keepAlive: true, maxSockets: width }),
    httpsAgent: new TlsAgent({ keepAlive: true, maxSockets: width, secureContext }),
    maxRedirects: 0,
    maxContentLength: largest,
    responseType: "text",
    transformResponse: (data) => data,
    validateStatus: () => true,
    headers: { "user-agent": userAgent ?? "meshery-iac" },
  });
  return { client, problem };
}

/** Whether requests go over TLS, to Meshery or to a proxy. */
const overTls = (url: string, { HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy }: NodeJS.ProcessEnv): boolean =>
  [url, HTTP_PROXY, http_proxy, ALL_PROXY, all_proxy].some((address) => /^https:/i.test(address ?? ""));
