import type { Era } from "../eras/era";
import { htmlPage, loginPage } from "../http/pages";
import type { Reply } from "../http/replies";
import type { Call, Route } from "./shared/call";

function providers(call: Call): Reply {
  const describe = (name: string, type: string, url: string) => ({
    provider_type: type,
    provider_name: name,
    provider_url: url,
    provider_description: [],
    capabilities: [],
  });
  const { remote, local } = call.providers;
  return {
    status: 200,
    json: {
      [remote]: describe(remote, "remote", call.baseUrl),
      ...(local === undefined ? {} : { [local]: describe(local, "local", "") }),
    },
  };
}

const version = (): Reply => ({
  status: 200,
  json: { build: "embedded", commitsha: "", release_channel: "edge" },
});

const healthy = (): Reply => ({ status: 200, text: "ok\n" });
const page = (html: () => string) => (): Reply => ({ status: 200, html: html() });
const withProviders = (era: Era) => era.providers;

export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/api/providers", handle: providers, open: true, in: (era) => era.providerList },
  { method: "GET", path: "/api/system/version", handle: version, open: true },
  { method: "GET", path: "/healthz/live", handle: healthy, open: true },
  { method: "GET", path: "/healthz/ready", handle: healthy, open: true },
  {
    method: "GET",
    path: "/provider",
    handle: page(() => htmlPage("Meshery Provider", "Choose a provider.")),
    open: true,
    in: withProviders,
  },
  { method: "GET", path: "/login", handle: page(loginPage), open: true, in: withProviders },
  { method: "GET", path: "/auth/login", handle: page(loginPage), open: true, in: withProviders },
];
