data "meshery_environments" "all" {}

output "who_has_what" {
  value = data.meshery_environments.all.assignments
}
