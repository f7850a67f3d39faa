// A whole topology in one file that everybody can read and review; editors check it by its schema.
import * as meshery from "meshery-iac/pulumi";

const topology = new meshery.EnvironmentTopology("topology", { file: "topology.yaml" });

export const environmentIds = topology.environmentIds;
