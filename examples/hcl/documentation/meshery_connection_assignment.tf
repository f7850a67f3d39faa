data "meshery_connection" "cluster" {
  name = "prod-gke-us-east"
}

resource "meshery_connection_assignment" "cluster_in_production" {
  environment_id = meshery_environment.production.id
  connection_id  = data.meshery_connection.cluster.id
}
