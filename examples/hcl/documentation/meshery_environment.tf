resource "meshery_environment" "production" {
  name        = "production"
  description = "Customers are here"
}
