import { EXTRA_CA_CERTS } from "../../client/http/certificates";

/** The oldest Node.js that runs the provider. */
export const OLDEST_NODE = 20;

/** The name engines look for in a package: the first file that begins so is the one they execute. */
export function launcherName(version: string): string {
  return `terraform-provider-meshery_v${version}`;
}

/** The file that the launcher has Node run. */
export const START_FILE = "start.cjs";

/**
 * Starts provider.cjs, which lies beside it, on a Node that can read it. Old syntax on purpose: it is what an old Node has to
 * understand. One process for check and start costs no time, and a file starts faster than a text on the command line.
 */
export function startScript(): string {
  const tooOld = `terraform-provider-meshery needs Node.js ${OLDEST_NODE} or newer; the node on the PATH is `;
  return `if (parseInt(process.versions.node, 10) < ${OLDEST_NODE}) {
  console.log("${tooOld}" + process.version);
  process.exit(1);
}
require("./provider.cjs");
`;
}

/**
 * The executable of the provider package: a shell script that has Node run start.cjs, which lies beside it.
 *
 * A script for Node would have no file extension, so a project that says `"type": "module"` would make Node read it as
 * another kind of module, and `.terraform/` lies inside the project. What goes wrong is said in one line on standard
 * output: an engine shows the first line it gets in place of the handshake, and nothing else.
 *
 * Authorities that the user adds are kept for the requests that need them. Where the user has Node trust another set than
 * its own, Node is left to it.
 */
export function launcherScript(): string {
  return `#!/bin/sh
# Starts the Meshery provider for Terraform and OpenTofu.
directory=\${0%/*}
if [ "$directory" = "$0" ]; then directory=.; fi
if ! command -v node >/dev/null 2>&1; then
  echo "terraform-provider-meshery needs Node.js ${OLDEST_NODE} or newer, and there is no node on the PATH"
  exit 1
fi
if [ -n "\${NODE_EXTRA_CA_CERTS-}" ] && [ -z "\${NODE_USE_SYSTEM_CA-}" ]; then
  case "\${NODE_OPTIONS-}" in
    *-ca*) ;;
    *) export ${EXTRA_CA_CERTS}="$NODE_EXTRA_CA_CERTS"; unset NODE_EXTRA_CA_CERTS ;;
  esac
fi
exec node "$directory/${START_FILE}"
`;
}
