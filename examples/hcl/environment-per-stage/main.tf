# Pattern: one environment per deployment stage, each bound to the workspace of the platform team.
# Connections and workspaces exist already; the program names them, and its plan says who gets what.
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

locals {
  stages = {
    production  = ["prod-gke-us-east", "prod-gke-us-west", "prod-prometheus", "prod-grafana", "prod-rds"]
    staging     = ["staging-eks", "staging-prometheus", "staging-grafana"]
    development = ["dev-k3s-local", "dev-prometheus"]
  }
  assignments = merge([
    for stage, names in local.stages : { for name in names : "${stage}/${name}" => { stage = stage, name = name } }
  ]...)
}

resource "meshery_environment" "stage" {
  for_each    = local.stages
  name        = each.key
  description = "The ${each.key} stage"
}

resource "meshery_connection_assignment" "all" {
  for_each         = local.assignments
  environment_name = meshery_environment.stage[each.value.stage].name
  connection_name  = each.value.name
}

resource "meshery_workspace_binding" "platform_team" {
  for_each         = local.stages
  workspace_name   = "platform-team"
  environment_name = meshery_environment.stage[each.key].name
}
