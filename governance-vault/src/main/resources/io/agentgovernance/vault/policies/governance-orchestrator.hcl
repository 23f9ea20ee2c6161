# The orchestrator's own token: reads what it opens stores and models with, and makes and revokes
# the tokens of agents. It cannot read what agents may.
path "secret/data/api-keys/*" {
  capabilities = ["read"]
}

path "secret/data/services/*" {
  capabilities = ["read"]
}

path "secret/data/agents/*" {
  capabilities = ["deny"]
}

path "auth/token/create/governance-t0" {
  capabilities = ["update"]
}

path "auth/token/create/governance-t1" {
  capabilities = ["update"]
}

path "auth/token/create/governance-t2" {
  capabilities = ["update"]
}

path "auth/token/create/governance-t3" {
  capabilities = ["update"]
}

path "auth/token/create/governance-t4" {
  capabilities = ["update"]
}

path "auth/token/revoke-accessor" {
  capabilities = ["update"]
}

path "auth/token/renew-self" {
  capabilities = ["update"]
}

path "auth/token/lookup-self" {
  capabilities = ["read"]
}

path "auth/token/revoke-self" {
  capabilities = ["update"]
}
