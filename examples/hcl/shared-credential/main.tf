# Pattern: one credential for several connections. A new password is given once, and all of them have it.
#
#   export TF_VAR_prometheus_password=...
#   terraform apply
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

variable "prometheus_password" {
  type      = string
  ephemeral = true
}

resource "meshery_credential" "prometheus" {
  name = "prometheus"
  type = "basic"
  # Sent to Meshery, and in no plan and no state.
  secret = {
    username = "meshery"
    password = var.prometheus_password
  }
  # To be raised with every new password.
  secret_version = 1
}

resource "meshery_environment" "metrics" {
  name = "metrics"
}

resource "meshery_connection" "prometheus" {
  for_each      = toset(["ap", "eu", "us"])
  name          = "metrics-${each.key}"
  kind          = "prometheus"
  type          = "observability"
  credential_id = meshery_credential.prometheus.id
}

resource "meshery_connection_assignment" "prometheus" {
  for_each       = meshery_connection.prometheus
  environment_id = meshery_environment.metrics.id
  connection_id  = each.value.id
}
