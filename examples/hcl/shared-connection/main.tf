# Pattern: one connection in several environments. Where a name is not the only one, its kind tells which is meant.
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

resource "meshery_environment" "stage" {
  for_each = local.environments
  name     = each.key
}

resource "meshery_connection_assignment" "github" {
  for_each         = meshery_environment.stage
  environment_name = each.value.name
  connection_name  = "github-main"
  connection_kind  = "github"
}

resource "meshery_connection_assignment" "own" {
  for_each         = local.environment_of
  environment_name = meshery_environment.stage[each.value].name
  connection_name  = each.key
}
