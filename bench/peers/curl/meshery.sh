#!/bin/sh
# What terraform_data's provisioners call: one thing made or removed, by curl. Needs curl and jq.
# The token goes through a configuration on standard input, so that no list of processes shows it.
set -eu

call() {
  method=$1
  path=$2
  shift 2
  printf 'cookie = "token=%s; meshery-provider=%s"\n' "$MESHERY_TOKEN" "$MESHERY_PROVIDER" |
    curl --silent --show-error --fail --output - --config - --request "$method" "$@" "$MESHERY_URL$path"
}

environment_id() {
  call GET "/api/environments" --get --data-urlencode "orgId=$MESHERY_ORGANIZATION_ID" \
    --data-urlencode "search=$1" --data-urlencode "pagesize=100" |
    jq -er --arg name "$1" '[.environments[] | select(.name == $name)][0].id'
}

case $1 in
create-environment)
  body=$(jq -nc --arg name "$NAME" --arg description "$DESCRIPTION" --arg organization "$MESHERY_ORGANIZATION_ID" \
    '{name: $name, description: $description, organizationId: $organization}')
  call POST /api/environments --header 'content-type: application/json' --data "$body" >/dev/null
  ;;
delete-environment)
  id=$(environment_id "$NAME")
  call DELETE "/api/environments/$id?orgId=$MESHERY_ORGANIZATION_ID" >/dev/null
  ;;
create-assignment)
  id=$(environment_id "$ENVIRONMENT")
  call POST "/api/environments/$id/connections/$CONNECTION?orgId=$MESHERY_ORGANIZATION_ID" >/dev/null
  ;;
delete-assignment)
  id=$(environment_id "$ENVIRONMENT")
  call DELETE "/api/environments/$id/connections/$CONNECTION?orgId=$MESHERY_ORGANIZATION_ID" >/dev/null
  ;;
esac
