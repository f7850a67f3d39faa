resource "meshery_workspace" "payments" {
  name        = "payments"
  description = "Everything the payments team runs"
}
