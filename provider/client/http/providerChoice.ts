import type { ErrorFactory } from "./errorFactory";
import { type OfferedProvider, PROVIDERS } from "./providers";
import type { Signer } from "./signer";

/** The provider to name in each request: as configured, else as the server's own list leaves only one choice. */
export class ProviderChoice {
  private chosen: Promise<string | undefined> | undefined;

  constructor(
    private readonly configured: string | undefined,
    private readonly signer: Signer,
    private readonly errors: ErrorFactory,
    private readonly offered: () => Promise<OfferedProvider[] | undefined>,
  ) {}

  /** @throws ApiError where the server offers several, or where there is no server */
  name(): Promise<string | undefined> {
    this.chosen ??= this.choose().catch((error) => {
      this.chosen = undefined;
      throw error;
    });
    return this.chosen;
  }

  private async choose(): Promise<string | undefined> {
    if (this.configured) return this.configured;
    const offered = await this.offered();
    if (!offered || offered.length === 0) return undefined;
    const local = offered.find((provider) => !provider.remote);
    if (!this.signer.hasToken && local) return local.name;
    const remote = offered.filter((provider) => provider.remote);
    if (remote.length === 1) return remote[0]?.name;
    if (remote.length === 0) return local?.name;
    const names = offered.map(({ name }) => name);
    throw this.errors.providerNotNamed({ method: "GET", path: PROVIDERS }, names);
  }
}
