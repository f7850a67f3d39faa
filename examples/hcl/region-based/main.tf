# Pattern: one environment per region, for data residency and short ways.
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
  regions = {
    us-east = ["gke-us-east-1", "gke-us-east-2", "prometheus-us-east"]
    eu-west = ["eks-eu-west-1", "eks-eu-west-2", "prometheus-eu-west"]
  }
  region_of = merge([for region, names in local.regions : { for name in names : name => region }]...)
}

resource "meshery_environment" "region" {
  for_each    = local.regions
  name        = each.key
  description = "Everything in ${each.key}"
}

resource "meshery_connection_assignment" "all" {
  for_each         = local.region_of
  environment_name = meshery_environment.region[each.value].name
  connection_name  = each.key
}
