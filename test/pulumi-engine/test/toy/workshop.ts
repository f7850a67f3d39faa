/** Builds what a toy scenario needs on disk: the toy package, its plugin, and programs that use them. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import type { ProviderCommand } from "../../src/providerProcess";

const PULUMI = dirname(require.resolve("@pulumi/pulumi/package.json"));

export class Workshop {
  private programs = 0;

  private constructor(private readonly folder: string) {}

  static async open(): Promise<Workshop> {
    const workshop = new Workshop(mkdtempSync(join(tmpdir(), "toy-")));
    const shared = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "silent" } as const;
    const library = { ...shared, external: ["@pulumi/pulumi"] };
    await Promise.all([
      build({ ...library, entryPoints: [join(__dirname, "resources.ts")], outfile: workshop.toy("index.js") }),
      build({ ...library, entryPoints: [join(__dirname, "dynamic.ts")], outfile: workshop.toy("dynamic.js") }),
      build({ ...shared, entryPoints: [join(__dirname, "plugin.ts")], outfile: workshop.pluginFile }),
    ]);
    writeFileSync(workshop.toy("package.json"), JSON.stringify({ name: "toy", version: "1.0.0", main: "index.js" }));
    return workshop;
  }

  get plugin(): ProviderCommand {
    return { command: process.execPath, args: [this.pluginFile] };
  }

  /** A program folder with the toy and @pulumi/pulumi in its node_modules. */
  program(source: string): Program {
    this.programs += 1;
    const folder = join(this.folder, `program-${this.programs}`);
    mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
    symlinkSync(PULUMI, join(folder, "node_modules", "@pulumi", "pulumi"));
    cpSync(join(this.folder, "packages", "toy"), join(folder, "node_modules", "toy"), { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), "name: toys\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "toys", main: "index.js" }));
    return new Program(folder).edit(source);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private toy(file: string): string {
    return join(this.folder, "packages", "toy", file);
  }

  private get pluginFile(): string {
    return join(this.folder, "plugin.js");
  }
}

export class Program {
  constructor(readonly folder: string) {}

  /** Replaces the source; the imports every program begins with are added. */
  edit(source: string): this {
    const imports = 'import * as pulumi from "@pulumi/pulumi";\nimport * as toy from "toy";\n';
    writeFileSync(join(this.folder, "index.ts"), imports + source);
    return this;
  }
}
