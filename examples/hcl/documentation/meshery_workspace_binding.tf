data "meshery_workspace" "platform_team" {
  name = "platform-team"
}

resource "meshery_workspace_binding" "production_for_platform_team" {
  workspace_id   = data.meshery_workspace.platform_team.id
  environment_id = meshery_environment.production.id
}
