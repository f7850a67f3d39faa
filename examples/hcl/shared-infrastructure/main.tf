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

data "meshery_connection" "shared" {
  for_each = toset(["central-prometheus", "central-grafana", "central-jaeger"])
  name     = each.key
}

data "meshery_workspace" "team" {
  for_each = toset(["platform-team", "app-team-alpha", "app-team-beta"])
  name     = each.key
}

resource "meshery_environment" "shared_monitoring" {
  name        = "shared-monitoring"
  description = "Observability for every team"
}

resource "meshery_connection_assignment" "shared" {
  for_each       = data.meshery_connection.shared
  environment_id = meshery_environment.shared_monitoring.id
  connection_id  = each.value.id
}

resource "meshery_workspace_binding" "team" {
  for_each       = data.meshery_workspace.team
  workspace_id   = each.value.id
  environment_id = meshery_environment.shared_monitoring.id
}
