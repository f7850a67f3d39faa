resource "meshery_workspace_binding" "production_for_platform_team" {
  workspace_name   = "platform-team"
  environment_name = meshery_environment.production.name
}
