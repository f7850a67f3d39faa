# Pattern: one environment per deployment stage, each bound to the workspace of the platform team.
# Connections and workspaces exist already; they are looked up by name.
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

data "meshery_workspace" "platform_team" {
  name = "platform-team"
}

data "meshery_connection" "all" {
  for_each = toset(flatten(values(local.stages)))
  name     = each.key
}

resource "meshery_environment" "stage" {
  for_each    = local.stages
  name        = each.key
  description = "The ${each.key} stage"
}

resource "meshery_connection_assignment" "all" {
  for_each       = local.assignments
  environment_id = meshery_environment.stage[each.value.stage].id
  connection_id  = data.meshery_connection.all[each.value.name].id
}

resource "meshery_workspace_binding" "platform_team" {
  for_each       = local.stages
  workspace_id   = data.meshery_workspace.platform_team.id
  environment_id = meshery_environment.stage[each.key].id
}
