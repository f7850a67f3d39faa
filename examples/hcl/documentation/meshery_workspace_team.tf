resource "meshery_workspace_team" "developers_in_platform_team" {
  workspace_name = "platform-team"
  team_name      = "developers"
}
