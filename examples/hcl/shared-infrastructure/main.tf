# Pattern: shared infrastructure. One environment holds what every team uses and is bound to all of their workspaces.
terraform {
  required_providers {
    meshery = {
      source  = "meshery/meshery"
      version = "~> 0.1.0"
    }
  }
}

# url and token come from MESHERY_URL and MESHERY_TOKEN.
provider "meshery" {}

resource "meshery_environment" "shared_monitoring" {
  name        = "shared-monitoring"
  description = "Observability for every team"
}

resource "meshery_connection_assignment" "shared" {
  for_each         = toset(["central-prometheus", "central-grafana", "central-jaeger"])
  environment_name = meshery_environment.shared_monitoring.name
  connection_name  = each.key
}

resource "meshery_workspace_binding" "team" {
  for_each         = toset(["platform-team", "app-team-alpha", "app-team-beta"])
  workspace_name   = each.key
  environment_name = meshery_environment.shared_monitoring.name
}
