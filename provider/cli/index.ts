/** Put in at build. */
declare const VERSION: string;

interface Verb {
  summary: string;
  run: () => Promise<(argv: string[]) => Promise<number>>;
}

/** One file per verb, loaded when it is called. */
const VERBS: Record<string, Verb> = {
  quickstart: {
    summary: "Try it: an embedded Meshery, a program, plan, apply, change, destroy",
    run: async () => (await import("./quickstart")).quickstart,
  },
  serve: {
    summary: "Run an embedded Meshery API for trials and tests",
    run: async () => (await import("./serve")).serve,
  },
  review: {
    summary: "Who gains or loses access to what by a plan",
    run: async () => (await import("./review")).review,
  },
  explain: {
    summary: "By which paths a workspace or team reaches a connection",
    run: async () => (await import("./explain")).explain,
  },
  check: {
    summary: "What Meshery holds now, against assertions and rules",
    run: async () => (await import("./check")).check,
  },
  terraform: {
    summary: "terraform install: let terraform and tofu find the provider",
    run: async () => (await import("./terraform")).terraform,
  },
  pulumi: {
    summary: "pulumi install: let pulumi find the provider plugin",
    run: async () => (await import("./pulumi")).pulumi,
  },
};

const USAGE = [
  `meshery-iac ${VERSION}: Meshery environments as code`,
  "",
  "Usage: meshery-iac <command> [options]",
  "",
  ...Object.entries(VERBS).map(([name, { summary }]) => `  ${name.padEnd(11)} ${summary}`),
  "",
  "meshery-iac <command> --help tells the options of a command.",
].join("\n");

async function main([name, ...argv]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.log(USAGE);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "version") {
    console.log(VERSION);
    return 0;
  }
  const verb = VERBS[name];
  if (!verb) {
    console.error(`meshery-iac: there is no command "${name}". Commands: ${Object.keys(VERBS).join(", ")}.`);
    return 2;
  }
  return (await verb.run())(argv);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`meshery-iac: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
