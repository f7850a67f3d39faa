resource "meshery_environment" "production" {
  name        = "production"
  description = "Customers are here"
  tags        = { stage = "production", region = "us-east" }
}
