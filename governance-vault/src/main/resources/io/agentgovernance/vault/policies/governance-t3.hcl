# Trust tier T3, execute in production: what T2 may, the credentials of production, and its own notes.
path "secret/data/agents/t1/*" {
  capabilities = ["read"]
}

path "secret/data/agents/t2/*" {
  capabilities = ["read"]
}

path "secret/data/agents/t3/*" {
  capabilities = ["read"]
}

path "secret/metadata/agents/t3/*" {
  capabilities = ["list"]
}

path "secret/data/agents/own/t3/*" {
  capabilities = ["create", "read", "update"]
}
