resource "meshery_workspace_team" "platform" {
  workspace_name = "platform-team"
  team_name      = "platform"
}
