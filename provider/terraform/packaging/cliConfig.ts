/** The name configurations give in `source`. */
export const PROVIDER_SOURCE = "meshery/meshery";

/** The hosts that the engines read into a source without one: Terraform's, then OpenTofu's. */
export const REGISTRY_HOSTS = ["registry.terraform.io", "registry.opentofu.org"] as const;

/**
 * The blocks that belong into `provider_installation` of a CLI configuration. Excluding the name from direct download
 * keeps a package of that name in a public registry from ever being taken for this one.
 */
export function installationMethods(mirror: string): string {
  const names = REGISTRY_HOSTS.map((host) => quote(`${host}/${PROVIDER_SOURCE}`)).join(", ");
  return `  filesystem_mirror {
    path    = ${quote(mirror)}
    include = [${names}]
  }
  direct {
    exclude = [${names}]
  }
`;
}

/** A whole CLI configuration file. */
export function cliConfiguration(mirror: string): string {
  return `# Written by \`meshery-iac terraform install\`: where Terraform and OpenTofu find the Meshery provider.
provider_installation {
${installationMethods(mirror)}}
`;
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$${");
}
