data "meshery_connections" "clusters" {
  kind   = "kubernetes"
  status = "connected"
}

output "clusters" {
  value = data.meshery_connections.clusters.connections[*].name
}
