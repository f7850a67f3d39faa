variable "prometheus_password" {
  type      = string
  ephemeral = true
}

resource "meshery_credential" "prometheus" {
  name = "prometheus-basic-auth"
  type = "basic"
  secret = {
    username = "meshery"
    password = var.prometheus_password
  }
  # A new password is sent when this is raised, and all connections below have it.
  secret_version = 1
}

resource "meshery_connection" "metrics" {
  for_each      = toset(["eu", "us"])
  name          = "prometheus-${each.key}"
  kind          = "prometheus"
  type          = "observability"
  credential_id = meshery_credential.prometheus.id
}
