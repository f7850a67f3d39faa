resource "meshery_connection" "prometheus" {
  name     = "payments-prometheus"
  kind     = "prometheus"
  type     = "observability"
  sub_type = "monitoring"
  metadata = {
    url = "https://prometheus.example.com"
  }
}
