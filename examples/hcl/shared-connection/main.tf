# Pattern: one connection in several environments. It is looked up once and assigned wherever it is needed.
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
  environments = {
    production  = ["prod-k8s", "prod-prometheus"]
    development = ["dev-k8s", "dev-prometheus"]
  }
  environment_of = merge([for stage, names in local.environments : { for name in names : name => stage }]...)
}

data "meshery_connection" "github" {
  name = "github-main"
  kind = "github"
}

data "meshery_connection" "own" {
  for_each = local.environment_of
  name     = each.key
}

resource "meshery_environment" "stage" {
  for_each = local.environments
  name     = each.key
}

resource "meshery_connection_assignment" "github" {
  for_each       = meshery_environment.stage
  environment_id = each.value.id
  connection_id  = data.meshery_connection.github.id
}

resource "meshery_connection_assignment" "own" {
  for_each       = local.environment_of
  environment_id = meshery_environment.stage[each.value].id
  connection_id  = data.meshery_connection.own[each.key].id
}
