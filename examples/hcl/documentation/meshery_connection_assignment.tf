resource "meshery_connection_assignment" "cluster_in_production" {
  environment_name = meshery_environment.production.name
  connection_name  = "prod-gke-us-east"
}
