data "meshery_environments" "all" {}

output "who_has_what" {
  value = data.meshery_environments.all.assignments
}

data "meshery_environments" "production" {
  tags     = { stage = "production" }
  state    = "active"
  order_by = "name desc"
}
